"""Payment history: how earlier loans of the customer's were paid back. Who had none is neither better nor worse."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from libs.events.models import CheckRequested, ReferenceVersion
from services.prescreening.days import day, whole_months
from services.prescreening.identity import application_of, kind_of
from services.prescreening.judging.table import Figure, Judging, Table, measures
from services.prescreening.policy import Policy
from services.prescreening.rules import Verdict
from services.prescreening.stores.port import Loan

LATER = ("history", "loans.earlier", "late.worst")
COUNT, WORD = "count", "word"


class HistoryPolicy(Table):
    """The rows; from how many days late on a loan was not paid in time; and for how long a restructuring counts."""

    lateDays: int
    restructuredMonths: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """The applicant's loans in the book; None where there is no book to look into."""

    loans: Sequence[Loan] | None
    references: Collection[ReferenceVersion] = ()


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging: Judging[HistoryPolicy] = policy.document
    figures = _figures(gathered.loans, judging.table, now.date())
    judged = judging.judge("HISTORY", figures, {"applicant": kind_of(application_of(request))})
    return Verdict(judged, measures(figures, LATER), references=list(gathered.references))


def _figures(loans: Sequence[Loan] | None, policy: HistoryPolicy, today: date) -> dict[str, Figure]:
    if loans is None:
        return {"history": Figure(None, WORD)}
    if not loans:
        return {"history": Figure("NONE", WORD)}
    settled = [loan for loan in loans if loan.status == "SETTLED"]
    late = [loan for loan in loans if loan.worstDaysLate >= policy.lateDays]
    restructured = [loan for loan in loans if _recently(loan.restructuredOn, policy.restructuredMonths, today)]
    in_time = 100 * Decimal(len(loans) - len(late)) / len(loans)
    return {
        "history": Figure("SOME", WORD),
        "loans.earlier": Figure(Decimal(len(loans)), COUNT),
        "loans.settled": Figure(Decimal(len(settled)), COUNT),
        "loans.in_time": Figure(in_time.quantize(Decimal("0.1")), "percent"),
        "late.worst": Figure(Decimal(max(loan.worstDaysLate for loan in loans)), "days"),
        "written_off": Figure(Decimal(sum(loan.status == "WRITTEN_OFF" for loan in loans)), COUNT),
        "restructured": Figure(Decimal(len(restructured)), COUNT),
    }


def _recently(text: str | None, months: int, today: date) -> bool:
    """One that is no day counts, as it cannot be told to be long ago."""
    found = day(text)
    return text is not None and (found is None or whole_months(found, today) < months)
