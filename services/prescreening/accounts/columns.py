"""Financial statements as CSV: a row an item, a column a year, named by its last day."""

import csv
import re
from datetime import date
from decimal import Decimal
from io import StringIO

from services.prescreening.accounts.form import ITEMS, Accounts, Year
from services.prescreening.statements.form import Refused
from services.prescreening.statements.values import amount, currency, iso_day

HEADER = re.compile(r"\s*\"?item\"?\s*[,;\t]", re.IGNORECASE)
MAX_ROWS, MAX_YEARS = 500, 20
# Rows that are no items: what the amounts are in, how long a year was, what the amounts are rounded to.
CURRENCY, MONTHS, ROUNDING, ENTITY = "currency", "months", "rounding", "company"


def read(text: str) -> Accounts:
    """The years of one file; raises Refused with the line."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    if not HEADER.match(first):
        raise Refused("the first cell is to be item, those beside it the last days of years", "line 1")
    delimiter = next(sign for sign in first if sign in ",;\t")
    rows = csv.reader(StringIO(text), delimiter=delimiter, strict=True)
    cells: dict[str, list[str]] = {}
    try:
        header = [cell.strip() for cell in next(rows)]
        for row in rows:
            _add(cells, row, len(header), rows.line_num)
        days = [iso_day(cell) for cell in header[1:]]
    except csv.Error as error:
        raise Refused(f"this is no CSV: {error}", f"line {rows.line_num}") from None
    except Refused as refused:
        raise refused.at("line 1") from None
    if not days or len(days) > MAX_YEARS or len(set(days)) < len(days):
        raise Refused(f"there are to be 1 to {MAX_YEARS} years, each once", "line 1")
    codes = {currency(cell) for cell in cells.get(CURRENCY, [])}
    if len(codes) != 1:
        raise Refused("a row currency names the same one for every year")
    years = [_year(cells, at, days[at]) for at in range(len(days))]
    return Accounts(
        "CSV",
        codes.pop(),
        sorted((year for year in years if year.items), key=lambda year: year.ends, reverse=True),
        next(iter(cells.get(ENTITY, [])), ""),
    )


def _add(cells: dict[str, list[str]], row: list[str], width: int, line: int) -> None:
    if not any(row):
        return
    place = f"line {line}"
    name = row[0].strip().lower().replace(" ", "_")
    if len(row) != width:
        raise Refused(f"{len(row)} cells where the header has {width}", place)
    if name not in ITEMS | {CURRENCY, MONTHS, ROUNDING, ENTITY}:
        raise Refused("this is no item; there are " + ", ".join(sorted(ITEMS)), place)
    if name in cells:
        raise Refused(f"{name} stands here twice", place)
    if len(cells) > MAX_ROWS:
        raise Refused(f"more than {MAX_ROWS} rows", place)
    cells[name] = [cell.strip() for cell in row[1:]]
    if name in ITEMS:
        for cell in filter(None, cells[name]):
            try:
                amount(cell)
            except Refused as refused:
                raise refused.at(place) from None


def _year(cells: dict[str, list[str]], at: int, ends: date) -> Year:
    items = {name: amount(values[at]) for name, values in cells.items() if name in ITEMS and values[at]}
    months = cells.get(MONTHS, [])
    rounding = cells.get(ROUNDING, [])
    return Year(
        ends,
        items,
        _months(months[at]) if months else 12,
        amount(rounding[at]) if rounding else Decimal(1),
    )


def _months(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= 24:
        raise Refused("a year has 1 to 24 months", MONTHS)
    return int(text)
