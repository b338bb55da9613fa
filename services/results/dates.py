"""Dates as the contract takes them, to ISO 8601 as exact as they are known."""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]{3,9})\.?,?[ \-](\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


def from_parts(year: str | None, month: str | None, day: str | None) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD; raises ValueError where that is no date."""
    if not year:
        raise ValueError("a date needs its year")
    if day and not month:
        raise ValueError("a day needs its month")
    numbers = [_number(part) for part in (year, month, day) if part]
    padded = [*numbers, 1, 1][:3]
    if not 1000 <= numbers[0] <= 9999:
        raise ValueError("the year has four digits")
    try:
        date(*padded)
    except ValueError:
        raise ValueError("there is no such day") from None
    return "-".join(f"{number:04d}" if place == 0 else f"{number:02d}" for place, number in enumerate(numbers))


def from_text(text: str) -> str:
    """A date as people write it; raises ValueError where it can be read in two ways."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return from_parts(*found.groups())
    if found := _DAY_FIRST.fullmatch(text):
        return from_parts(found[3], _month(found[2]), found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return from_parts(found[3], _month(found[1]), found[2])
    if found := _NUMBERS.fullmatch(text):
        return _from_numbers(found[1], found[2], found[3])
    raise ValueError("not readable as a date; write YYYY-MM-DD")


def _from_numbers(first: str, second: str, year: str) -> str:
    """31/01/1990 and 01/31/1990 can be read in one way only, 01/02/1990 in two."""
    if int(first) != int(second) and int(first) <= 12 and int(second) <= 12:
        raise ValueError("may be read as day/month or month/day; write YYYY-MM-DD")
    day, month = (first, second) if int(second) <= 12 else (second, first)
    return from_parts(year, month, day)


def _month(name: str) -> str:
    short = name[:3].lower()
    if short not in MONTHS:
        raise ValueError(f"no month is called {name}")
    return str(MONTHS.index(short) + 1)


def _number(part: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", part):
        raise ValueError("year, month and day are numbers")
    return int(part)
