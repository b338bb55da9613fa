"""External credit report: what a bureau knows of the applicant, where they agreed that it is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from libs.comparing.dates import DateStrengths
from libs.comparing.words import Words
from libs.events.models import CheckRequested, Money, ReferenceVersion
from services.prescreening.company_names import likeness
from services.prescreening.days import day, days_ago, whole_months
from services.prescreening.identity import application_of, best_address, kind_of, plain, same_birth, same_name
from services.prescreening.judging.arrears import in_bucket
from services.prescreening.judging.consent import Agreed
from services.prescreening.judging.money import Rates, decimal
from services.prescreening.judging.table import Figure, Judging, Table, measures
from services.prescreening.policy import Policy
from services.prescreening.rules import Verdict
from services.prescreening.sources.answers import SourceAnswer, calls
from services.prescreening.sources.port import CreditReport, Tradeline

COUNT, WORD, STRENGTH = "count", "word", "strength"
LATER = (
    *("report.file", "score.position", "liabilities.outstanding", "liabilities.instalments", "forbearance"),
    *("arrears.1-30", "arrears.31-60", "arrears.61-90", "arrears.over-90", "subject.name", "subject.dob"),
    "subject.address",
)
# From how many days late on a month counts, and how many months back are looked at.
LATE = {"late.30": (30, 12), "late.60": (60, 24), "late.90": (90, 24)}

Figures = dict[str, Figure]


class CreditPolicy(Table):
    """The rows, and what they stand on.

    `subjectEnough`: from which strength on a report is the applicant's. Thin is a file with fewer tradelines, or none
    as old. `instalmentShares`: what a debt of a kind costs a month where the bureau does not say, of what is owed;
    `otherwise` for kinds that are not there.
    """

    consents: dict[str, Agreed]
    dateStrengths: DateStrengths
    subjectEnough: int
    thinTradelines: int
    thinMonths: int
    recentMonths: int
    inquiryMonths: int
    instalmentShares: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the bureaus answered, and what their amounts and names are compared with."""

    answers: Sequence[SourceAnswer[CreditReport]]
    rates: Rates
    words: Words
    references: Sequence[ReferenceVersion] = ()


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging: Judging[CreditPolicy] = policy.document
    figures = _figures(request, gathered, judging.table, now.date())
    facts = {"applicant": kind_of(application_of(request)), "file": str(_value(figures.get("report.file")))}
    judged = judging.judge("CREDIT_REPORT", figures, facts)
    return Verdict(judged, measures(figures, LATER), calls(gathered.answers), gathered.references)


def _value(figure: Figure | None) -> object:
    return figure.value if figure else None


def _figures(request: CheckRequested, gathered: Gathered, policy: CreditPolicy, today: date) -> Figures:
    asked = [answer for answer in gathered.answers if answer.lacks is None]
    if not asked:
        lacks = next((answer.lacks for answer in gathered.answers if answer.lacks), None)
        return {"consent": Figure(lacks, WORD)} if lacks else {"report.file": Figure(None, WORD)}
    found: Figures = {"consent": Figure("GIVEN", WORD)}
    reports = [
        (subject, report)
        for answer in asked
        for report in answer.records
        if (subject := _subject(request, report, gathered.words, policy)) is not None
    ]
    if not reports:
        down = any(answer.error is not None for answer in asked)
        return found | {"report.file": Figure(None if down else "NONE", WORD)}
    subject, newest = max(reports, key=lambda one: (one[1].reportedOn, one[1].reference))
    return found | subject | _of_report(request, newest, gathered.rates, policy, today)


def _subject(request: CheckRequested, report: CreditReport, words: Words, policy: CreditPolicy) -> Figures | None:
    """How well the report's subject agrees with the applicant; None where it is somebody else."""
    company = application_of(request).company
    if company is not None and report.companyName is not None:
        same_number = plain(company.registerNumber) == plain(report.registerNumber) != ""
        name = likeness(company.name, report.companyName)
        return {"subject.name": _strength(name)} if same_number or name >= policy.subjectEnough else None
    if report.name is None:
        return None
    person = request.individual
    name = max(same_name(one, report.name, words) for one in (person.name, *person.alternateNames))
    born = same_birth(
        person.dateOfBirth.normalized if person.dateOfBirth else None, report.dateOfBirth, policy.dateStrengths
    )
    if min(name, 100 if born is None else born) < policy.subjectEnough:
        return None
    address = best_address(person.addresses, report.addresses, words)
    return {"subject.name": _strength(name), "subject.dob": _strength(born), "subject.address": _strength(address)}


def _strength(value: int | None) -> Figure:
    return Figure(None if value is None else Decimal(value), STRENGTH)


def _of_report(
    request: CheckRequested, report: CreditReport, rates: Rates, policy: CreditPolicy, today: date
) -> Figures:
    application = application_of(request)
    currency = application.requestedAmount.currency
    open_lines = [line for line in report.tradelines if line.closedOn is None]
    outstanding = _sum([line.outstanding for line in open_lines], currency, rates)
    declared = _sum([one.outstanding for one in application.liabilities], currency, rates)
    return {
        "report.file": Figure(_file(report, policy, today), WORD),
        "report.age": days_ago(report.reportedOn, today),
        "score": Figure(None if report.score is None else Decimal(report.score), "points"),
        "score.position": Figure(_position(report), "percent"),
        "liabilities.outstanding": outstanding,
        "liabilities.instalments": _sum([_instalment(line, policy) for line in open_lines], currency, rates),
        "liabilities.undeclared": _undeclared(outstanding, declared, application.requestedAmount),
        **{name: Figure(_late(report.tradelines, days, months), COUNT) for name, (days, months) in LATE.items()},
        **_arrears(open_lines),
        "forbearance": Figure(Decimal(sum(line.forbearance for line in open_lines)), COUNT),
        "defaults.open": Figure(Decimal(sum(one.settledOn is None for one in report.defaults)), COUNT),
        "defaults.recent": Figure(_recent([one.on for one in report.defaults], policy.recentMonths, today), COUNT),
        "inquiries": Figure(_recent([one.on for one in report.inquiries], policy.inquiryMonths, today), COUNT),
    }


def _file(report: CreditReport, policy: CreditPolicy, today: date) -> str:
    ages = [whole_months(opened, today) for line in report.tradelines if (opened := day(line.openedOn))]
    thick = len(report.tradelines) >= policy.thinTradelines and max(ages, default=0) >= policy.thinMonths
    return "FULL" if thick else "THIN"


def _position(report: CreditReport) -> Decimal | None:
    """Where the score stands between the worst (0) and the best (100) of its scale."""
    scale = report.scale
    if report.score is None or scale is None or scale.highest <= scale.lowest:
        return None
    share = Decimal(100 * (report.score - scale.lowest)) / (scale.highest - scale.lowest)
    if not 0 <= share <= 100:
        return None
    return (share if scale.higherIsBetter else 100 - share).quantize(Decimal("0.1"))


def _instalment(line: Tradeline, policy: CreditPolicy) -> Money:
    if line.instalment is not None:
        return line.instalment
    share = policy.instalmentShares.get(line.kind, policy.instalmentShares["otherwise"])
    owed = line.outstanding
    return Money(amount=f"{decimal(owed.amount) * share:f}", currency=owed.currency)


def _sum(amounts: Iterable[Money], currency: str, rates: Rates) -> Figure:
    try:
        total = sum((rates.money(amount, currency) for amount in amounts), Decimal(0))
    except ValueError:
        return Figure(None, currency)
    return Figure(total.quantize(Decimal("0.01")), currency)


def _undeclared(outstanding: Figure, declared: Figure, requested: Money) -> Figure:
    """The debts that the bureau knows and the applicant has not told of, in percent of what is asked for."""
    known, told, asked = outstanding.value, declared.value, decimal(requested.amount)
    if not isinstance(known, Decimal) or not isinstance(told, Decimal) or asked <= 0:
        return Figure(None, "percent")
    share = 100 * max(known - told, Decimal(0)) / asked
    return Figure(share.quantize(Decimal("0.1")), "percent")


def _late(lines: Iterable[Tradeline], days: int, months: int) -> Decimal:
    """In how many months of the last ones a debt was late by so many days."""
    return Decimal(sum(late >= days for line in lines for late in line.history[:months]))


def _arrears(lines: Sequence[Tradeline]) -> Mapping[str, Figure]:
    return {name: Figure(Decimal(count), COUNT) for name, count in in_bucket(line.daysLate for line in lines).items()}


def _recent(dates: Iterable[str], months: int, today: date) -> Decimal:
    """How many of the days are so recent; one that is no day counts, as it cannot be told to be long ago."""
    found = [day(text) for text in dates]
    return Decimal(sum(one is None or whole_months(one, today) < months for one in found))
