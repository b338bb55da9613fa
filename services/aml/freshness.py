"""How old a list may be: a document that a compliance officer owns."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from libs.events.record import Record

SHIPPED = Path(__file__).parent / "policies" / "lists.yaml"


class ListPolicy(Record):
    """`list_max_age`, ISO 8601, e.g. P2D: from when its source last confirmed a list; none where null."""

    list_max_age: Annotated[timedelta, Field(gt=timedelta(0))] | None = None


class Freshness(Record):
    """The policy of each list by its id; one that is not named may be of any age."""

    version: str
    lists: dict[str, ListPolicy] = Field(default_factory=dict)

    def stale(self, ages: Mapping[str, int]) -> str:
        """Which lists are too old or not there, with their age in seconds and what is allowed; empty if none is."""
        bounds = {id: one.list_max_age for id, one in self.lists.items() if one.list_max_age is not None}
        return "; ".join(
            f"{id} is {_told(ages.get(id))}, list_max_age is {bound}"
            for id, bound in bounds.items()
            if id not in ages or ages[id] > bound.total_seconds()
        )


def read(path: Path = SHIPPED) -> Freshness:
    """The policy of a document; raises ValueError with the place of what is wrong."""
    try:
        return Freshness.model_validate(yaml.safe_load(path.read_bytes()))
    except (ValidationError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: {error}") from None


def age(confirmed: datetime, now: datetime) -> int:
    """Seconds since a list was confirmed; one from the future is new."""
    return max(0, int((now - confirmed).total_seconds()))


def _told(seconds: int | None) -> str:
    return "not loaded" if seconds is None else f"{timedelta(seconds=seconds)} old"
