"""What statements say of whole months: what was on the accounts, what came in and what was spent."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from services.prescreening.statements.form import Line, Statement

ZERO = Decimal(0)
DAY = timedelta(days=1)
# Money between the applicant's own accounts arrives within so many days.
TRANSFER_DAYS = 3


class Month(NamedTuple):
    """One whole month over all accounts. `end_balance` is None where some account does not tell its balance."""

    name: str
    """YYYY-MM."""
    end_balance: Decimal | None
    income: Decimal
    spending: Decimal
    """Above zero."""


class Account(NamedTuple):
    """An account's lines in order, and its balance at the end of each day that has lines, where it is known."""

    lines: Sequence[Line]
    begins: date
    ends: date
    first: Decimal | None
    """The balance before the first line."""
    days: Sequence[date]
    balances: Sequence[Decimal]

    def balance(self, day: date) -> Decimal | None:
        """What was on the account at the end of a day."""
        if self.first is None:
            return None
        at = bisect_right(self.days, day)
        return self.balances[at - 1] if at else self.first


def account(statements: Sequence[Statement]) -> Account | None:
    """The account that joined statements are of; None where they tell of no day."""
    begins = [one.begins for one in statements if one.begins]
    ends = [one.ends for one in statements if one.ends]
    if not begins or not ends:
        return None
    lines = [line for one in statements for line in one.lines]
    first = _first(statements)
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    for line in lines:
        by_day[line.booked] += line.amount
    days = sorted(by_day)
    running = accumulate((by_day[day] for day in days), initial=first or ZERO)
    next(running)
    return Account(lines, min(begins), max(ends), first, days, list(running) if first is not None else [])


def _first(statements: Sequence[Statement]) -> Decimal | None:
    """The balance before all lines: told at first, or worked out from the first closing balance."""
    before = ZERO
    for one in statements:
        if one.opening:
            return one.opening.amount - before
        before += sum((line.amount for line in one.lines), ZERO)
        if one.closing:
            return one.closing.amount - before
    return None


def whole_months(accounts: Iterable[Account], edge: int, at_most: int) -> list[str]:
    """The last whole months, as YYYY-MM in order, that some account tells of without a break.

    `edge`: how many days may lack at each end, as an account's first and last days often have no line.
    """
    covered: set[str] = set()
    for one in accounts:
        month = one.begins.replace(day=1)
        while month <= one.ends:
            last = last_day(month_of(month))
            if (one.begins - month).days <= edge and (last - one.ends).days <= edge:
                covered.add(month_of(month))
            month = last + DAY
    found = sorted(covered)
    return _unbroken(found)[-at_most:]


def _unbroken(names: Sequence[str]) -> list[str]:
    """The last months without one missing between them."""
    found: list[str] = []
    for name in reversed(names):
        if found and last_day(name) + DAY != first_day(found[0]):
            break
        found.insert(0, name)
    return found


def month_of(day: date) -> str:
    """The month of a day, YYYY-MM."""
    return day.isoformat()[:7]


def first_day(month: str) -> date:
    """The first day of YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """The last day of YYYY-MM."""
    return (first_day(month) + 31 * DAY).replace(day=1) - DAY


def months(names: Sequence[str], balances: Sequence[Account], lines: Iterable[Line]) -> list[Month]:
    """The months named; `lines` are those that count as income or spending, `balances` the accounts to add up."""
    income: dict[str, Decimal] = defaultdict(Decimal)
    spending: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        (income if line.amount > 0 else spending)[month_of(line.booked)] += abs(line.amount)
    return [Month(name, _together(balances, last_day(name)), income[name], spending[name]) for name in names]


def _together(accounts: Sequence[Account], day: date) -> Decimal | None:
    found = [one.balance(day) for one in accounts]
    known = [balance for balance in found if balance is not None]
    return sum(known, ZERO) if known and len(known) == len(found) else None


def days_below_zero(accounts: Sequence[Account], names: Sequence[str]) -> int | None:
    """On how many days of the months some account ended below zero; None where no balance is known."""
    known = [one for one in accounts if one.first is not None]
    if not names or not known:
        return None
    first, last = first_day(names[0]), last_day(names[-1])
    below: set[date] = set()
    for one in known:
        for day, until, balance in _spans(one, first, last):
            if balance < 0:
                below.update(day + DAY * number for number in range((until - day).days))
    return len(below)


def _spans(one: Account, first: date, last: date) -> Iterator[tuple[date, date, Decimal]]:
    """From which day until before which the balance was what, between two days."""
    changes = [first, *(day for day in one.days if first < day <= last), min(last, one.ends) + DAY]
    for day, until in pairwise(changes):
        balance = one.balance(day)
        if balance is not None and one.begins <= day < until:
            yield day, until, balance


def longest_silence(accounts: Sequence[Account], names: Sequence[str]) -> int | None:
    """The most days in a row without a line on any account, within the months."""
    if not names:
        return None
    first, last = first_day(names[0]), last_day(names[-1])
    days = sorted({day for one in accounts for day in one.days if first <= day <= last})
    ends = [first - DAY, *days, last + DAY]
    return max((other - one).days - 1 for one, other in pairwise(ends))


def without_transfers(accounts: Sequence[Account]) -> list[Line]:
    """The lines of several accounts of one owner, without what went from one of them to another."""
    if len(accounts) < 2:
        return [line for one in accounts for line in one.lines]
    leaving: dict[Decimal, list[tuple[date, int, int]]] = defaultdict(list)
    for number, one in enumerate(accounts):
        for at, line in enumerate(one.lines):
            if line.amount < 0:
                leaving[-line.amount].append((line.booked, number, at))
    moved: set[tuple[int, int]] = set()
    for number, one in enumerate(accounts):
        for at, line in enumerate(one.lines):
            if line.amount > 0 and (other := _left(leaving.get(line.amount, []), line.booked, number, moved)):
                moved |= {(number, at), other}
    return [
        line for number, one in enumerate(accounts) for at, line in enumerate(one.lines) if (number, at) not in moved
    ]


def _left(
    leaving: Sequence[tuple[date, int, int]], day: date, account: int, moved: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The line of another account with which the money left, a few days before at most."""
    for booked, number, at in leaving:
        if number != account and (number, at) not in moved and 0 <= (day - booked).days <= TRANSFER_DAYS:
            return number, at
    return None
