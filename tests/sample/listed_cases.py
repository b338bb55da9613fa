"""People of the sanctions list, their namesakes, the customer's own lists, and people who come back."""

from pathlib import Path

import yaml

from libs.events.models import DateOfBirth, ExecutionStatus, Individual, MatchlistAction, StepResultCode
from tests.sample.builder import Builder
from tests.sample.changes import (
    altered,
    born_in,
    document_number,
    has,
    listed_name,
    screened,
    undocumented,
    verified,
    whole,
    with_passport,
)
from tests.sample.identity_cases import DIGITS, EXPIRED

PASS, FAIL, REVIEW = ExecutionStatus.PASS, ExecutionStatus.FAIL, ExecutionStatus.REVIEW
CODE = StepResultCode

LISTED = Path(__file__).with_name("listed.yaml")
# Ranges set aside for fiction; nobody is called.
PHONES = ("+61491570006", "+61491570156", "+61491570157", "+61491570158")


def namesakes(make: Builder) -> None:
    """Whoever has the very name of somebody listed, and some with a name like it, but another year of birth."""
    note = "has {} of somebody listed who was born in another year"
    for citizen in make.take_every(verified, lambda one: make.watchlist.same(whole(one))):
        make.add(citizen, "namesake", note.format("the name"), undocumented(citizen), PASS, AML=CODE.CLEAR)
    for _ in range(5):
        citizen = make.take(verified, lambda one: bool(make.watchlist.near(whole(one))))
        make.add(citizen, "namesake", note.format("nearly the name"), undocumented(citizen), PASS, AML=CODE.CLEAR)


def listed_unknown(make: Builder) -> None:
    """Listed people come as themselves: no source knows them, and the screening has to find them all the same."""
    for group, people in yaml.safe_load(LISTED.read_text())["unknown"].items():
        for one in people:
            entry = make.watchlist.by_id[one["id"]]
            person = Individual(
                name=listed_name(one),
                dateOfBirth=DateOfBirth(normalized=entry.born[0]),
                nationality=one["nationality"],
            )
            note = f"{entry.id} {entry.name}" + (f", {one['note']}" if "note" in one else "")
            make.add(
                f"{group}-{entry.id}",
                group,
                note,
                person,
                FAIL,
                missed=one.get("missed", False),
                KYC=CODE.NO_MATCH,
                AML=screened(one),
            )


def listed_verified(make: Builder) -> None:
    for one in yaml.safe_load(LISTED.read_text())["verified"]:
        entry = make.watchlist.by_id[one["id"]]
        person = make.take(verified, born_in(entry.born))
        alias = listed_name(one).model_copy(update={"type": "ALIAS"})
        known = undocumented(person).model_copy(update={"alternateNames": [alias]})
        missed = one.get("missed", False)
        note = f"known; an alias, in {one['note']}, is {entry.id} {entry.name}"
        make.add(
            person,
            "alias",
            note,
            known,
            PASS if missed else REVIEW,
            missed=missed,
            KYC=CODE.MATCH,
            AML=screened(one),
        )


def lists(make: Builder) -> None:
    block, allow, review = MatchlistAction.BLOCK, MatchlistAction.ALLOW, MatchlistAction.REVIEW
    person = make.take(verified, has("DRIVERS_LICENSE"))
    make.entry("fraud", block, DOC_PRIMARY_IDENTIFIER=document_number(person))
    make.add(person, "list", "blocked by document number", person.individual, FAIL, BLOCKLIST=CODE.HIT)
    person = make.take(verified)
    make.entry("fraud", block, IND_DISPLAY_NAME=whole(person), IND_DATE_OF_BIRTH=person.born)
    make.add(person, "list", "blocked by name and date of birth", undocumented(person), FAIL, BLOCKLIST=CODE.HIT)
    person = make.take(verified)
    make.entry("fraud", block, EMAIL_DOMAIN="throwaway.example")
    told = undocumented(person).model_copy(update={"emailAddresses": ["someone@throwaway.example"]})
    make.add(person, "list", "blocked by the domain of the e-mail address", told, FAIL, BLOCKLIST=CODE.HIT)
    person = make.take(verified)
    make.entry("fraud", block, valid_to="2024-12-31", IND_DISPLAY_NAME=whole(person), IND_DATE_OF_BIRTH=person.born)
    make.add(person, "list", "blocked until 2024", undocumented(person), PASS, BLOCKLIST=CODE.CLEAR)
    person = make.take(verified)
    make.entry("callers", review, PHONE_NUMBER=PHONES[0])
    told = undocumented(person).model_copy(update={"phoneNumbers": [PHONES[0]]})
    make.add(person, "list", "to be looked at, by phone number", told, REVIEW, BLOCKLIST=CODE.HIT)
    person = make.take(verified)
    make.entry("trusted", allow, IND_DISPLAY_NAME=whole(person), IND_DATE_OF_BIRTH=person.born)
    make.add(person, "list", "trusted", undocumented(person), PASS, BLOCKLIST=CODE.CLEAR)
    one = yaml.safe_load(LISTED.read_text())["trusted"]
    entry = make.watchlist.by_id[one["id"]]
    person = make.take(verified, born_in(entry.born))
    make.entry("trusted", allow, IND_DISPLAY_NAME=whole(person), IND_DATE_OF_BIRTH=person.born)
    alias = listed_name(one).model_copy(update={"type": "ALIAS"})
    told = undocumented(person).model_copy(update={"alternateNames": [alias]})
    note = f"trusted, but an alias is {entry.id} {entry.name}"
    make.add(person, "list", note, told, REVIEW, BLOCKLIST=CODE.CLEAR, AML=CODE.HIT)


def coming_back(make: Builder) -> None:
    """The first time they are stopped for another reason, so that the outcome is the same in every later run."""
    person = make.take(verified, has("PASSPORT"))
    forged = altered(with_passport(person), DIGITS["number"])
    told = forged.model_copy(update={"emailAddresses": ["first@mail.example"], "phoneNumbers": [PHONES[1]]})
    first = make.add(person, "again", "a forged passport", told, FAIL, IDV=CODE.FAIL)
    back = undocumented(person).model_copy(update={"emailAddresses": ["second@mail.example"]})
    note = "the same person comes back without the passport"
    make.add(
        f"citizen-{person.number}-again",
        "again",
        note,
        back,
        REVIEW,
        after=first,
        KYC=CODE.MATCH,
        DUPLICATE=CODE.HIT,
    )
    person = make.take(verified, has("PASSPORT"))
    told = with_passport(person, expiry=EXPIRED).model_copy(update={"phoneNumbers": [PHONES[2]]})
    first = make.add(person, "again", "an expired passport", told, REVIEW, IDV=CODE.EXPIRED)
    name = person.individual.name.model_copy(update={"middleName": None})
    back = undocumented(person).model_copy(update={"name": name, "phoneNumbers": [PHONES[2]]})
    note = "the same person comes back under a shorter name"
    make.add(
        f"citizen-{person.number}-again",
        "again",
        note,
        back,
        REVIEW,
        after=first,
        KYC=CODE.MATCH,
        DUPLICATE=CODE.HIT,
    )
