"""One statement on its own: its lines add up, and none was changed, repeated or moved."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from services.prescreening.bank import problems
from services.prescreening.bank.problems import Problem
from services.prescreening.statements.form import Statement

ZERO = Decimal(0)
# Of OFX the order is no bank's: it is put in order when it is read.
ORDERED_BY_US = "OFX"
# What banks write where they have no reference.
NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "0"})


def of_one(statement: Statement, units: Mapping[str, int], today: date) -> Iterator[Problem]:
    """Everything wrong within a statement. `units`: decimals by currency, two where it is not named."""
    yield from _balances(statement)
    yield from _sum(statement)
    yield from _totals(statement)
    yield from _repeats(statement)
    yield from _days(statement, today)
    yield from _precision(statement, units.get(statement.currency, 2))


def _problem(statement: Statement, code: str, told: str) -> Problem:
    return Problem(code, f"{statement.place}: {told}" if statement.place else told, statement.file)


def _balances(statement: Statement) -> Iterator[Problem]:
    """Each balance is the one before it and the amount of its line; after a break counting begins anew."""
    running = statement.opening.amount if statement.opening else None
    for line in statement.lines:
        if running is not None:
            running += line.amount
        if line.balance is not None:
            if running is not None and running != line.balance:
                told = f"line {line.place}: the balance is {line.balance}, the lines before it give {running}"
                yield _problem(statement, problems.BALANCE, told)
            running = line.balance


def _sum(statement: Statement) -> Iterator[Problem]:
    if statement.opening and statement.closing:
        total = sum((line.amount for line in statement.lines), ZERO)
        if statement.opening.amount + total != statement.closing.amount:
            told = (
                f"{statement.opening.amount} at first and {total} in {len(statement.lines)} lines give"
                f" {statement.opening.amount + total}, the closing balance is {statement.closing.amount}"
            )
            yield _problem(statement, problems.SUM, told)


def _totals(statement: Statement) -> Iterator[Problem]:
    """What the statement itself says that its lines add up to."""
    amounts = [line.amount for line in statement.lines]
    credits = sum((amount for amount in amounts if amount > 0), ZERO)
    debits = -sum((amount for amount in amounts if amount < 0), ZERO)
    sums = statement.sums
    counted = (
        ("lines", sums.entries, len(amounts)),
        ("credits", sums.credits, credits),
        ("debits", sums.debits, debits),
        ("net", sums.net, credits - debits),
    )
    for name, said, found in counted:
        if said is not None and said != found:
            yield _problem(statement, problems.TOTALS, f"{name}: {found} by its lines, the statement says {said}")


def _repeats(statement: Statement) -> Iterator[Problem]:
    seen = Counter(
        (line.reference, line.booked, line.amount, line.counterparty, line.text)
        for line in statement.lines
        if line.reference not in NO_REFERENCE
    )
    for (_, booked, amount, _, _), times in seen.items():
        if times > 1:
            told = f"a line of {booked} over {amount} stands there {times} times under one reference"
            yield _problem(statement, problems.LINE_TWICE, told)


def _days(statement: Statement, today: date) -> Iterator[Problem]:
    if not statement.form.startswith(ORDERED_BY_US):
        for one, other in pairwise(statement.lines):
            if other.booked < one.booked:
                told = f"line {other.place} of {other.booked} stands after one of {one.booked}"
                yield _problem(statement, problems.ORDER, told)
    first = min(filter(None, (statement.first, statement.opening and statement.opening.day)), default=None)
    last = max(filter(None, (statement.last, statement.closing and statement.closing.day)), default=None)
    for line in statement.lines:
        if line.booked > today:
            yield _problem(statement, problems.FUTURE, f"line {line.place} is of {line.booked}, after {today}")
        elif (first and line.booked < first) or (last and line.booked > last):
            told = f"line {line.place} is of {line.booked}, the statement of {first} to {last}"
            yield _problem(statement, problems.OUTSIDE, told)


def _precision(statement: Statement, places: int) -> Iterator[Problem]:
    unit = Decimal(1).scaleb(-places)
    for line in statement.lines:
        if line.amount % unit:
            told = f"line {line.place}: {line.amount} is no amount of {statement.currency}, which has {places} decimals"
            yield _problem(statement, problems.PRECISION, told)
