"""A risk profile: points of each factor, aggregated by factor and category, and the band of their sum."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from services.risk.catalogue import Catalogue
from services.risk.factors import Factor
from services.risk.reading import read_parts
from services.risk.scoring import Points

VERSION_DIGITS = 12
REMEMBERED = 10_000


class Scored(NamedTuple):
    """A factor with the row that scored it; `points` are what counts, `added` what they add to the score.

    `overridden`: the points are a person's, in place of the row's.
    """

    factor: str
    value: str
    category: str
    points: int
    row: Points
    overridden: bool
    added: int = 0


class Assessment(NamedTuple):
    """What a profile makes of the factors; `categories` are the points by category, which make the score."""

    score: int
    level: str
    categories: dict[str, int]
    scored: list[Scored]


class Profile:
    """A risk profile under a name; its version is the hash of its text. Raises InvalidProfile."""

    def __init__(self, name: str, document: Any, sha256: str, catalogue: Catalogue) -> None:
        self._parts = read_parts(name, document, catalogue)
        self._personal = {factor for factor in self._parts.factors if catalogue.is_personal(factor)}
        self._starts = [band.start for band in self._parts.bands[1:]]
        self.name = name
        self.sha256 = sha256
        self.version = f"{name}@{self.sha256[:VERSION_DIGITS]}"
        # Many people have the same factors, and the same factors have the same assessment.
        self._known = lru_cache(REMEMBERED)(self._assess)

    def assess(self, factors: Iterable[Factor], overrides: Mapping[str, int] | None = None) -> Assessment:
        """The assessment of the factors, not to be changed; `overrides` are points by name of a factor."""
        return self._known(tuple(factors), tuple(sorted((overrides or {}).items())))

    def _assess(self, factors: tuple[Factor, ...], overrides: tuple[tuple[str, int], ...]) -> Assessment:
        given = dict(overrides)
        scored = [one for factor in factors if (one := self._scored(factor, given)) is not None]
        told = self._with_shares(scored)
        categories = {
            category: sum(one.added for one in told if one.category == category) for category in self._parts.categories
        }
        score = sum(categories.values())
        return Assessment(score, self._parts.bands[bisect_right(self._starts, score)].level, categories, told)

    def _scored(self, factor: Factor, overrides: Mapping[str, int]) -> Scored | None:
        how = self._parts.factors.get(factor.name)
        row = how.scores.of(factor.value, factor.number) if how is not None else None
        if how is None or row is None:
            return None
        overridden = factor.name in overrides
        points = overrides[factor.name] if overridden else row.points
        return Scored(factor.name, self._shown(factor, row), how.category, points, row, overridden)

    def _shown(self, factor: Factor, row: Points) -> str:
        if row.shown is not None:
            return row.shown
        return row.why or "as listed" if factor.name in self._personal else factor.value

    def _with_shares(self, scored: list[Scored]) -> list[Scored]:
        """Each with what it adds: first within its factor, then of the factors within their category."""
        shares = [0] * len(scored)
        for category, sums in self._parts.categories.items():
            names = dict.fromkeys(one.factor for one in scored if one.category == category)
            by_factor = {name: self._within(name, scored) for name in names}
            totals = {name: sum(added.values()) for name, added in by_factor.items()}
            highest = max(totals, key=lambda name: totals[name], default="")
            for name, added in by_factor.items():
                if sums or name == highest:
                    for number, points in added.items():
                        shares[number] = points
        return [one._replace(added=share) for one, share in zip(scored, shares, strict=True)]

    def _within(self, name: str, scored: list[Scored]) -> dict[int, int]:
        """What each value of a factor adds to that factor, by its number."""
        points = {number: one.points for number, one in enumerate(scored) if one.factor == name}
        overridden = any(one.overridden for one in scored if one.factor == name)
        if self._parts.factors[name].sums and not overridden:
            return points
        highest = max(points, key=lambda number: points[number])
        return {highest: points[highest]}
