"""Dates as people write them."""

import pytest

from services.results import dates


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1990-01-31", "1990-01-31"),
        ("1990-1-3", "1990-01-03"),
        ("1990-01", "1990-01"),
        ("1990", "1990"),
        (" 31/01/1990 ", "1990-01-31"),
        ("01/31/1990", "1990-01-31"),
        ("02.02.1990", "1990-02-02"),
        ("31 January 1990", "1990-01-31"),
        ("1st Feb 1990", "1990-02-01"),
        ("January 31, 1990", "1990-01-31"),
        ("1992-02-29", "1992-02-29"),
    ],
)
def test_readable(text: str, iso: str) -> None:
    assert dates.from_text(text) == iso


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("01/02/1990", "may be read as day/month or month/day"),
        ("1991-02-29", "there is no such day"),
        ("1990-13", "there is no such day"),
        ("32/13/1990", "there is no such day"),
        ("31 Brumaire 1990", "no month is called Brumaire"),
        ("yesterday", "not readable as a date"),
        ("0001-01-01", "the year has four digits"),
        ("", "not readable as a date"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        dates.from_text(text)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((None, "1", "1"), "needs its year"),
        (("1990", None, "1"), "needs its month"),
        (("nineteen", None, None), "are numbers"),
        (("1990", "2", "30"), "there is no such day"),
        (("٤٤٤٤", None, None), "are numbers"),
    ],
)
def test_parts_refused(parts: tuple[str | None, str | None, str | None], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        dates.from_parts(*parts)


def test_parts_as_exact_as_known() -> None:
    assert dates.from_parts("1990", None, None) == "1990"
    assert dates.from_parts("1990", "1", None) == "1990-01"
    assert dates.from_parts("1990", "01", "3") == "1990-01-03"
