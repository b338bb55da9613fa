"""A risk profile in GoRules' JDM format: points of each factor, a sum or maximum by category, bands of the score."""

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import zen

from services.risk.factors import Factor

VERSION_DIGITS = 12
REMEMBERED = 10_000
# The nodes of a profile, by their ids in the document.
POINTS = "points"
# The row for whatever the profile does not know.
NOT_SCORED = "not-scored"


class Scored(NamedTuple):
    """A factor with the row of the profile that gave it its points."""

    factor: str
    value: str
    category: str
    points: int
    rule: str


class Assessment(NamedTuple):
    """What a profile makes of the factors; `categories` are the points by category, which make the score."""

    score: int
    level: str
    categories: dict[str, int]
    scored: list[Scored]


class Profile:
    """A risk profile under a name; its version is the hash of the document."""

    def __init__(self, name: str, document: str, engine: zen.ZenEngine) -> None:
        self.version = f"{name}@{hashlib.sha256(document.encode()).hexdigest()[:VERSION_DIGITS]}"
        self._decision = engine.create_decision(document)
        # Many people have the same factors, and the same factors have the same assessment.
        self._known = lru_cache(REMEMBERED)(self._assess)

    def assess(self, factors: Iterable[Factor]) -> Assessment:
        """The assessment of the factors, not to be changed; the case of their values does not matter."""
        return self._known(tuple(factors))

    def _assess(self, factors: tuple[Factor, ...]) -> Assessment:
        asked = [
            {"factor": one.name, "value": one.value.upper(), "number": one.number, "shown": one.value}
            for one in factors
        ]
        answer = self._decision.evaluate({"factors": asked}, {"trace": True})
        result, fired = answer["result"], answer["trace"][POINTS]["traceData"]
        rows = [_scored(points, one["rule"]["_id"]) for points, one in zip(result[POINTS], fired or [], strict=True)]
        categories = {one["name"]: int(one["points"]) for one in result["categories"]}
        known = [row for row in rows if row.rule != NOT_SCORED]
        return Assessment(int(result["score"]), result["level"], categories, known)


def _scored(points: dict[str, Any], rule: str) -> Scored:
    return Scored(points["factor"], points["shown"], points["category"], int(points["points"]), rule)
