"""Amounts in one currency, by rates that are given as data."""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from libs.events.models import Money


class NoRate(ValueError):
    """There is no rate for a currency."""


class Rates(NamedTuple):
    """What one unit of each currency is worth in `base`."""

    base: str
    worth: Mapping[str, Decimal]

    def convert(self, amount: Decimal, currency: str, to: str) -> Decimal:
        """An amount in another currency; raises NoRate."""
        if currency == to:
            return amount
        return amount * self._worth(currency) / self._worth(to)

    def money(self, money: Money, to: str) -> Decimal:
        """An amount of an event in a currency; raises NoRate, and ValueError where it is no amount."""
        return self.convert(decimal(money.amount), money.currency, to)

    def _worth(self, currency: str) -> Decimal:
        if currency == self.base:
            return Decimal(1)
        if currency not in self.worth:
            raise NoRate(f"there is no rate for {currency}")
        return self.worth[currency]


def decimal(text: str) -> Decimal:
    """A finite number; raises ValueError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError("an amount is no number")
    return number


def read(lines: Iterable[str]) -> Rates:
    """The rates of a CSV file of currency and worth, the base first with 1; raises ValueError with the line."""
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != ("currency", "worth"):
        raise ValueError("line 1: the columns are to be currency, worth")
    worth: dict[str, Decimal] = {}
    for row in rows:
        try:
            worth[row["currency"]] = decimal(row["worth"])
        except ValueError:
            raise ValueError(f"line {rows.line_num}: worth is no number") from None
        if worth[row["currency"]] <= 0:
            raise ValueError(f"line {rows.line_num}: worth is to be more than 0")
    base = next(iter(worth), "")
    if worth.get(base) != 1:
        raise ValueError("line 2: the first currency is the base, worth 1")
    return Rates(base, worth)
