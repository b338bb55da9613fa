"""Profiles from their YAML."""

import hashlib
from typing import Any

import yaml

from services.risk.catalogue import Catalogue
from services.risk.profile import Profile
from services.risk.reading import InvalidProfile


def load_profile(name: str, text: str, catalogue: Catalogue) -> Profile:
    """The profile in a text, its version the hash of that; raises InvalidProfile."""
    try:
        document = yaml.load(text, _Once)
    except yaml.YAMLError as error:
        raise InvalidProfile(name, [" ".join(str(error).split())]) from None
    return Profile(name, document, hashlib.sha256(text.encode()).hexdigest(), catalogue)


class _Once(yaml.SafeLoader):
    """YAML in which no key stands twice: the second would take the place of the first, unnoticed."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f'"{key.value}" stands here twice', problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)
