"""Lists with a row for each name of an entry: the UK's two in CSV, and Australia's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.aml.facts import PERSON, countries, day_first, unique
from services.aml.xml import Broken

_NUMBERED = re.compile(r"\(\d+\)|;")
_DATE = re.compile(r"(circa |c\. ?)?((?:(?:\d{1,2}|dd|00)[/.-]){0,2}\d{4})", re.IGNORECASE)
# How many lines may stand before the columns' names.
TITLES = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a list, by their names in lower case; `weak` is what the quality of a weak alias says."""

    prefix: str
    id: str
    names: tuple[str, ...]
    original: str
    kind: str
    name_type: str
    primary: str
    quality: str
    weak: tuple[str, ...]
    born: str
    nationality: str
    gender: str
    identifiers: tuple[str, ...]
    address: tuple[str, ...]
    programme: str
    listed: str
    remarks: tuple[str, ...]
    # What of the id the names of one entry have in common.
    entry: re.Pattern[str] = re.compile(r".+")


_UK_NAMES = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")
LAYOUTS = {
    "uk-csv": Layout(
        "uk", "unique id", _UK_NAMES, "name non-latin script", "designation type", "name type", "primary name",
        "alias strength", ("low quality a.k.a", "low"), "d.o.b", "nationality(/ies)", "gender",
        ("passport number", "national identifier number"),
        (*(f"address line {number}" for number in range(1, 7)), "address postal code", "address country"),
        "regime name", "date designated", ("other information", "uk statement of reasons"),
    ),
    "ofsi": Layout(
        "ofsi", "group id", _UK_NAMES, "name non-latin script", "group type", "alias type", "primary name",
        "alias quality", ("low",), "dob", "nationality", "gender",
        ("passport number", "national identification number"),
        (*(f"address {number}" for number in range(1, 7)), "post/zip code", "country"),
        "regime", "listed on", ("other information",),
    ),
    "dfat": Layout(
        "dfat", "reference", ("name of individual or entity",), "", "type", "name type", "primary name",
        "alias strength", ("weak",), "date of birth", "citizenship", "", ("imo number",), ("address",),
        "committees", "control date", ("additional information", "listing information"), re.compile(r"\d+"),
    ),
}  # fmt: skip


def layout_of(rows: Iterable[Sequence[str]]) -> str | None:
    """Which list rows are the beginning of; None where they are of none."""
    for row, _ in zip(rows, range(TITLES), strict=False):
        columns = {cell.strip().casefold() for cell in row}
        for name, layout in LAYOUTS.items():
            if {layout.id, *layout.names, layout.kind, layout.name_type} <= columns:
                return name
    return None


def entries(rows: Iterable[Sequence[str]], layout: Layout) -> Iterator[dict[str, Any]]:
    """The entries of a list, in the order of their first rows; raises Broken with the number of the row."""
    columns: list[str] = []
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, row in enumerate(rows, 1):
        cells = [" ".join(cell.split()) for cell in row]
        if not columns:
            columns = [cell.casefold() for cell in cells] if layout_of([row]) else []
        elif any(cells):
            if len(cells) > len(columns):
                raise Broken(f"row {number}: has {len(cells)} cells, there are {len(columns)} columns")
            values = dict(zip(columns, cells, strict=False))
            if not (shared := layout.entry.match(values.get(layout.id, ""))):
                raise Broken(f"row {number}: {layout.id!r} is {values.get(layout.id, '')[:100]!r}")
            groups.setdefault(shared[0], []).append((number, values))
    for id, group in groups.items():
        yield _facts(id, group, layout)


def _facts(id: str, group: Sequence[tuple[int, dict[str, str]]], layout: Layout) -> dict[str, Any]:
    rows = [row for _, row in group]
    named = [row for row in rows if _whole(row, layout)]
    if not named:
        raise Broken(f"row {group[0][0]}: has no name")
    first = next((row for row in named if row.get(layout.name_type, "").casefold() == layout.primary), named[0])
    kind = first.get(layout.kind, "").casefold()
    person = kind == "individual"

    def parts(*columns: str) -> list[str]:
        return unique(part.strip() for row in rows for name in columns for part in _split(row.get(name, "")))

    genders = [gender.casefold() for gender in parts(layout.gender)]
    return {
        "id": f"{layout.prefix}-{id}",
        "schema": PERSON if person else "Vessel" if kind in ("ship", "vessel") else "Organization",
        "name": _whole(first, layout),
        "familyName": first.get("name 6", "") if person else "",
        "aliases": [
            *({"name": _whole(row, layout), "quality": _quality(row, layout)} for row in named if row is not first),
            *({"name": name, "quality": "strong"} for name in unique(row.get(layout.original, "") for row in rows)),
        ],
        "datesOfBirth": unique(date for text in parts(layout.born) for date in _dates(text)),
        "countries": countries(parts(layout.nationality)),
        "gender": next((gender for gender in genders if gender in ("male", "female")), ""),
        "identifiers": [
            {"type": name, "number": number, "country": ""} for name in layout.identifiers for number in parts(name)
        ],
        "addresses": unique(", ".join(row[part] for part in layout.address if row.get(part)) for row in rows),
        "programmes": parts(layout.programme),
        "topics": ["sanction"],
        "listed": next((day_first(row[layout.listed]) for row in rows if row.get(layout.listed)), ""),
        "remarks": "\n".join(unique(row.get(name, "") for row in rows for name in layout.remarks)),
    }


def _whole(row: dict[str, str], layout: Layout) -> str:
    return " ".join(part for part in (row.get(name, "") for name in layout.names) if part)


def _quality(row: dict[str, str], layout: Layout) -> str:
    return "weak" if row.get(layout.quality, "").casefold().rstrip(".") in layout.weak else "strong"


def _split(text: str) -> list[str]:
    """Several values in one cell: (1) one (2) other, or one; other."""
    return _NUMBERED.split(text)


def _dates(text: str) -> Iterator[str]:
    for circa, date in _DATE.findall(text):
        yield day_first(date, circa=bool(circa))
