"""A risk profile: points of each factor, aggregated by factor and category, and the band of their sum."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from libs.events.models import RiskBand, RiskLevel
from libs.scoring.adding import Sums, Value, level, shares
from services.risk.catalogue import Catalogue
from services.risk.factors import Factor
from services.risk.reading import read_parts
from services.risk.scoring import Band, Points

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


def _told(bands: Sequence[Band]) -> list[RiskBand]:
    """The bands as evidence; the first has no start."""
    return [
        RiskBand(level=RiskLevel(band.level), start=band.start if number else None) for number, band in enumerate(bands)
    ]


class Profile:
    """A risk profile under a name; its version is the hash of its text. Raises InvalidProfile.

    `bands` and `sums` are what the points are added up by.
    """

    def __init__(self, name: str, document: Any, sha256: str, catalogue: Catalogue) -> None:
        self._parts = read_parts(name, document, catalogue)
        self._personal = {factor for factor in self._parts.factors if catalogue.is_personal(factor)}
        self._levels = [band.level for band in self._parts.bands]
        self._starts = [band.start for band in self._parts.bands[1:]]
        self.bands = _told(self._parts.bands)
        self.sums = Sums(
            [category for category, sums in self._parts.categories.items() if sums],
            [factor for factor, how in self._parts.factors.items() if how.sums],
        )
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
        values = [Value(one.factor, one.category, one.points, one.overridden) for one in scored]
        told = [one._replace(added=share) for one, share in zip(scored, shares(values, self.sums), strict=True)]
        categories = {
            category: sum(one.added for one in told if one.category == category) for category in self._parts.categories
        }
        score = sum(categories.values())
        return Assessment(score, level(score, self._levels, self._starts), categories, told)

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
