"""The table of weights as a document: how much each level of each field tells for or against one person."""

from collections.abc import Mapping
from typing import Any

from libs.events.record import Record
from services.duplicates.likeness import LEVELS


class Household(Record):
    """Where the names are on one of these levels, these fields together tell no more than `most` bits."""

    names: frozenset[str]
    fields: frozenset[str]
    most: float


class Likely(Record):
    """From which sum on two persons are likely to be one: put side by side, and found by a search among many."""

    pair: float
    search: float


class Weights(Record):
    """Bits for each level of each field."""

    version: str
    likely: Likely
    household: Household
    fields: dict[str, dict[str, float]]


def parse(document: Mapping[str, Any]) -> Weights:
    """The weights in a document; raises ValueError with the path to what is wrong in it."""
    weights = Weights.model_validate(document)
    if unlike := {*weights.fields} ^ {*LEVELS}:
        raise ValueError(f"fields: {', '.join(sorted(unlike))}: the fields must be {', '.join(LEVELS)}")
    for field, levels in LEVELS.items():
        given = weights.fields[field]
        if unlike := {*given} ^ {*levels}:
            raise ValueError(f"fields.{field}: {', '.join(sorted(unlike))}: the levels must be {', '.join(levels)}")
    for place, given_names, known in (
        ("names", weights.household.names, {*LEVELS["name"]}),
        ("fields", weights.household.fields, {*LEVELS}),
    ):
        if unknown := given_names - known:
            raise ValueError(f"household.{place}: {', '.join(sorted(unknown))}: must be of {', '.join(sorted(known))}")
    return weights
