"""Income that comes again: credits of one payer, month after month, of about the same amount."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from services.prescreening.bank.months import month_of
from services.prescreening.bank.spread import deviation
from services.prescreening.statements.form import Line

ZERO = Decimal(0)
NOT_LETTERS = re.compile(r"[\W\d_]+")


class Regular(NamedTuple):
    """Regular income: by month, and its share of all income, 0 to 100; None where there was no income."""

    by_month: dict[str, Decimal]
    share: Decimal | None


def regular(lines: Iterable[Line], names: Sequence[str], share: Decimal, spread: Decimal) -> Regular:
    """What payers pay in at least `share` of the months, in amounts that deviate by `spread` at most."""
    payers: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    months, total = frozenset(names), ZERO
    for line in lines:
        month = month_of(line.booked)
        if line.amount > 0 and not line.returned and month in months:
            payers[_payer(line)][month] += line.amount
            total += line.amount
    by_month: dict[str, Decimal] = dict.fromkeys(names, ZERO)
    for payer, amounts in payers.items():
        often = len(amounts) >= 2 and len(amounts) >= share * len(names)
        apart = deviation(list(amounts.values()))
        if payer and often and apart is not None and apart <= spread:
            for month, amount in amounts.items():
                by_month[month] += amount
    return Regular(by_month, sum(by_month.values(), ZERO) * 100 / total if total else None)


def _payer(line: Line) -> str:
    """The payer's name, or else what the bank writes, without numbers and dates."""
    return NOT_LETTERS.sub(" ", line.counterparty or line.text).casefold().strip()


def of_month(income: Regular) -> Decimal | None:
    """The median of what comes regularly in a month."""
    return median(income.by_month.values()) if income.by_month else None
