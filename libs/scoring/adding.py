"""Points of factors added up to a score, and the level that it stands for.

Of a factor with several values the highest counts, or all; so do the factors of a category. The categories make the
score.
"""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import NamedTuple


class Value(NamedTuple):
    """A value of a factor and its points; `overridden`: they are a person's, for the factor whatever its values."""

    factor: str
    category: str
    points: int
    overridden: bool = False


class Sums(NamedTuple):
    """The categories and the factors all of whose parts add up."""

    categories: Collection[str]
    factors: Collection[str]


def shares(values: Sequence[Value], sums: Sums) -> list[int]:
    """What each value adds to the score; the score is their sum."""
    told = [0] * len(values)
    for category in dict.fromkeys(one.category for one in values):
        names = dict.fromkeys(one.factor for one in values if one.category == category)
        by_factor = {name: _within(name, values, sums.factors) for name in names}
        totals = {name: sum(added.values()) for name, added in by_factor.items()}
        highest = max(totals, key=lambda name: totals[name])
        for name, added in by_factor.items():
            if category in sums.categories or name == highest:
                for number, points in added.items():
                    told[number] = points
    return told


def level(score: int, levels: Sequence[str], starts: Sequence[float]) -> str:
    """The level of a score; `starts` are the lowest scores of all levels but the first."""
    return levels[bisect_right(starts, score)]


def _within(name: str, values: Sequence[Value], summed: Collection[str]) -> dict[int, int]:
    """What each value of a factor adds to that factor, by its number."""
    points = {number: one.points for number, one in enumerate(values) if one.factor == name}
    overridden = any(one.overridden for one in values if one.factor == name)
    if name in summed and not overridden:
        return points
    highest = max(points, key=lambda number: points[number])
    return {highest: points[highest]}
