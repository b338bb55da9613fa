"""A profile read from its document; whatever is wrong with it is refused with its place."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.risk.catalogue import Catalogue, Kind, Known
from services.risk.scoring import Band, Factor, Lookup, Points, Ranges

LEVELS = ("LOW", "MEDIUM", "HIGH", "UNACCEPTABLE")
AGGREGATES = ("max", "sum")


class InvalidProfile(ValueError):
    """A profile that cannot be used; `problems` has a line for each, with its place."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__("\n".join(f"{name}: {problem}" for problem in problems))
        self.problems = tuple(problems)


class Parts(NamedTuple):
    """What a profile is made of; `categories` tells which add up their factors."""

    bands: tuple[Band, ...]
    categories: Mapping[str, bool]
    factors: Mapping[str, Factor]


def read_parts(name: str, document: Any, catalogue: Catalogue) -> Parts:
    """The parts of a profile; raises InvalidProfile with all that is wrong."""
    reading = _Reading(catalogue)
    parts = reading.parts(document)
    if reading.problems:
        raise InvalidProfile(name, reading.problems)
    return parts


class _Reading:
    def __init__(self, catalogue: Catalogue) -> None:
        self.problems: list[str] = []
        self._catalogue = catalogue

    def parts(self, document: Any) -> Parts:
        document = self._mapping(document, "", ("bands", "categories", "factors"))
        categories = self._mapping(document.get("categories"), "categories")
        for name, how in categories.items():
            self._among(how, AGGREGATES, f"categories.{name}")
        factors = self._mapping(document.get("factors"), "factors")
        read = {name: self._factor(name, row, categories) for name, row in factors.items()}
        for name in categories.keys() - {factor.category for factor in read.values()}:
            self._problem(f"categories.{name}", "no factor is of this category")
        return Parts(
            self._bands(document.get("bands")),
            {name: how == "sum" for name, how in categories.items()},
            read,
        )

    def _bands(self, rows: Any) -> tuple[Band, ...]:
        found = self._ranges(rows, "bands", ("level", "means"), lambda row, place: Band(row.get("level", ""), 0))
        levels = [band.level for band in found[1]]
        for number, level in enumerate(levels):
            self._among(level, LEVELS, f"bands[{number}].level")
        if sorted(levels, key=lambda level: LEVELS.index(level) if level in LEVELS else 0) != levels:
            self._problem("bands", f"levels rise with the score: {', '.join(LEVELS)}")
        if len(set(levels)) < len(levels):
            self._problem("bands", "a level stands here twice")
        starts = (-math.inf, *found[0])
        return tuple(band._replace(start=start) for band, start in zip(found[1], starts, strict=False))

    def _factor(self, name: str, row: Any, categories: Mapping[str, Any]) -> Factor:
        place = f"factors.{name}"
        known = self._known(name, place)
        row = self._mapping(row, place, ("category", "aggregate", "ranges", "lookup", "otherwise"))
        if row.get("category") not in categories:
            self._problem(f"{place}.category", f'"{row.get("category")}" is none of the categories')
        self._among(row.get("aggregate", "max"), AGGREGATES, f"{place}.aggregate")
        scores = self._number(row, place) if known and known.kind is Kind.NUMBER else self._word(row, place, known)
        return Factor(str(row.get("category")), row.get("aggregate") == "sum", scores)

    def _known(self, name: str, place: str) -> Known | None:
        if name in self._catalogue.unavailable:
            self._problem(place, f"this factor cannot be had: {self._catalogue.unavailable[name]}")
        elif name not in self._catalogue.known:
            self._problem(place, "there is no such factor; factors.yaml has them all")
        return self._catalogue.known.get(name)

    def _number(self, row: Mapping[str, Any], place: str) -> Ranges:
        for other in {"lookup", "otherwise"} & row.keys():
            self._problem(f"{place}.{other}", "this factor is a number: it is scored by ranges")
        starts, rows = self._ranges(row.get("ranges"), f"{place}.ranges", ("points", "why", "shown"), self._points)
        return Ranges(starts, rows)

    def _word(self, row: Mapping[str, Any], place: str, known: Known | None) -> Lookup:
        if "ranges" in row:
            self._problem(f"{place}.ranges", "this factor is a word: it is scored by a lookup")
        personal = known is not None and known.personal
        words = self._mapping(row.get("lookup"), f"{place}.lookup")
        rows = {}
        for number, (word, points) in enumerate(words.items()):
            where = f"{place}.lookup[{number}]" if personal else f"{place}.lookup.{word}"
            rows[str(word).upper()] = self._points(self._mapping(points, where, ("points", "why", "shown")), where)
        otherwise = row.get("otherwise")
        where = f"{place}.otherwise"
        rest = self._points(self._mapping(otherwise, where, ("points", "why", "shown")), where) if otherwise else None
        if known is not None and known.words:
            self._closed(rows, rest, known.words, f"{place}.lookup")
        return Lookup(rows, rest)

    def _closed(self, rows: Mapping[str, Points], otherwise: Points | None, words: Sequence[str], place: str) -> None:
        for word in rows.keys() - set(words):
            self._problem(f"{place}.{word}", f"this factor is never that; it is one of {', '.join(words)}")
        missing = [word for word in words if word not in rows]
        if missing and otherwise is None:
            self._problem(place, f'a gap: nothing for {", ".join(missing)}, and no "otherwise"')

    def _ranges(
        self, rows: Any, place: str, more: Sequence[str], make: Callable[[Mapping[str, Any], str], Any]
    ) -> tuple[tuple[float, ...], tuple[Any, ...]]:
        """Where all ranges but the first begin, and what each stands for."""
        if not isinstance(rows, list) or not rows:
            self._problem(place, "a list of ranges is needed")
            return (), ()
        read = [self._mapping(row, f"{place}[{number}]", ("from", "to", *more)) for number, row in enumerate(rows)]
        for problem_place, problem in _misfits(read, place):
            self._problem(problem_place, problem)
        starts = tuple(_bound(row, "from", -math.inf) for row in read[1:])
        return starts, tuple(make(row, f"{place}[{number}]") for number, row in enumerate(read))

    def _points(self, row: Mapping[str, Any], place: str) -> Points:
        points = row.get("points")
        if not isinstance(points, int) or isinstance(points, bool) or points < 0:
            self._problem(f"{place}.points", f"points are a whole number from 0 on, not {points!r}")
            points = 0
        return Points(points, place, str(row.get("why", "")), row.get("shown"))

    def _mapping(self, value: Any, place: str, names: Sequence[str] | None = None) -> Mapping[Any, Any]:
        if not isinstance(value, Mapping):
            self._problem(place, "a table of names is needed")
            return {}
        for name in value:
            if names is not None and name not in names:
                self._problem(f"{place}.{name}".lstrip("."), f"there is no such entry; there are {', '.join(names)}")
        return value

    def _among(self, value: Any, words: Sequence[str], place: str) -> None:
        if value not in words:
            self._problem(place, f'"{value}" is none of {", ".join(words)}')

    def _problem(self, place: str, what: str) -> None:
        self.problems.append(f"{place}: {what}" if place else what)


def _misfits(rows: Sequence[Mapping[str, Any]], place: str) -> Iterator[tuple[str, str]]:
    """Where half-open ranges, in their order, leave a number out or hold one twice."""
    for number, row in enumerate(rows):
        at = f"{place}[{number}]"
        for name in ("from", "to"):
            if name in row and (isinstance(row[name], bool) or not isinstance(row[name], int | float)):
                yield f"{at}.{name}", f"a number is needed, not {row[name]!r}"
                return
        low, high = _bound(row, "from", -math.inf), _bound(row, "to", math.inf)
        if low >= high:
            yield at, f"it holds no number: from {low:g} to before {high:g}"
        if number == 0 and low != -math.inf:
            yield f"{at}.from", f"a gap: nothing holds what is below {low:g}; the first range has no `from`"
        if number == len(rows) - 1 and high != math.inf:
            yield f"{at}.to", f"a gap: nothing holds {high:g} and more; the last range has no `to`"
        if number:
            before = _bound(rows[number - 1], "to", math.inf)
            if low > before:
                yield f"{at}.from", f"a gap: nothing holds {before:g} to before {low:g}"
            elif low < before:
                yield f"{at}.from", f"an overlap: {low:g} to before {min(before, high):g} is in the range before, too"


def _bound(row: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = row.get(name, otherwise)
    return value if isinstance(value, int | float) else otherwise
