"""What can be offered: the amount and the term that an applicant's figures support."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from libs.events.record import Record
from services.prescreening.judging.annuity import amount, instalment, rounded_down

Size = Literal["FULL", "LONGER", "LESS", "LITTLE", "NONE"]


class Amounts(Record):
    """The least and the most that is lent, and the steps in which; in one currency."""

    least: Decimal
    most: Decimal
    step: Decimal


class Terms(Record):
    """The longest term in months; by how many a term may be made longer than asked for, and in which steps."""

    most: int
    longer: int
    step: Annotated[int, Field(ge=1)]


class Limits(Record):
    """`dsti`: all instalments in percent of the income; `dti`: all debts in years of income."""

    dsti: Decimal
    dti: Decimal


class Sizes(Record):
    """From which share of the request on, in percent, an offer is less than that, or little."""

    less: Decimal
    little: Decimal


class Applicant(NamedTuple):
    """The figures of an application, all amounts in one currency; income and instalments a month, rate 0.08 for 8 %."""

    requested: Decimal
    term: int
    income: Decimal
    instalments: Decimal
    debts: Decimal
    headroom: Decimal
    rate: Decimal


class Offer(NamedTuple):
    """What is supported: without an amount nothing is. `bounds` is what each limit alone would allow at its term."""

    size: Size
    amount: Decimal
    term: int
    instalment: Decimal
    bounds: dict[str, Decimal]

    @property
    def binding(self) -> str:
        """The limit that allows least."""
        return min(self.bounds, key=lambda name: self.bounds[name])


def offer(applicant: Applicant, limits: Limits, amounts: Amounts, terms: Terms, sizes: Sizes) -> Offer:
    """The greatest amount within every limit, not over the request, over the shortest term that allows it."""
    found = [(_allowed(applicant, term, limits, amounts), term) for term in _terms(applicant.term, terms)]
    best = max(min(bounds.values()) for bounds, _ in found)
    bounds, term = next((bounds, term) for bounds, term in found if min(bounds.values()) == best)
    if best < amounts.least or best <= 0:
        return Offer("NONE", Decimal(0), applicant.term, Decimal(0), bounds)
    wanted = rounded_down(applicant.requested, amounts.step)
    cost = instalment(best, applicant.rate, term)
    return Offer(_size(best, wanted, term == applicant.term, sizes), best, term, cost, bounds)


def _allowed(applicant: Applicant, term: int, limits: Limits, amounts: Amounts) -> dict[str, Decimal]:
    """What each limit allows at a term, in whole steps."""
    free = applicant.income * limits.dsti / 100 - applicant.instalments
    years = limits.dti * 12 * applicant.income - applicant.debts
    bounds = {
        "dsti": amount(free, applicant.rate, term, amounts.step),
        "dti": years,
        "exposure": applicant.headroom,
        "product": amounts.most,
        "requested": applicant.requested,
    }
    return {name: rounded_down(bound, amounts.step) for name, bound in bounds.items()}


def _terms(requested: int, terms: Terms) -> Iterator[int]:
    """The requested term, and the longer ones."""
    first = min(requested, terms.most)
    yield from range(first, min(first + terms.longer, terms.most) + 1, terms.step)


def _size(best: Decimal, wanted: Decimal, same_term: bool, sizes: Sizes) -> Size:
    if best >= wanted:
        return "FULL" if same_term else "LONGER"
    share = 100 * best / wanted
    return "LESS" if share >= sizes.less else "LITTLE" if share >= sizes.little else "NONE"
