"""Person and company against the registers, and what can be told of what they give alone."""

from datetime import timedelta
from typing import Any

import pytest

from libs.events.models import (
    Address,
    Application,
    BankAccount,
    Individual,
    NationalIdentifier,
    Officer,
    StepResultCode,
)
from services.prescreening import numbers
from services.prescreening.rules import FAIL, MISSING_DATA, PARTIAL, UNCHECKED, Verdict
from services.prescreening.rules_customer_information import Gathered, judge
from services.prescreening.sources.answers import SourceAnswer
from services.prescreening.sources.assembly import DATA
from services.prescreening.sources.local import companies, lines, persons
from services.prescreening.sources.port import About, CompanyRecord, PersonRecord
from tests.factory import application, person
from tests.services.prescreening.factory import (
    JONAS,
    NOW,
    WORDS,
    against,
    company,
    consent,
    figure,
    judged,
    name,
    policy,
    request,
)

KINDS = numbers.kinds((DATA / "numbers.csv").read_text().splitlines())
COMPANIES = {one.reference: one for one in lines(DATA / "registers/companies.jsonl", CompanyRecord)[0]}
PERSONS = {one.reference: one for one in lines(DATA / "registers/persons.jsonl", PersonRecord)[0]}
BLAUFINK, TOBIAS = COMPANIES["rc-1"], person("Tobias", "Wiesenrain", "1990-03-17")


def answered(*records: Any, error: str | None = None) -> SourceAnswer[Any]:
    return SourceAnswer(About(id="register", provider="registry"), NOW, NOW, tuple(records), error=error)


def of_company(record: CompanyRecord | None = BLAUFINK, who: Individual = JONAS, **more: Any) -> Verdict:
    """A company applies that the register has so."""
    applied = more.pop("applied", {})
    gathered = Gathered([answered(*([record] if record else []))], [answered()], WORDS, KINDS)
    asked = request(application(company=company(**more), **applied), individual=who)
    return judge(asked, gathered, policy("customerInformation"), NOW)


def of_person(who: Individual = TOBIAS, *records: PersonRecord, **applied: Any) -> Verdict:
    """A person applies that the register has so."""
    gathered = Gathered([], [answered(*(records or [PERSONS["rp-3"]]))], WORDS, KINDS)
    return judge(request(application(**applied), individual=who), gathered, policy("customerInformation"), NOW)


def changed(**more: Any) -> CompanyRecord:
    return BLAUFINK.model_copy(update=more)


def test_a_company_and_its_director_that_the_register_knows() -> None:
    found = of_company(lei=BLAUFINK.lei, vatNumber=BLAUFINK.vatNumber)
    assert against(found) == {}
    assert (figure(found, "company.status"), figure(found, "officer.name")) == ("ACTIVE", "100")
    assert [call.result for call in found.providers] == ["MATCH", "NO_MATCH"]


@pytest.mark.parametrize(
    ("record", "code", "value", "would_pass"),
    [
        (changed(status="LIQUIDATION"), "COMPANY_NOT_ACTIVE", "LIQUIDATION", "ACTIVE"),
        (changed(country="FRA"), "COMPANY_COUNTRY_DIFFERS", "differs", "agrees"),
        (changed(name="Rotfink Handel AG"), "COMPANY_NAME_DIFFERS", None, "at least 88"),
        (changed(registerNumber="HRB 5"), "COMPANY_NUMBER_DIFFERS", "differs", "agrees"),
        (changed(incorporatedOn="2013-05-12"), "COMPANY_DATE_DIFFERS", "365", "at most 0"),
        (changed(officers=[]), "OFFICER_DIFFERS", "0", "at least 88"),
        (changed(officers=BLAUFINK.officers[1:]), "OFFICER_DIFFERS", "0", "at least 88"),
        (None, "COMPANY_UNKNOWN", "0", "at least 1"),
    ],
)
def test_what_differs_from_the_register_fails_with_the_figure(
    record: CompanyRecord | None, code: str, value: str | None, would_pass: str
) -> None:
    found = of_company(record)
    assert against(found)[code] is FAIL
    (measure,) = judged(found, code).measures
    assert value is None or measure.value == value
    assert (measure.wouldPass, measure.passed) == (would_pass, False)


def test_a_name_is_the_same_in_another_spelling() -> None:
    assert against(of_company(name="BLAUFINK Werkzeuge Gesellschaft mit beschränkter Haftung")) == {}
    assert against(of_company(registerNumber="hrb900101")) == {}


def test_a_date_of_birth_with_a_slip_is_looked_at() -> None:
    found = of_company(who=person("Jonas", "Achterberg", "1979-08-12"))
    assert against(found) == {"OFFICER_DOB_DIFFERS": PARTIAL}


def test_an_officer_whom_the_register_has_not_is_looked_at() -> None:
    found = of_company(officers=[Officer(role="DIRECTOR", name=name("Somebody Else"))])
    assert against(found) == {"OFFICER_UNKNOWN": PARTIAL}


@pytest.mark.parametrize(
    ("given", "code", "problem"),
    [
        ({"lei": "9999BLAUFINKWERK0104"}, "LEI_INVALID", "LEI: wrong check digits"),
        ({"lei": "9999BLAUFINKWERK01"}, "LEI_INVALID", "LEI: wrong check digits"),
        ({"vatNumber": "DE999001011"}, "VAT_NUMBER_INVALID", "VAT: wrong check digits"),
        ({"vatNumber": "XX999001011"}, "VAT_NUMBER_INVALID", "VAT: a prefix of no country that has VAT numbers"),
        (
            {"nationalIdentifiers": [NationalIdentifier(kind="ABN", number="83 914 571 674")]},
            "NATIONAL_NUMBER_INVALID",
            "ABN: wrong check digits",
        ),
        (
            {"nationalIdentifiers": [NationalIdentifier(kind="SIREN", number="12345")]},
            "NATIONAL_NUMBER_INVALID",
            "SIREN: wrong length",
        ),
        (
            {"applied": {"accounts": [BankAccount(iban="DE89370400440532013001")]}},
            "IBAN_INVALID",
            "IBAN: wrong check digits",
        ),
    ],
)
def test_a_number_that_fails_its_test_is_told_with_the_test(given: dict[str, Any], code: str, problem: str) -> None:
    found = of_company(**given)
    assert against(found)[code] is FAIL
    assert judged(found, code).measures[0].value == problem


def test_a_number_of_a_kind_that_nobody_can_test_says_nothing() -> None:
    found = of_company(nationalIdentifiers=[NationalIdentifier(kind="KVK", number="1")])
    assert against(found) == {}


@pytest.mark.parametrize(
    ("who", "code", "result"),
    [
        (person("Tobias", "Wiesenrain", "1990-03-18"), "PERSON_DOB_DIFFERS", PARTIAL),
        (person("Tobias", "Wiesenrain", "1971-11-02"), "PERSON_DOB_DIFFERS", FAIL),
        (person("Gunther", "Abel", "1990-03-17"), "PERSON_NAME_DIFFERS", FAIL),
        (person("Tobias", "Wiesenrain", "2009-01-01"), "AGE_TOO_YOUNG", FAIL),
        (person("Tobias", "Wiesenrain", None), "AGE_TOO_YOUNG", MISSING_DATA),
        (person("Tobias", "Wiesenrain", "2030-01-01"), "DATE_IMPLAUSIBLE", FAIL),
        (person("Tobias", "Wiesenrain", "1950-01-01"), "AGE_AT_END", PARTIAL),
    ],
)
def test_a_person_against_the_register(who: Individual, code: str, result: StepResultCode) -> None:
    assert against(of_person(who))[code] is result


def test_an_address_that_differs_is_looked_at() -> None:
    elsewhere = Address(streetNumber="99", streetName="Ringstrasse", locality="Anderswo", country="DEU")
    at_home = PERSONS["rp-3"].addresses[0]
    assert against(of_person(TOBIAS.model_copy(update={"addresses": [at_home]}))) == {}
    found = of_person(TOBIAS.model_copy(update={"addresses": [elsewhere]}))
    assert against(found) == {"PERSON_ADDRESS_DIFFERS": PARTIAL}


@pytest.mark.parametrize(("amount", "term"), [("0", 36), ("-5", 36), ("many", 36), ("NaN", 36), ("100", 0)])
def test_a_request_that_makes_no_sense_fails(amount: str, term: int) -> None:
    assert against(of_person(TOBIAS, amount=amount, termMonths=term))["REQUEST_INVALID"] is FAIL


def test_a_register_that_could_not_say_leaves_it_open() -> None:
    gathered = Gathered([answered(error="down")], [], WORDS, KINDS)
    found = judge(request(application(company=company())), gathered, policy("customerInformation"), NOW)
    assert against(found)["COMPANY_UNKNOWN"] is UNCHECKED


async def test_the_registers_that_ship_are_found_by_number_or_by_name() -> None:
    source, version = companies(DATA / "registers/companies.jsonl")
    people, _ = persons(DATA / "registers/persons.jsonl")
    asked = request(application(company=company(registerNumber=None)))
    assert [one.reference for one in (await source.ask(asked))[0]] == ["rc-1"]
    misspelt: Application = application(company=company(name="Blaufing"))
    assert [one.reference for one in (await source.ask(request(misspelt)))[0]] == ["rc-1"]
    assert [one.reference for one in (await people.ask(asked))[0]] == ["rp-1"]
    assert version.id == "prescreening/local-companies"


def test_a_consent_that_is_given_later_is_implausible() -> None:
    found = of_person(TOBIAS, consents=[consent(at=NOW + timedelta(days=1))])
    assert against(found) == {"DATE_IMPLAUSIBLE": FAIL}
