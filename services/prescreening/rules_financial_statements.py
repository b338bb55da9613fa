"""Financial statements: they add up, are the company's, and its profit pays for the loan."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast

from pydantic import Field, field_validator

from libs.events.models import Application, CheckRequested, Company, Measure
from services.prescreening.accounts import equations
from services.prescreening.accounts.equations import Equation, Wrong, between, merged, within
from services.prescreening.accounts.form import ITEMS, Accounts, Year
from services.prescreening.accounts.ratios import Loan, ebitda, ratios
from services.prescreening.judging.annuity import instalment
from services.prescreening.judging.table import RESULTS, Figure, Judging, Table, Word, measures
from services.prescreening.policy import Policy
from services.prescreening.rules import MISSING_DATA, PASS, Judged, Verdict, told

ABOUT, COUNT = "FINANCIAL_STATEMENT", "count"
MISSING, NONE_PASSES = "FINANCIAL_STATEMENT_MISSING", "none"
REFUSED, ENTITY, CURRENCY = "ACCOUNTS_REFUSED", "COMPANY_DIFFERS", "ACCOUNTS_IN_ANOTHER_CURRENCY"
CODES = frozenset({equations.SUM, equations.COMPARATIVE, equations.CONTRADICTION, REFUSED, ENTITY, CURRENCY})
TOLD = 3
LATER = ("ebitda", "revenue", "profit", "dscr", "leverage", "equity")
# Who gives a company the number by which a statement names it.
LEI, REGISTER = re.compile(r".*iso.*17442.*"), re.compile(r".*companieshouse\.gov\.uk.*|.*register.*")


class AccountsPolicy(Table):
    """The rows; who has to give statements, what must add up, and what each thing found in them means.

    `annualRate`: of the loan asked for, 0.1 for 10 %. `currentDebtIsPaid`: whether borrowings that fall due within a
    year count as paid back in it.
    """

    asked: tuple[Literal["PERSON", "COMPANY"], ...]
    annualRate: Annotated[Decimal, Field(ge=0, le=2)]
    currentDebtIsPaid: bool
    equations: tuple[Equation, ...]
    problems: dict[str, Word]

    @field_validator("problems")
    @classmethod
    def _all_are_told(cls, given: dict[str, Word]) -> dict[str, Word]:
        if given.keys() != CODES:
            raise ValueError(f"each of {', '.join(sorted(CODES))} is to be there, and no other")
        return given

    @field_validator("equations")
    @classmethod
    def _of_items(cls, given: tuple[Equation, ...]) -> tuple[Equation, ...]:
        unknown = {name for one in given for name in (one.total, *one.parts, *one.optional)} - ITEMS
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))} is no item")
        return given


@dataclass(frozen=True, slots=True)
class Gathered:
    """The statements read, and the files that were refused, by their names with the reason."""

    accounts: Sequence[Accounts]
    refused: Sequence[tuple[str, str]]


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging = cast(Judging[AccountsPolicy], policy.document)
    application = request.application
    assert application is not None
    applicant = "COMPANY" if application.company else "PERSON"
    refused = [Wrong(REFUSED, reason, file) for file, reason in gathered.refused]
    if not gathered.accounts:
        return Verdict([*_problems(refused, judging), _without(applicant, judging)])
    currency = _currency(gathered.accounts)
    accounts = [one for one in gathered.accounts if one.currency == currency]
    years = merged(accounts)
    found = [
        *refused,
        *(wrong for one in gathered.accounts for wrong in within(one, judging.table.equations)),
        *between(accounts),
        *_of_another(gathered.accounts, application.company),
        *_in_another_currency(application, currency),
    ]
    loan = _loan(application, currency, judging.table)
    figures = ratios(years, currency, loan, judging.table.currentDebtIsPaid, now.date())
    judged = [*_problems(found, judging), *judging.judge(ABOUT, figures, {"applicant": applicant})]
    return Verdict([*judged, _by_year(years, currency)], measures(figures, LATER))


def _without(applicant: str, judging: Judging[AccountsPolicy]) -> Judged:
    """Nothing was given, or nothing that can be read; of some applicants nothing is asked."""
    if applicant in judging.table.asked:
        return judging.because(MISSING, ABOUT, MISSING_DATA, Figure(Decimal(0), COUNT), "at least 1")
    return Judged(PASS, "FINANCIAL_STATEMENT_NOT_ASKED", f"of a {applicant.lower()} none is asked", ABOUT)


def _currency(accounts: Iterable[Accounts]) -> str:
    """That of the latest year."""
    return max(accounts, key=lambda one: (one.years[0].ends, one.currency)).currency


def _loan(application: Application, currency: str, table: AccountsPolicy) -> Loan | None:
    asked = application.requestedAmount
    if asked.currency != currency:
        return None
    amount = Decimal(asked.amount)
    return Loan(amount, instalment(amount, table.annualRate, application.termMonths) * min(12, application.termMonths))


def _in_another_currency(application: Application, currency: str) -> Iterator[Wrong]:
    asked = application.requestedAmount.currency
    if asked != currency:
        yield Wrong(CURRENCY, f"the statements are in {currency}, the request is in {asked}", "")


def _of_another(accounts: Iterable[Accounts], company: Company | None) -> Iterator[Wrong]:
    """The number that a statement names its company by is the applicant's, where both are given."""
    for one in accounts:
        if LEI.fullmatch(one.scheme):
            own = company.lei if company else None
        elif REGISTER.fullmatch(one.scheme) or not one.scheme:
            own = company.registerNumber if company else None
        else:
            own = None
        if own and one.entity and _plain(own) != _plain(one.entity):
            yield Wrong(ENTITY, "the statement is of a company with another number", one.file)


def _plain(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper()).lstrip("0")


def _problems(found: Iterable[Wrong], judging: Judging[AccountsPolicy]) -> Iterator[Judged]:
    """One judgement for each kind of thing in each file: how often, and where first."""
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for wrong in found:
        grouped[(wrong.code, wrong.file)].append(wrong.told)
    for (code, file), places in grouped.items():
        times = Figure(Decimal(len(places)), COUNT)
        judged = judging.because(code, ABOUT, RESULTS[judging.table.problems[code]], times, NONE_PASSES)
        more = f"; and {len(places) - TOLD} more" if len(places) > TOLD else ""
        yield replace(judged, message=f"{judged.message}: {'; '.join(places[:TOLD])}{more}", object_id=file or None)


def _by_year(years: Sequence[Year], currency: str) -> Judged:
    """The years as they were."""
    return Judged(
        PASS,
        "FINANCIAL_STATEMENT_YEARS",
        f"{len(years)} years",
        ABOUT,
        tuple(measure for year in years for measure in _of_year(year, currency)),
    )


def _of_year(year: Year, currency: str) -> Iterator[Measure]:
    amounts = {**year.items, "ebitda": ebitda(year)}
    for name in ("revenue", "ebitda", "interest", "profit", "assets", "liabilities", "equity", "debt"):
        value = amounts.get(name)
        if value is not None:
            yield told(f"year.{year.ends}.{name}", f"{value:f}", currency)
