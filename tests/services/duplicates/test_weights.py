from typing import Any

import pytest
import yaml

from services.duplicates.likeness import LEVELS
from services.duplicates.policy import WEIGHTS, policy
from services.duplicates.weights import parse


def test_the_closer_a_level_the_more_it_is_worth() -> None:
    weights, version = policy()
    for field, levels in LEVELS.items():
        ordered = [weights.fields[field][level] for level in levels if level != "vague"]
        assert ordered == sorted(ordered, reverse=True), field
    assert version.version == weights.version


def test_a_name_alone_does_not_outweigh_another_date_of_birth() -> None:
    weights, _ = policy()
    assert weights.fields["name"]["same"] + weights.fields["dateOfBirth"]["different"] < weights.likely.pair


def test_a_table_that_lacks_a_level_is_refused_with_its_place() -> None:
    document: dict[str, Any] = yaml.safe_load(WEIGHTS.read_text())
    del document["fields"]["phone"]["slip"]
    with pytest.raises(ValueError, match=r"fields\.phone: slip: the levels must be same, slip, different"):
        parse(document)


def test_a_household_of_what_is_not_there_is_refused_with_its_place() -> None:
    document: dict[str, Any] = yaml.safe_load(WEIGHTS.read_text())
    document["household"]["fields"] = ["adress"]
    with pytest.raises(ValueError, match=r"household\.fields: adress: must be of address, "):
        parse(document)
