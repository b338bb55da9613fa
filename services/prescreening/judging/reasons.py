"""Reasons in words: for each code what staff read, what the applicant may be told, and how much it weighs."""

import csv
from collections.abc import Iterable, Mapping
from typing import NamedTuple

COLUMNS = ("code", "weight", "staff", "applicant")


class Wording(NamedTuple):
    """A line of the table; `staff` and `applicant` are sentences, with {value}, {unit} and {wouldPass} in staff's."""

    weight: int
    staff: str
    applicant: str


class Reasons:
    """The table of reasons."""

    def __init__(self, wordings: Mapping[str, Wording]) -> None:
        self._wordings = wordings

    def __contains__(self, code: str) -> bool:
        return code in self._wordings

    def with_those(self, others: "Reasons") -> "Reasons":
        """Both together; raises ValueError for a code that stands in both."""
        if twice := self._wordings.keys() & others._wordings.keys():
            raise ValueError(f'"{min(twice)}" stands in another file, too')
        return Reasons({**self._wordings, **others._wordings})

    def weight(self, code: str) -> int:
        """How much a reason weighs; one that is not of this table comes last."""
        known = self._wordings.get(code)
        return known.weight if known else 0

    def words(self, code: str, value: str | None, unit: str, would_pass: str) -> tuple[str, str]:
        """A reason for staff, with the figure that gave it, and for the applicant; raises KeyError for no code."""
        wording = self._wordings[code]
        shown = "not known" if value is None else value
        return wording.staff.format(value=shown, unit=unit, wouldPass=would_pass), wording.applicant

    def told(self, code: str) -> str | None:
        """What the applicant may be told of a code; None where there is no such code."""
        known = self._wordings.get(code)
        return known.applicant if known else None


def read(lines: Iterable[str]) -> Reasons:
    """The reasons of a CSV file; raises ValueError with the line of what is wrong in it."""
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ValueError(f"line 1: the columns are to be {', '.join(COLUMNS)}")
    found: dict[str, Wording] = {}
    for row in rows:
        place = f"line {rows.line_num}"
        if row["code"] in found:
            raise ValueError(f'{place}: "{row["code"]}" stands here twice')
        found[row["code"]] = _wording(place, row)
    return Reasons(found)


def _wording(place: str, row: Mapping[str, str | None]) -> Wording:
    weight, staff, applicant = (row[name] or "" for name in COLUMNS[1:])
    if not weight.isdecimal():
        raise ValueError(f"{place}: weight is no whole number")
    if not (staff and applicant):
        raise ValueError(f"{place}: a reason has words for both, staff and applicant")
    try:
        staff.format(value="", unit="", wouldPass="")
        applicant.format()
    except (KeyError, IndexError, ValueError):
        raise ValueError(f"{place}: only staff's words have figures: {{value}}, {{unit}} and {{wouldPass}}") from None
    return Wording(int(weight), staff, applicant)
