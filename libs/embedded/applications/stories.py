"""The stories: who applies, what their year was like, and what it is therefore to come to.

A story is told by its own numbers, which no limit was set on; what is expected follows from the story and not from
running the rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from libs.embedded.applications import applicants, life, numbers
from libs.embedded.applications.applicants import Applicant, Credit, Json, Known, money
from libs.embedded.applications.case import Expected
from libs.embedded.applications.life import Business, Household, Year
from libs.embedded.applications.yearly import Accounts
from libs.events.models import DateOfBirth, ExecutionStatus, Name, StepResultCode

BANK, CUSTOMER, CREDIT = "BANK_STATEMENTS", "CUSTOMER_INFORMATION", "EXTERNAL_CREDIT_REPORT"
ACCEPTED = Expected(status=ExecutionStatus.PASS)


def rejected(step: str) -> Expected:
    """A step fails and ends it."""
    return Expected(status=ExecutionStatus.FAIL, step=step, result=StepResultCode.FAIL)


def looked_at(step: str, result: str = "PARTIAL") -> Expected:
    """A person looks at it, for what a step found or could not."""
    return Expected(status=ExecutionStatus.REVIEW, step=step, result=StepResultCode(result))


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that goes into an application; a story changes what it is about."""

    amount: int = 9_500
    term: int = 48
    purpose: str = "CAR"
    household: Household = field(default_factory=lambda: Household(salary=3_150, rent=880, spending=1_420))
    business: Business = field(default_factory=lambda: Business(92_000, 38_500, 24_500, 4_100))
    accounts: Accounts = field(default_factory=Accounts)
    credit: Credit | None = field(default_factory=Credit)
    consents: tuple[str, ...] = ("CREDIT_REPORT", "DATA_SOURCES", "BANK_STATEMENTS")
    applicant: Callable[[Applicant], Applicant] = lambda one: one
    registers: Callable[[Known], Known] = lambda known: known
    owner: str | None = None
    loans: Callable[[Applicant, date], list[Json]] = lambda one, today: []
    shown: Callable[[Year], Year] = lambda year: year
    months: Callable[[list[date]], list[date]] = lambda months: months
    bomb: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A story and what it comes to; of a person's, or of a company's. `forms`: of statements that show what it is
    about: OFX has no opening balance and says nothing of returns, MT940 names no owner, a table has no numbers."""

    name: str
    note: str
    expected: Expected
    plan: Plan = field(default_factory=Plan)
    company: bool = False
    forms: tuple[str, ...] = ()


COMPANY = Plan(amount=42_000, term=36, purpose="MACHINERY", credit=Credit(position=84))
SEASON = (0.0, 0.0, 0.0, 0.5, 1.4, 1.6, 1.7, 1.7, 1.6, 1.2, 0.0, 0.0)
SHOWING_BALANCES, SHOWING_OWNERS = ("CAMT053", "MT940"), ("CAMT053", "CSV")


def _loan(one: Applicant, today: date, status: str, owed: int, **more: Any) -> Json:
    since = {"openedOn": f"{today.year - 3}-01-15"}
    return {
        "loanId": f"L-{one.entity_id}-{status}", "party": f"entity:{one.entity_id}", "status": status,
        "currency": applicants.CURRENCY, "outstanding": str(owed), **since, **more,
    }  # fmt: skip


def _called(given: str, family: str, born: str) -> Callable[[Applicant], Applicant]:
    def named(one: Applicant) -> Applicant:
        person = one.individual.model_copy(update={"name": Name(givenName=given, familyName=family)})
        return replace(one, individual=person.model_copy(update={"dateOfBirth": DateOfBirth(normalized=born)}))

    return named


def _mail_at(domain: str) -> Callable[[Applicant], Applicant]:
    return lambda one: replace(
        one, individual=one.individual.model_copy(update={"emailAddresses": [f"a{one.number}@{domain}"]})
    )


def _misread(one: Applicant) -> Applicant:
    return replace(one, iban=numbers.misread(one.iban))


def _status(word: str) -> Callable[[Known], Known]:
    return lambda known: replace(known, companies=[{**one, "status": word} for one in known.companies])


def _run_by(given: str, family: str) -> Callable[[Known], Known]:
    other = {"role": "DIRECTOR", "name": {"givenName": given, "familyName": family}, "dateOfBirth": "1961-04-09"}
    return lambda known: replace(known, companies=[{**one, "officers": [other]} for one in known.companies])


def _without_one(months: list[date]) -> list[date]:
    return [*months[:6], *months[7:]]


PERSONS = (
    Story("salaried", "a steady salary, some of it put aside", ACCEPTED),
    Story(
        "salaried-carrying",
        "a car loan that is carried easily and told of",
        ACCEPTED,
        Plan(
            household=Household(salary=3_820, rent=990, spending=1_600),
            credit=Credit(79, (("LOAN", 5_400, 190, 0),)),
        ),
    ),
    Story(
        "returning",
        "two earlier loans of ours, paid on the day",
        ACCEPTED,
        Plan(
            amount=6_200,
            term=30,
            loans=lambda one, today: [
                _loan(one, today, "SETTLED", 0, closedOn=f"{today.year - 1}-01-15", worstDaysLate="2"),
            ],
        ),
    ),
    Story(
        "seasonal",
        "works from spring to autumn, nothing comes in in winter",
        rejected(BANK),
        Plan(household=Household(2_900, 520, 690, "Strandhotel Seestern", SEASON, opening=6_900, saved=0)),
    ),
    Story(
        "half-seasonal",
        "a small job all year round, and more than twice as much in the season",
        looked_at(BANK),
        Plan(
            amount=6_000,
            household=Household(1_550, 510, 640, "Gasthof zur Fähre", SEASON, 3_900, 0.5, second_job=720),
        ),
    ),
    Story(
        "failing",
        "spends more than comes in, and overdraws the account",
        rejected(BANK),
        Plan(household=Household(salary=2_180, rent=930, spending=1_610, opening=900, saved=0)),
    ),
    Story(
        "returned",
        "payments come back month after month",
        rejected(BANK),
        Plan(household=Household(salary=2_650, rent=860, spending=1_450, returned=11)),
        forms=SHOWING_BALANCES,
    ),
    Story(
        "tampered",
        "one salary was raised after the bank had written it",
        rejected(BANK),
        Plan(shown=lambda year: life.edited(year, Decimal("1000.00"))),
        forms=SHOWING_BALANCES,
    ),
    Story(
        "over-indebted",
        "three debts eat most of the salary",
        rejected("ONGOING_LOANS"),
        Plan(
            household=Household(salary=3_480, rent=610, spending=900),
            credit=Credit(66, (("LOAN", 21_000, 890, 0), ("LOAN", 9_800, 540, 0), ("CARD", 6_100, 320, 0))),
        ),
    ),
    Story(
        "defaulted",
        "a telephone bill went to court and still is not paid",
        rejected(CREDIT),
        Plan(credit=Credit(57, defaults=({"amount": money(640), "on": "2025-02-11"},))),
    ),
    Story("low-score", "a score near the bottom of the scale", rejected(CREDIT), Plan(credit=Credit(position=12))),
    Story(
        "no-consent",
        "the bureau may not be asked",
        looked_at(CREDIT, "MISSING_DATA"),
        Plan(consents=("DATA_SOURCES", "BANK_STATEMENTS")),
    ),
    Story("unknown", "no register of persons knows them", looked_at(CUSTOMER), Plan(registers=lambda known: Known())),
    Story("misread", "an IBAN with a digit misread", rejected(CUSTOMER), Plan(applicant=_misread)),
    Story(
        "written-off",
        "an earlier loan of ours was never paid",
        rejected("PAYMENT_HISTORY"),
        Plan(loans=lambda one, today: [_loan(one, today, "WRITTEN_OFF", 2_300, worstDaysLate="210")]),
    ),
    Story(
        "in-arrears",
        "owes us an instalment for more than three months",
        rejected("ONGOING_LOANS"),
        Plan(
            loans=lambda one, today: [
                _loan(
                    one, today, "CURRENT", 3_100, instalment="145", overdue="580", daysLate="118", worstDaysLate="21"
                ),
            ]
        ),
    ),
    Story(
        "listed",
        "an e-mail domain that the customer blocks",
        rejected("FRAUD"),
        Plan(applicant=_mail_at("throwaway.example")),
    ),
    Story(
        "sanctioned",
        "bears the name and birthday of somebody on the sanctions list",
        looked_at("FRAUD"),
        Plan(applicant=_called("Hui-ning", "Luo", "1954-10-05"), term=24, amount=5_000),
    ),
    Story("too-short", "statements of two months only", rejected(BANK), Plan(months=lambda months: months[-2:])),
    Story(
        "gap",
        "one month of statements is not there",
        looked_at(BANK),
        Plan(months=_without_one),
        forms=SHOWING_BALANCES,
    ),
    Story("hostile", "one of the files is a bomb of entities", looked_at(BANK, "MISSING_DATA"), Plan(bomb=True)),
    Story(
        "another's",
        "the statements are of somebody else's account",
        rejected(BANK),
        Plan(owner="Torben Ostermann"),
        forms=SHOWING_OWNERS,
    ),
    Story(
        "too-much",
        "asks for far more than the salary carries",
        looked_at("FINAL_DECISION"),
        Plan(amount=92_000, term=84, household=Household(salary=1_980, rent=590, spending=860)),
    ),
)
COMPANIES = (
    Story("sound", "grows slowly and earns well", ACCEPTED, COMPANY, company=True),
    Story(
        "dissolved",
        "the register has it as dissolved",
        rejected(CUSTOMER),
        replace(COMPANY, registers=_status("DISSOLVED")),
        company=True,
    ),
    Story(
        "not-theirs",
        "the applicant runs no such company",
        rejected(CUSTOMER),
        replace(COMPANY, registers=_run_by("Volkmar", "Ettinghausen")),
        company=True,
    ),
    Story(
        "exposed",
        "the group owes nearly as much as one may",
        rejected("INTERNAL_EXPOSURE"),
        replace(COMPANY, loans=lambda one, today: [_loan(one, today, "CURRENT", 148_500, instalment="1900")]),
        company=True,
    ),
    Story(
        "losing",
        "two years of losses",
        rejected("FINANCIAL_STATEMENTS"),
        replace(
            COMPANY,
            accounts=Accounts(
                revenue=(1_060, 930, 840),
                operating=(22, -74, -131),
                tax=(5, 0, 0),
                equity=(190, 108, -33),
            ),
        ),
        company=True,
    ),
    Story(
        "cooked",
        "assets are not what equity and liabilities come to",
        rejected("FINANCIAL_STATEMENTS"),
        replace(COMPANY, accounts=Accounts(off_by=57)),
        company=True,
    ),
    Story(
        "leveraged",
        "owes the banks many years of earnings",
        rejected("FINANCIAL_STATEMENTS"),
        replace(
            COMPANY,
            accounts=Accounts(
                operating=(61, 58, 63),
                interest=(52, 55, 57),
                tax=(2, 1, 1),
                debt=(1_150, 1_240, 1_310),
                equity=(70, 72, 77),
            ),
        ),
        company=True,
    ),
    Story(
        "company-tampered",
        "a payment of a client was raised",
        rejected(BANK),
        replace(COMPANY, shown=lambda year: life.edited(year, Decimal("8000.00"))),
        company=True,
        forms=SHOWING_BALANCES,
    ),
)
RING = Story("ring", "one telephone, one person after the other", ACCEPTED, Plan(amount=4_000, term=24))


RING_COMES_TO = (ACCEPTED, ACCEPTED, looked_at("FRAUD"), looked_at("FRAUD"), rejected("FRAUD"))


def ring() -> Iterator[Story]:
    """Persons apply on one device, one after the other: two may share it, two more are looked at."""
    for expected in RING_COMES_TO:
        yield replace(RING, expected=expected)
