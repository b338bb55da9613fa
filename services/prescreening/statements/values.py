"""Amounts, days and names out of texts that nobody vouches for."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from services.prescreening.statements.form import Refused

# Banks write up to 18 digits (ISO 20022, ActiveOrHistoricCurrencyAndAmount); more is no amount of money.
PLAIN = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,5})?|\.\d{1,5})", re.ASCII)
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 1, 1)
MAX_TEXT = 500
CURRENCY = re.compile(r"[A-Z]{3}")
ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[0-9:.+\-Z]*|[Z+\-][0-9:]*)?", re.ASCII)
# What a spreadsheet would work out, or run, when such a text is opened in it: `=…`, `@SUM(…`, `+cmd|…`, `-2+3+cmd|…`.
FORMULA_BEGINS = ("=", "@", "+", "-")
FORMULA = re.compile(r"\s*(?:=|[@+\-][^\s(!|]{0,40}[A-Za-z][\w.]*[(!|])")


def amount(text: str) -> Decimal:
    """The number in a text with a point before its decimals; raises Refused."""
    if not PLAIN.fullmatch(text):
        raise Refused("this is no amount of money")
    return Decimal(text)


def currency(text: str) -> str:
    """A code of ISO 4217; raises Refused."""
    if not CURRENCY.fullmatch(text):
        raise Refused("this is no currency's code")
    return text


@lru_cache(10_000)
def iso_day(text: str) -> date:
    """The day of an ISO 8601 date or time; raises Refused."""
    found = ISO_DAY.fullmatch(text)
    try:
        day = date.fromisoformat(found[1] if found else "")
    except ValueError:
        raise Refused("this is no date") from None
    return bounded(day)


@lru_cache(10_000)
def day_of(text: str, form: str) -> date:
    """The day of a text in a form of strptime; raises Refused."""
    try:
        day = datetime.strptime(text, form).date()
    except ValueError:
        raise Refused(f"this is no date of the form {form}") from None
    return bounded(day)


def bounded(day: date) -> date:
    """The day, where a statement can be of it; raises Refused."""
    if not EARLIEST <= day < LATEST:
        raise Refused(f"no statement is of the year {day.year}")
    return day


def told(text: str | None) -> str:
    """A text in one line, cut where it is very long; raises Refused for a formula."""
    if not text:
        return ""
    if text.lstrip()[:1] in FORMULA_BEGINS and FORMULA.match(text[:MAX_TEXT]):
        raise Refused("a text is a formula, which a spreadsheet would run")
    return " ".join(text[:MAX_TEXT].split())


def account_of(text: str) -> str:
    """An account's number without what banks put between its digits."""
    return re.sub(r"[\s\-.]", "", text).upper()[:64]
