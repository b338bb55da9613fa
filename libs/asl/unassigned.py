"""Variables that a state reads and no state assigns."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from libs.asl.assign import assigned_names
from libs.asl.fields import JSONATA
from libs.asl.graph import Graph, Node
from libs.asl.jsonata import variables_read
from libs.asl.problems import Problem, did_you_mean

_MACHINES = ("Branches", "ItemProcessor", "Iterator")
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'")
_VARIABLE = re.compile(r"(?<!\$)\$([^\W\d]\w*)")


def unassigned(definition: Any, graph: Graph) -> Iterator[Problem]:
    """A warning for each reading. Whether a state that assigns was passed by then is not looked at."""
    language = definition.get("QueryLanguage") if isinstance(definition, Mapping) else None
    return _in_machine(graph, set(), language)


def _in_machine(graph: Graph, around: set[str], language: Any) -> Iterator[Problem]:
    known = around.union(*(assigned_names(node.document) for node in graph.nodes.values()))
    for node in graph.nodes.values():
        is_jsonata = node.document.get("QueryLanguage", language) == JSONATA
        for name, value in node.document.items():
            if name not in _MACHINES:
                yield from _unknown(name, value, f"{node.path}.{name}", known, is_jsonata)
        for inner in node.inner:
            yield from _in_machine(inner, set() if _is_distributed(node) else known, language)


def _is_distributed(node: Node) -> bool:
    """Its items are executions of their own, which see no variables but theirs."""
    processor = node.document.get("ItemProcessor")
    config = processor.get("ProcessorConfig") if isinstance(processor, Mapping) else None
    return isinstance(config, Mapping) and config.get("Mode") == "DISTRIBUTED"


def _unknown(name: str, value: Any, path: str, known: set[str], is_jsonata: bool) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        for inner_name, inner in value.items():
            yield from _unknown(inner_name, inner, f"{path}.{inner_name}", known, is_jsonata)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unknown(name, inner, f"{path}[{index}]", known, is_jsonata)
    elif isinstance(value, str):
        for read in sorted(_read(name, value, is_jsonata) - known):
            yield Problem(path, f'"${read}" is a variable that no state assigns{did_you_mean(read, known)}')


def _read(name: str, text: str, is_jsonata: bool) -> set[str]:
    if is_jsonata:
        return variables_read(text) if text.startswith("{%") and text.endswith("%}") else set()
    if name.endswith((".$", "Path")) or name == "Variable":
        return set(_VARIABLE.findall(_QUOTED.sub("", text)))
    return set()
