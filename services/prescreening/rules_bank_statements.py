"""Bank statements: whole, unchanged and the applicant's; what is on the account and what comes and goes is stable."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, cast

from pydantic import Field, field_validator

from libs.events.models import Application, CheckRequested, Individual, Measure
from libs.events.record import Record
from services.prescreening.bank import problems
from services.prescreening.bank.adding_up import of_one
from services.prescreening.bank.figures import Asked, figures
from services.prescreening.bank.joining import joined
from services.prescreening.bank.months import Account, Month, account
from services.prescreening.bank.owner import name_accounts, of_whom
from services.prescreening.bank.problems import Problem
from services.prescreening.judging.annuity import instalment
from services.prescreening.judging.table import RESULTS, Figure, Judging, Table, Word, measures
from services.prescreening.policy import Policy
from services.prescreening.rules import MISSING_DATA, Judged, Verdict, told
from services.prescreening.statements.form import Statement

ABOUT, COUNT = "BANK_STATEMENT", "count"
NO_STATEMENT, NONE_PASSES = "BANK_STATEMENT_MISSING", "none"
# How many of the places where something is wrong are told; all of them are counted.
TOLD = 3
LATER = (
    *("income.median", "income.regular", "spending.median", "surplus.median", "month_end_balance.median"),
    "statement.months",
)
CARD = "OFX card"


class Regularity(Record):
    """When income is regular: a payer pays in this share of the months, amounts that deviate so much at most."""

    share: Annotated[Decimal, Field(gt=0, le=1)]
    spread: Annotated[Decimal, Field(ge=0)]


class BankPolicy(Table):
    """The rows; how many of the last whole months are looked at, and what each thing found in the statements means.

    `edgeDays`: how many days of a month may lack at the ends of what is told. `endsEarlyDays`: how many days before
    another's one account's statements may end. `annualRate`: of the loan asked for, 0.1 for 10 %. `sameOwner`: from
    which likeness on a name is the same.
    """

    months: Annotated[int, Field(ge=1, le=60)]
    edgeDays: Annotated[int, Field(ge=0, le=15)]
    endsEarlyDays: Annotated[int, Field(ge=0)]
    annualRate: Annotated[Decimal, Field(ge=0, le=2)]
    sameOwner: Annotated[int, Field(ge=0, le=100)]
    regular: Regularity
    problems: dict[str, Word]

    @field_validator("problems")
    @classmethod
    def _all_are_told(cls, given: dict[str, Word]) -> dict[str, Word]:
        if given.keys() != problems.CODES:
            raise ValueError(f"each of {', '.join(sorted(problems.CODES))} is to be there, and no other")
        return given


@dataclass(frozen=True, slots=True)
class Gathered:
    """The statements read, and the files that were refused, by their names with the reason."""

    statements: Sequence[Statement]
    refused: Sequence[tuple[str, str]]
    units: Mapping[str, int]
    """Decimals by currency."""


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging = cast(Judging[BankPolicy], policy.document)
    application = request.application
    assert application is not None
    applicant = {"applicant": "COMPANY" if application.company else "PERSON"}
    refused = [Problem(problems.REFUSED, reason, file) for file, reason in gathered.refused]
    statements = name_accounts(
        gathered.statements, {file.fileId or file.sha256: file.account or "" for file in application.files}
    )
    if not statements:
        none = judging.because(NO_STATEMENT, ABOUT, MISSING_DATA, Figure(Decimal(0), COUNT), "at least 1")
        return Verdict([*_problems(refused, judging), none])
    accounts, between = _accounts(statements)
    currency = _currency(application, accounts)
    found = [
        *refused,
        *between,
        *_of_each(statements, application, request.individual, gathered.units, judging.table, now.date()),
        *_of_currency(application, currency),
        *_ending_early(accounts, judging.table.endsEarlyDays),
    ]
    asked = _asked(judging.table, currency, gathered.units)
    current = [one for (_, of, form), one in accounts.items() if of == currency and form != CARD]
    cards = [one for (_, of, form), one in accounts.items() if of == currency and form == CARD]
    monthly = instalment(Decimal(application.requestedAmount.amount), judging.table.annualRate, application.termMonths)
    figured = figures(current, cards, asked, monthly, now.date())
    judged = [*_problems(found, judging), *judging.judge(ABOUT, figured.figures, applicant)]
    return Verdict([*judged, _chart(figured.months, currency)], measures(figured.figures, LATER))


Accounts = Mapping[tuple[str, str, str], Account]


def _accounts(statements: Iterable[Statement]) -> tuple[Accounts, list[Problem]]:
    """By number, currency and whether it is a card's, and what is wrong between the statements of one."""
    grouped: dict[tuple[str, str, str], list[Statement]] = defaultdict(list)
    for statement in statements:
        grouped[(statement.account, statement.currency, CARD if statement.form == CARD else "")].append(statement)
    accounts, found = {}, list[Problem]()
    for key, several in grouped.items():
        ordered, between = joined(several)
        found.extend(between)
        if (one := account(ordered)) is not None:
            accounts[key] = one
    return accounts, found


def _of_each(
    statements: Iterable[Statement],
    application: Application,
    person: Individual,
    units: Mapping[str, int],
    table: BankPolicy,
    today: date,
) -> Iterator[Problem]:
    for statement in statements:
        yield from of_one(statement, units, today)
        yield from of_whom(statement, application, person, table.sameOwner)


def _currency(application: Application, accounts: Accounts) -> str:
    """The currency that is asked for, where some account has it; else that with the most lines."""
    lines: dict[str, int] = defaultdict(int)
    for (_, currency, _), one in accounts.items():
        lines[currency] += len(one.lines)
    asked = application.requestedAmount.currency
    return asked if asked in lines or not lines else max(lines, key=lambda currency: (lines[currency], currency))


def _of_currency(application: Application, currency: str) -> Iterator[Problem]:
    asked = application.requestedAmount.currency
    if currency != asked:
        yield Problem(problems.CURRENCY, f"no account is in {asked}, which is asked for; the figures are in {currency}")


def _ending_early(accounts: Accounts, days: int) -> Iterator[Problem]:
    latest = max((one.ends for one in accounts.values()), default=date.min)
    for one in accounts.values():
        if (early := (latest - one.ends).days) > days:
            yield Problem(problems.ENDS_EARLY, f"the statements of one account end {early} days before another's")


def _asked(table: BankPolicy, currency: str, units: Mapping[str, int]) -> Asked:
    unit = Decimal(1).scaleb(-units.get(currency, 2))
    return Asked(table.months, table.edgeDays, table.regular.share, table.regular.spread, currency, unit)


def _problems(found: Iterable[Problem], judging: Judging[BankPolicy]) -> Iterator[Judged]:
    """One judgement for each kind of thing in each file: how often, and where first."""
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for problem in found:
        grouped[(problem.code, problem.file)].append(problem.told)
    for (code, file), places in grouped.items():
        times = Figure(Decimal(len(places)), COUNT)
        judged = judging.because(code, ABOUT, RESULTS[judging.table.problems[code]], times, NONE_PASSES)
        more = f"; and {len(places) - TOLD} more" if len(places) > TOLD else ""
        message = f"{judged.message}: {'; '.join(places[:TOLD])}{more}"
        yield replace(judged, message=message, object_id=file or None)


def _chart(found: Sequence[Month], currency: str) -> Judged:
    """The months as they were, from which a chart is drawn."""
    return Judged(
        RESULTS["PASS"],
        "BANK_STATEMENT_MONTHS",
        f"{len(found)} whole months",
        ABOUT,
        tuple(measure for month in found for measure in _of_month(month, currency)),
    )


def _of_month(month: Month, currency: str) -> Iterator[Measure]:
    end = None if month.end_balance is None else f"{month.end_balance:f}"
    yield told(f"month.{month.name}.end_balance", end, currency)
    yield told(f"month.{month.name}.income", f"{month.income:f}", currency)
    yield told(f"month.{month.name}.spending", f"{month.spending:f}", currency)
