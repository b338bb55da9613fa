"""Ongoing loans: whether the applicant can carry one more beside those that they have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_UP, Decimal

from libs.events.models import CheckRequested, ReferenceVersion
from services.prescreening.identity import application_of, kind_of
from services.prescreening.judging import evidence
from services.prescreening.judging.annuity import instalment
from services.prescreening.judging.arrears import in_bucket
from services.prescreening.judging.evidence import Amount, Source
from services.prescreening.judging.money import Rates, decimal
from services.prescreening.judging.table import Figure, Judging, Table, measures
from services.prescreening.policy import Policy
from services.prescreening.pricing import Pricing
from services.prescreening.rules import Verdict
from services.prescreening.stores.port import Loan

LATER = ("income.monthly", "instalments.existing", "debts.total", "rate.annual", "instalment.new", "dsti", "dti")
CENT, TENTH = Decimal("0.01"), Decimal("0.1")
# In place of a ratio to no income at all.
NOTHING_LEFT = Decimal(9999)

Figures = dict[str, Figure]


class LoansPolicy(Table):
    """The rows, and where their figures come from.

    `income`: by kind of applicant, the first that there is. `bureau`: figures of the credit report by name, the amounts
    and the counts that are added to the book's own. `pricing`: what a loan costs.
    """

    income: dict[str, tuple[Amount, ...]]
    bureau: dict[str, Source]
    pricing: Pricing


@dataclass(frozen=True, slots=True)
class Gathered:
    """The applicant's loans in the book; None where there is no book to look into."""

    loans: Sequence[Loan] | None
    rates: Rates
    references: Collection[ReferenceVersion] = ()


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging: Judging[LoansPolicy] = policy.document
    figures = _figures(request, gathered, judging.table)
    judged = judging.judge("LOANS", figures, {"applicant": kind_of(application_of(request))})
    return Verdict(judged, measures(figures, LATER), references=list(gathered.references))


def _figures(request: CheckRequested, gathered: Gathered, policy: LoansPolicy) -> Figures:
    application, rates = application_of(request), gathered.rates
    currency = application.requestedAmount.currency
    rate = policy.pricing.annual_rate(request.evidence, application.purpose)
    requested = decimal(application.requestedAmount.amount)
    new = instalment(requested, rate, application.termMonths)
    sources = policy.income.get(kind_of(application), ())
    income = evidence.monthly(request.evidence, sources, currency, rates)
    paid = _existing(request, gathered, policy, "instalments")
    owed = _existing(request, gathered, policy, "outstanding")
    return {
        "income.monthly": Figure(income and income.quantize(CENT), currency),
        "instalments.existing": Figure(paid, currency),
        "debts.total": Figure(owed, currency),
        "rate.annual": Figure(rate, "ratio"),
        "instalment.new": Figure(new, currency),
        "dsti.existing": _share(paid, income),
        "dsti": _share(None if paid is None else paid + new, income),
        "dti": _times(None if owed is None else owed + requested, income),
        **_counts(request, gathered, policy),
    }


def _existing(request: CheckRequested, gathered: Gathered, policy: LoansPolicy, what: str) -> Decimal | None:
    """What the bureau and the book know of, or what the applicant tells of where that is more."""
    application = application_of(request)
    currency = application.requestedAmount.currency
    known = evidence.amount(request.evidence, policy.bureau[what], currency, gathered.rates)
    if known is None or gathered.loans is None:
        return None
    running = [loan for loan in gathered.loans if loan.status == "CURRENT"]
    own = [loan.instalment if what == "instalments" else loan.outstanding for loan in running]
    declared = [one.instalment if what == "instalments" else one.outstanding for one in application.liabilities]
    try:
        in_book = sum((gathered.rates.money(one, currency) for one in own if one), Decimal(0))
        told = sum((gathered.rates.money(one, currency) for one in declared if one), Decimal(0))
    except ValueError:
        return None
    return max(known + in_book, told).quantize(CENT)


def _counts(request: CheckRequested, gathered: Gathered, policy: LoansPolicy) -> Mapping[str, Figure]:
    """Loans by how late they are, and those in forbearance: the bureau's and the book's together."""
    if gathered.loans is None:
        own: dict[str, int] | None = None
    else:
        running = [loan for loan in gathered.loans if loan.status == "CURRENT"]
        own = in_bucket(loan.daysLate for loan in running) | {"forbearance": sum(loan.forbearance for loan in running)}
    names = [name for name in policy.bureau if name == "forbearance" or name.startswith("arrears.")]
    return {name: _sum(evidence.figure(request.evidence, policy.bureau[name]), own, name) for name in names}


def _sum(bureau: Figure | None, own: Mapping[str, int] | None, name: str) -> Figure:
    if bureau is None or not isinstance(bureau.value, Decimal) or own is None:
        return Figure(None, "count")
    return Figure(bureau.value + own[name], "count")


def _share(paid: Decimal | None, income: Decimal | None) -> Figure:
    """Of the income, in percent; without an income there is no share that would do."""
    if paid is None or income is None:
        return Figure(None, "percent")
    if income <= 0:
        return Figure(NOTHING_LEFT if paid else Decimal(0), "percent")
    return Figure((100 * paid / income).quantize(TENTH, ROUND_UP), "percent")


def _times(owed: Decimal | None, income: Decimal | None) -> Figure:
    """Of the income of a year."""
    if owed is None or income is None:
        return Figure(None, "years of income")
    if income <= 0:
        return Figure(NOTHING_LEFT if owed else Decimal(0), "years of income")
    return Figure((owed / (12 * income)).quantize(CENT, ROUND_UP), "years of income")
