"""Whether the figures of statements add up: within a year, and from one file to the next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from libs.events.record import Record
from services.prescreening.accounts.form import Accounts, Year

SUM, COMPARATIVE, CONTRADICTION = "ACCOUNTS_DO_NOT_ADD_UP", "COMPARATIVE_DIFFERS", "FIGURE_TWICE_DIFFERENT"
ZERO = Decimal(0)


class Equation(Record):
    """A total and its parts, each added or taken away; asked where all but the `optional` ones are told."""

    total: str
    parts: dict[str, Literal[1, -1]] = Field(min_length=1)
    optional: tuple[str, ...] = ()

    def difference(self, year: Year) -> tuple[Decimal, Decimal] | None:
        """The total as told and as its parts give it; None where they agree, or where it cannot be told."""
        items = year.items
        needed = {self.total, *self.parts} - {*self.optional}
        if not needed <= items.keys():
            return None
        given = sum((items.get(name, ZERO) * sign for name, sign in self.parts.items()), ZERO)
        # Each of the figures is rounded on its own.
        allowed = year.rounding * (len(self.parts) + 1) / 2
        return (items[self.total], given) if abs(items[self.total] - given) > allowed else None


class Wrong(NamedTuple):
    """Something that does not add up, with the figures."""

    code: str
    told: str
    file: str


def within(accounts: Accounts, equations: Sequence[Equation]) -> Iterator[Wrong]:
    """What is wrong within one file."""
    for told in accounts.contradictions:
        yield Wrong(CONTRADICTION, told, accounts.file)
    for year in accounts.years:
        for equation in equations:
            if (found := equation.difference(year)) is not None:
                said, given = found
                parts = " ".join(f"{'+' if sign > 0 else '−'} {name}" for name, sign in equation.parts.items())
                told = f"{year.ends}: {equation.total} is {said:f}, {parts.removeprefix('+ ')} give {given:f}"
                yield Wrong(SUM, told, accounts.file)


def between(several: Sequence[Accounts]) -> Iterator[Wrong]:
    """What two files tell differently of one year: its figures, and the comparatives beside those of a later one."""
    for at, one in enumerate(several):
        for other in several[at + 1 :]:
            theirs = {year.ends: year for year in other.years}
            for year in one.years:
                if year.ends in theirs:
                    yield from _differing(year, theirs[year.ends], other.file)


def _differing(one: Year, other: Year, file: str) -> Iterator[Wrong]:
    allowed = max(one.rounding, other.rounding)
    for item in sorted(one.items.keys() & other.items.keys()):
        if abs(one.items[item] - other.items[item]) > allowed:
            told = f"{item} of {one.ends} is {one.items[item]:f} in one file and {other.items[item]:f} in another"
            yield Wrong(COMPARATIVE, told, file)


def merged(several: Iterable[Accounts]) -> list[Year]:
    """Every year once, the latest first; what the later file tells of a year counts, the rest is added."""
    found: dict[date, Year] = {}
    ordered = sorted(several, key=lambda one: one.years[0].ends if one.years else date.min)
    for accounts in ordered:
        for year in accounts.years:
            items: Mapping[str, Decimal] = found[year.ends].items if year.ends in found else {}
            found[year.ends] = year._replace(items={**items, **year.items})
    return [found[day] for day in sorted(found, reverse=True)]
