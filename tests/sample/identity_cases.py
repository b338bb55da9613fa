"""People as the sources know them, and as they do not; genuine documents and others."""

from datetime import date, timedelta

from libs.events.models import Address, DateOfBirth, ExecutionStatus, Individual, Name, StepResultCode
from tests.sample.builder import Builder
from tests.sample.changes import (
    altered,
    born_alike,
    born_only,
    dated,
    has,
    undocumented,
    verified,
    with_passport,
)

PASS, FAIL, REVIEW = ExecutionStatus.PASS, ExecutionStatus.FAIL, ExecutionStatus.REVIEW
CODE = StepResultCode
EXPIRED = "2021-06-30"
# Where a passport's second line has its check digits: of number, birth, expiry, and of all of them.
DIGITS = {"number": 9, "date of birth": 19, "date of expiry": 27, "whole": 43}


def clean(make: Builder) -> None:
    for _ in range(11):
        person = make.take(verified, has("PASSPORT"))
        make.add(person, "clean", "known, passport", with_passport(person), PASS, KYC=CODE.MATCH, IDV=CODE.PASS)
    for _ in range(6):
        person = make.take(verified, has("DRIVERS_LICENSE"))
        make.add(person, "clean", "known, driver's licence", person.individual, PASS, KYC=CODE.MATCH)
    for _ in range(8):
        person = make.take(verified)
        make.add(person, "clean", "known, no document", undocumented(person), PASS, KYC=CODE.MATCH)


def wrong_births(make: Builder) -> None:
    for _ in range(2):
        person = make.take(born_alike, lambda one: one.born[8:] <= "12" and one.born[5:7] != one.born[8:])
        swapped = f"{person.born[:5]}{person.born[8:]}-{person.born[5:7]}"
        make.add(person, "wrong-birth", "day and month swapped", born_only(person, swapped), REVIEW, KYC=CODE.PARTIAL)
    for _ in range(3):
        person = make.take(born_alike)
        other = (date.fromisoformat(person.born) - timedelta(days=4051)).isoformat()
        make.add(person, "wrong-birth", "another date of birth", born_only(person, other), FAIL, KYC=CODE.NO_MATCH)
    for _ in range(2):
        person = make.take(lambda one: len(one.by_address) >= 2, lambda one: bool(one.born))
        other = (date.fromisoformat(person.born) - timedelta(days=4051)).isoformat()
        told = undocumented(person).model_copy(update={"dateOfBirth": DateOfBirth(normalized=other)})
        note = "another date of birth, but two sources know the address"
        make.add(person, "wrong-birth", note, told, PASS, KYC=CODE.MATCH)


def half_known(make: Builder) -> None:
    for _ in range(4):
        person = make.take(lambda one: len(one.groups) == 1, lambda one: one.known_by == 1, dated)
        make.add(person, "half-known", "only one source knows them", undocumented(person), REVIEW, KYC=CODE.PARTIAL)
    nobody = Address(streetNumber="999", streetName="Nowhere", streetType="Lane", postalCode="9999", country="AUS")
    for given, family in (("Quillan", "Zderadicka"), ("Ixchel", "Thorbergsdottir"), ("Bartholomäus", "Ngweziphi")):
        stranger = Individual(
            name=Name(givenName=given, familyName=family),
            dateOfBirth=DateOfBirth(normalized="1983-04-17"),
            addresses=[nobody],
        )
        make.add(f"unknown-{family.lower()}", "unknown", "no source knows them", stranger, FAIL, KYC=CODE.NO_MATCH)
    person = make.take(verified)
    named = Individual(name=person.individual.name)
    make.add(person, "half-known", "neither date of birth nor address", named, REVIEW, KYC=CODE.MISSING_DATA)


def documents(make: Builder) -> None:
    for _ in range(4):
        person = make.take(verified, has("PASSPORT"))
        make.add(
            person, "document", "expired passport", with_passport(person, expiry=EXPIRED), REVIEW, IDV=CODE.EXPIRED
        )
    for what, place in DIGITS.items():
        person = make.take(verified, has("PASSPORT"))
        note = f"wrong check digit: {what}"
        make.add(person, "document", note, altered(with_passport(person), place), FAIL, KYC=CODE.MATCH, IDV=CODE.FAIL)
    for _ in range(2):
        person, other = make.take(verified, has("PASSPORT")), make.take(verified, has("PASSPORT"))
        borrowed = person.individual.model_copy(update={"documents": with_passport(other).documents})
        make.add(person, "document", "another person's passport", borrowed, FAIL, KYC=CODE.MATCH, IDV=CODE.FAIL)
    person = make.take(verified, has("PASSPORT"))
    make.add(person, "document", "passport without its zone", person.individual, REVIEW, IDV=CODE.MISSING_DATA)
    person = make.take(verified, has("PASSPORT"))
    told = with_passport(person)
    number = (told.documents[0].primaryIdentifier or "")[:-1]
    mistyped = told.documents[0].model_copy(update={"primaryIdentifier": number})
    note = "the last digit of the passport's number left out"
    make.add(person, "document", note, told.model_copy(update={"documents": [mistyped]}), REVIEW, IDV=CODE.PARTIAL)


def countries(make: Builder) -> None:
    for nationality, status in (("PRK", REVIEW), ("MMR", REVIEW), ("HTI", PASS)):
        person = make.take(verified)
        told = undocumented(person).model_copy(update={"nationality": nationality})
        which = "calls for action on" if status is REVIEW else "monitors"
        make.add(person, "country", f"known, of a country that the FATF {which}", told, status, KYC=CODE.MATCH)
