"""Customer information: whether person and company are as the registers have them, and what they give can be so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from libs.comparing.dates import DateStrengths
from libs.comparing.words import Words
from libs.events.models import Application, CheckRequested, Company, Individual, Officer, ReferenceVersion
from services.prescreening.company_names import likeness
from services.prescreening.days import day, whole_months
from services.prescreening.identity import application_of, best_address, kind_of, same_birth, same_name
from services.prescreening.judging.consent import Agreed
from services.prescreening.judging.money import decimal
from services.prescreening.judging.table import Figure, Judging, Table, measures
from services.prescreening.numbers import Kinds, checked
from services.prescreening.policy import Policy
from services.prescreening.rules import Verdict
from services.prescreening.sources.answers import SourceAnswer, calls
from services.prescreening.sources.port import CompanyRecord, PersonRecord, RecordedOfficer

STRENGTH, COUNT, WORD = "strength", "count", "word"
# Before this year there is no company, and nobody who lives.
FIRST_YEAR = 1600
LATER = ("person.name", "person.dob", "person.address", "company.name")

Figures = dict[str, Figure]


class CustomerPolicy(Table):
    """The rows, what a date of birth that nearly agrees is worth, whose match counts, and the consents to ask.

    `officerEnough`: from which strength on an officer that the applicant names is one of the register's;
    `youngestOfficer`: in years, when the company was begun.
    """

    dateStrengths: DateStrengths
    officerRoles: frozenset[str]
    officerEnough: int
    youngestOfficer: int
    consents: dict[str, Agreed]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the registers answered, and what names and numbers are compared with."""

    companies: Sequence[SourceAnswer[CompanyRecord]]
    persons: Sequence[SourceAnswer[PersonRecord]]
    words: Words
    kinds: Kinds
    references: Sequence[ReferenceVersion] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    policy: CustomerPolicy
    words: Words
    kinds: Kinds


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    application, person = application_of(request), request.individual
    judging: Judging[CustomerPolicy] = policy.document
    known = _Known(judging.table, gathered.words, gathered.kinds)
    numbers = checked(application, person, known.kinds)
    implausible = len(set(_implausible(application, person, known, now)))
    figures: Figures = {
        **_request(application),
        **{f"number.{kind}": Figure(problem, WORD) for kind, problem in numbers.items()},
        **_ages(person, application, now.date()),
        "dates.implausible": Figure(Decimal(implausible), COUNT),
        **_person(person, gathered.persons, known),
    }
    if application.company is not None:
        figures |= _company(application.company, person, gathered.companies, known, now.date())
    return Verdict(
        judging.judge("CUSTOMER", figures, {"applicant": kind_of(application)}),
        measures(figures, LATER),
        calls(gathered.companies, gathered.persons),
        gathered.references,
    )


def _request(application: Application) -> Figures:
    asked = application.requestedAmount
    try:
        amount = decimal(asked.amount)
    except ValueError:
        return {"request.amount": Figure(None, asked.currency)}
    return {
        "request.amount": Figure(amount, asked.currency),
        "request.term": Figure(Decimal(application.termMonths), "months"),
    }


def _ages(person: Individual, application: Application, today: date) -> Figures:
    born = day(person.dateOfBirth.normalized) if person.dateOfBirth else None
    months = whole_months(born, today) if born else None
    return {
        "person.age": _years(months),
        "person.age.at_end": _years(months + application.termMonths if months is not None else None),
    }


def _years(months: int | None) -> Figure:
    return Figure(None if months is None else Decimal(months // 12), "years")


def _implausible(application: Application, person: Individual, known: _Known, now: datetime) -> Iterator[str]:
    """Dates that cannot be: no day of the calendar, not yet come, or in an order that is not possible."""
    today = now.date()
    company, born = application.company, person.dateOfBirth
    incorporated = company.incorporatedOn if company else None
    officers = company.officers if company else []
    birthdays = [officer.dateOfBirth for officer in officers if officer.dateOfBirth]
    for text in filter(None, [born.normalized if born else None, incorporated, *birthdays]):
        found = day(text)
        if found is None or found > today or found.year < FIRST_YEAR:
            yield text
    for file in application.files:
        begins, ends = day(file.periodFrom), day(file.periodTo)
        if begins and ends and (ends < begins or begins > today):
            yield file.sha256
    yield from (consent.kind for consent in application.consents if consent.givenAt > now)
    begun = day(incorporated)
    for text in birthdays:
        found = day(text)
        if begun and found and whole_months(found, begun) < 12 * known.policy.youngestOfficer:
            yield text


def _person(person: Individual, answers: Sequence[SourceAnswer[PersonRecord]], known: _Known) -> Figures:
    records = [record for answer in answers for record in answer.records]
    found = {"person.registers": _registers(answers)}
    if not records:
        return found
    record = max(records, key=lambda one: (_name(person, one, known), _born(person, one, known) or 0))
    return found | {
        "person.name": Figure(Decimal(_name(person, record, known)), STRENGTH),
        "person.dob": _strength(_born(person, record, known)),
        "person.address": _strength(best_address(person.addresses, record.addresses, known.words)),
    }


def _registers(answers: Sequence[SourceAnswer[Any]]) -> Figure:
    """How many registers know the applicant; not known where none does and one could not say."""
    knowing = sum(bool(answer.records) for answer in answers)
    told = any(answer.given for answer in answers) and all(answer.error is None for answer in answers)
    return Figure(Decimal(knowing) if knowing or told else None, COUNT)


def _strength(found: int | None) -> Figure:
    return Figure(None if found is None else Decimal(found), STRENGTH)


def _name(person: Individual, record: PersonRecord, known: _Known) -> int:
    ours, theirs = (person.name, *person.alternateNames), (record.name, *record.otherNames)
    return max(same_name(a, b, known.words) for a in ours for b in theirs)


def _born(person: Individual, record: PersonRecord | RecordedOfficer, known: _Known) -> int | None:
    given = person.dateOfBirth.normalized if person.dateOfBirth else None
    return same_birth(given, record.dateOfBirth, known.policy.dateStrengths)


def _company(
    company: Company,
    person: Individual,
    answers: Sequence[SourceAnswer[CompanyRecord]],
    known: _Known,
    today: date,
) -> Figures:
    records = [record for answer in answers for record in answer.records]
    found = {"company.registers": _registers(answers)}
    if not records:
        return found
    record = max(records, key=lambda one: (_same(company.registerNumber, one.registerNumber), _called(company, one)))
    return {
        **found,
        **_agrees(company, record),
        "company.status": Figure(record.status, WORD),
        "company.name": Figure(Decimal(_called(company, record)), STRENGTH),
        "company.incorporated.off": _days_off(company.incorporatedOn, record.incorporatedOn),
        "company.age": _months_old(record.incorporatedOn or company.incorporatedOn, today),
        **_officers(company, person, record, known),
    }


def _called(company: Company, record: CompanyRecord) -> int:
    return max(likeness(company.name, name) for name in (record.name, *record.otherNames))


def _agrees(company: Company, record: CompanyRecord) -> Mapping[str, Figure]:
    """Numbers and country are the same or not; one that a side does not give is not known."""
    return {
        "company.number": _agreement(company.registerNumber, record.registerNumber),
        "company.country": _agreement(company.country, record.country),
        "company.lei": _agreement(company.lei, record.lei),
        "company.vat": _agreement(company.vatNumber, record.vatNumber),
    }


def _agreement(a: str | None, b: str | None) -> Figure:
    given = a and b
    return Figure(("agrees" if _same(a, b) else "differs") if given else None, WORD)


def _same(a: str | None, b: str | None) -> bool:
    return _plain(a) == _plain(b) != ""


def _plain(number: str | None) -> str:
    return "".join(letter for letter in (number or "").upper() if letter.isalnum()).lstrip("0")


def _days_off(a: str | None, b: str | None) -> Figure:
    one, other = day(a), day(b)
    return Figure(Decimal(abs((one - other).days)) if one and other else None, "days")


def _months_old(since: str | None, today: date) -> Figure:
    begun = day(since)
    return Figure(Decimal(whole_months(begun, today)) if begun else None, "months")


def _officers(company: Company, person: Individual, record: CompanyRecord, known: _Known) -> Figures:
    """How well the applicant agrees with the officer that they are likest to, and who else the register has not."""
    acting = [one for one in record.officers if one.resignedOn is None and one.role in known.policy.officerRoles]
    matched = [(same_name(person.name, officer.name, known.words), _born(person, officer, known)) for officer in acting]
    name, born = max(matched, key=lambda one: (one[0], one[1] or 0), default=(0, None))
    strangers = sum(not _listed(given, record, known) for given in company.officers)
    return {
        "officer.name": Figure(Decimal(name), STRENGTH),
        "officer.dob": _strength(born),
        "officers.unknown": Figure(Decimal(strangers), COUNT),
    }


def _listed(given: Officer, record: CompanyRecord, known: _Known) -> bool:
    return any(same_name(given.name, one.name, known.words) >= known.policy.officerEnough for one in record.officers)
