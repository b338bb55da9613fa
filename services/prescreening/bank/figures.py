"""The figures that bank statements are judged by."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from services.prescreening.bank.income import Regular, of_month, regular
from services.prescreening.bank.months import (
    Account,
    Month,
    days_below_zero,
    first_day,
    last_day,
    longest_silence,
    months,
    whole_months,
    without_transfers,
)
from services.prescreening.bank.spread import deviation
from services.prescreening.judging.table import Figure
from services.prescreening.statements.form import Line

RATIO, PERCENT, DAYS, MONTHS, COUNT = "ratio", "percent", "days", "months", "count"
CENT = Decimal("0.01")


class Asked(NamedTuple):
    """What a policy asks: see `BankPolicy`; and the currency and its smallest unit."""

    months: int
    edge_days: int
    regular_share: Decimal
    regular_spread: Decimal
    currency: str
    unit: Decimal


class Found(NamedTuple):
    """The figures by name, and the months that they are of."""

    figures: Mapping[str, Figure]
    months: Sequence[Month]


def figures(accounts: Sequence[Account], cards: Sequence[Account], asked: Asked, rate: Decimal, today: date) -> Found:
    """The figures of one currency's accounts. `cards` have no balance of their own; `rate`: the loan's instalment."""
    every = [*accounts, *cards]
    names = whole_months(every, asked.edge_days, asked.months)
    lines = _within(without_transfers(every), names)
    found = months(names, accounts, (line for line in lines if not line.returned))
    income = regular(lines, names, asked.regular_share, asked.regular_spread)
    latest = max((one.ends for one in every), default=None)
    below, silence = days_below_zero(accounts, names), longest_silence(every, names)
    plain: dict[str, Figure] = {
        "statement.months": _whole(len(names), MONTHS),
        "statement.age": _whole((today - latest).days if latest else None, DAYS),
        "balance.days_below_zero": _whole(below, DAYS),
        "silence.longest": _whole(silence, DAYS),
        "payment.returned": _whole(sum(bool(line.returned) and line.amount > 0 for line in lines), COUNT),
    }
    return Found(plain | _balances(found, asked, rate) | _flows(found, income, asked, rate), found)


def _within(lines: Sequence[Line], names: Sequence[str]) -> list[Line]:
    if not names:
        return []
    first, last = first_day(names[0]), last_day(names[-1])
    return [line for line in lines if first <= line.booked <= last]


def _balances(found: Sequence[Month], asked: Asked, rate: Decimal) -> dict[str, Figure]:
    ends = [month.end_balance for month in found if month.end_balance is not None]
    known = ends if len(ends) == len(found) else []
    middle = median(known) if known else None
    return {
        "month_end_balance.median": _money(middle, asked),
        "month_end_balance.lowest": _money(min(known, default=None), asked),
        "month_end_balance.deviation": _ratio(deviation(known)),
        "month_end_balance.instalments": _ratio(None if middle is None else middle / rate),
    }


def _flows(found: Sequence[Month], income: Regular, asked: Asked, rate: Decimal) -> dict[str, Figure]:
    came, went = [month.income for month in found], [month.spending for month in found]
    left = [month.income - month.spending for month in found]
    surplus = median(left) if left else None
    return {
        "income.median": _money(median(came) if came else None, asked),
        "income.deviation": _ratio(deviation(came)),
        "income.regular": _money(of_month(income), asked),
        "income.regular_months": _whole(sum(amount > 0 for amount in income.by_month.values()), MONTHS),
        "income.regular_share": Figure(None if income.share is None else income.share.quantize(CENT), PERCENT),
        "spending.median": _money(median(went) if went else None, asked),
        "spending.deviation": _ratio(deviation(went)),
        "surplus.median": _money(surplus, asked),
        "surplus.instalments": _ratio(None if surplus is None else surplus / rate),
        "instalment.requested": _money(rate, asked),
    }


def _whole(number: int | None, unit: str) -> Figure:
    return Figure(None if number is None else Decimal(number), unit)


def _money(amount: Decimal | None, asked: Asked) -> Figure:
    return Figure(None if amount is None else amount.quantize(asked.unit), asked.currency)


def _ratio(number: Decimal | None) -> Figure:
    return Figure(None if number is None else number.quantize(CENT), RATIO)
