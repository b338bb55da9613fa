"""What a factor's value is worth: a range that holds its number, or a look-up of its word."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple


class Points(NamedTuple):
    """A row of a profile: its points, its place in the document, why, and what is told in place of the value."""

    points: int
    place: str
    why: str = ""
    shown: str | None = None


class Ranges(NamedTuple):
    """Half-open ranges that hold every number: `starts` are where all but the first begin."""

    starts: tuple[float, ...]
    rows: tuple[Points, ...]

    def of(self, value: str, number: float | None) -> Points | None:
        """The row of a number; None for what is none."""
        return None if number is None else self.rows[bisect_right(self.starts, number)]


class Lookup(NamedTuple):
    """Points by word, and for every other word, where there are any."""

    rows: Mapping[str, Points]
    otherwise: Points | None

    def of(self, value: str, number: float | None) -> Points | None:
        """The row of a word, whatever its case; None where the profile does not score it."""
        return self.rows.get(value.strip().upper(), self.otherwise)


class Band(NamedTuple):
    """A level, from which score on."""

    level: str
    start: float


class Factor(NamedTuple):
    """How a profile scores one factor."""

    category: str
    sums: bool
    scores: Ranges | Lookup
