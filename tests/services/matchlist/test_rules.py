from itertools import combinations
from typing import Any

import pytest

from libs.events.models import Address, Document, Individual, MatchlistEntryPublished, Name, StepResult, StepResultCode
from libs.matchlists.attributes import Person
from libs.matchlists.listed import listed
from services.matchlist import rules
from services.matchlist.entries import Entries
from services.matchlist.rules import CONSEQUENCES, SHOWN
from tests.services.matchlist.factory import NOW, entry, person, request

BY_NAME = {"IND_DISPLAY_NAME": "Maria Castellano"}


def answer(*listed: MatchlistEntryPublished, **fields: Any) -> StepResult:
    """The answer through the index, as the agent gives it."""
    entries = Entries()
    for one in listed:
        entries.put(one)
    individual = person(**fields)
    who = Person(individual)
    return rules.answer(request(individual), who, entries.candidates("c1", who), NOW)


def matched(one: MatchlistEntryPublished, individual: Individual) -> bool:
    """Without the index."""
    ready = listed(one)
    return ready is not None and ready.strengths(Person(individual), NOW.date()) is not None


@pytest.mark.parametrize(
    "attributes",
    [
        {"IND_DISPLAY_NAME": "CASTELLANO, María"},
        {"IND_DISPLAY_NAME": "Maria Castelano"},
        {"IND_GIVEN_NAME": "maria", "IND_FAMILY_NAME": "castellano"},
        {"IND_FAMILY_NAME": "Castellano", "IND_DATE_OF_BIRTH": "1984-03-09"},
        {"IND_DATE_OF_BIRTH": "1984"},
        {"DOC_PRIMARY_IDENTIFIER": "pa-1234567"},
        {"DOC_PRIMARY_IDENTIFIER": "PA1234567", "DOC_TYPE": "PASSPORT"},
        {"EMAIL_ADDRESS": "maria.c@example.org"},
        {"EMAIL_DOMAIN": "EXAMPLE.org"},
        {"PHONE_NUMBER": "0412 345 678"},
        {"PHONE_NUMBER": "0061412345678"},
        {"ENTITY_TYPE": "INDIVIDUAL", "EMAIL_DOMAIN": "example.org"},
    ],
    ids=str,
)
def test_the_person_has_every_attribute(attributes: dict[str, str]) -> None:
    assert answer(entry(**attributes)).outcome.result is StepResultCode.HIT


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"IND_DISPLAY_NAME": "Maria Castelan"},
        {"IND_DISPLAY_NAME": "Mario Castelano"},
        {"IND_DISPLAY_NAME": "Castellano"},
        {"IND_FAMILY_NAME": "Castellano", "IND_DATE_OF_BIRTH": "1984-03-10"},
        {"IND_DATE_OF_BIRTH": "198"},
        {"DOC_PRIMARY_IDENTIFIER": "PA1234568"},
        {"DOC_PRIMARY_IDENTIFIER": "PA1234567", "DOC_TYPE": "VISA"},
        {"PHONE_NUMBER": "+49 412 345 678"},
        {"ORG_NAME": "Castellano", "EMAIL_DOMAIN": "example.org"},
    ],
    ids=str,
)
def test_an_attribute_that_the_person_has_not(attributes: dict[str, str]) -> None:
    assert not matched(entry(**attributes), person())
    assert answer(entry(**attributes)).outcome.result is StepResultCode.CLEAR


def test_attributes_of_a_document_must_be_those_of_one_document() -> None:
    documents = [
        Document(type="PASSPORT", country="AUS", primaryIdentifier="1"),
        Document(type="VISA", country="AUS", primaryIdentifier="2"),
    ]
    assert not matched(entry(DOC_TYPE="VISA", DOC_PRIMARY_IDENTIFIER="1"), person(documents=documents))
    assert matched(entry(DOC_TYPE="VISA", DOC_PRIMARY_IDENTIFIER="2"), person(documents=documents))


def test_a_name_of_two_letters_is_no_slip_of_another() -> None:
    assert not matched(entry(IND_FAMILY_NAME="Li"), person(family="Lu"))


def test_alternate_names_count() -> None:
    alias = [Name(givenName="Mia", familyName="Castle")]
    assert answer(entry(IND_DISPLAY_NAME="Mia Castle"), alternateNames=alias).findings


@pytest.mark.parametrize(
    ("valid_to", "result"),
    [("2026-01-14", "CLEAR"), ("2026-01-15", "HIT"), ("2026-01-14T23:59:59Z", "CLEAR"), (None, "HIT"), ("soon", "HIT")],
)
def test_an_entry_matches_up_to_its_last_day(valid_to: str | None, result: str) -> None:
    assert answer(entry(validTo=valid_to, **BY_NAME)).outcome.result == result


ACTIONS = ["BLOCK", "REVIEW", "ALLOW", "ALERT", "NONE"]


def test_the_precedence_is_the_order_of_the_table() -> None:
    assert [consequence.action.value for consequence in CONSEQUENCES] == ACTIONS


@pytest.mark.parametrize(("first", "second"), list(combinations(ACTIONS, 2)))
def test_the_graver_action_decides_whichever_was_listed_first(first: str, second: str) -> None:
    for actions in ((first, second), (second, first)):
        outcome = answer(*(entry(action, **BY_NAME) for action in actions)).outcome
        assert outcome.reasons[0].code == f"LISTED_{first}"
        assert [factor.value for factor in outcome.riskFactors] == [first]
        assert outcome.counts["totalMatches"] == 2


@pytest.mark.parametrize(
    ("action", "result", "issue"),
    [
        ("BLOCK", "HIT", [("DENY_LIST", "BLOCK")]),
        ("REVIEW", "HIT", [("MATCHED_INTERNAL", "REVIEW")]),
        ("ALLOW", "CLEAR", []),
        ("ALERT", "HIT", [("MATCHED_INTERNAL", "WARNING")]),
        ("NONE", "CLEAR", []),
    ],
)
def test_what_an_action_comes_to(action: str, result: str, issue: list[tuple[str, str]]) -> None:
    outcome = answer(entry(action, **BY_NAME)).outcome
    assert outcome.result == result
    assert [(one.issue, one.severity) for one in outcome.issues] == issue


def test_allow_says_that_aml_is_not_suppressed() -> None:
    assert "AML screening is not suppressed" in answer(entry("ALLOW", **BY_NAME)).outcome.reasons[0].message


def test_the_finding_names_the_entry() -> None:
    (finding,) = answer(entry(**BY_NAME)).findings
    assert finding.processClass == "MATCHLIST"
    assert finding.matchlist is not None
    assert (finding.matchlist.matchlistId, finding.matchlist.entryId) == ("list-block", "1")


def test_the_same_request_gives_the_same_ids() -> None:
    assert answer(entry(**BY_NAME)) == answer(entry(**BY_NAME))


def test_another_customers_entry_never_matches() -> None:
    theirs = listed(entry(customer="c2", **BY_NAME))
    assert theirs is not None
    assert not rules.answer(request(person()), Person(person()), [theirs], NOW).findings


@pytest.mark.parametrize(
    ("rule", "attributes", "strength"),
    [
        ("EXACT", {"IND_DISPLAY_NAME": "Maria Castellano"}, 100),
        ("EXACT", {"IND_DISPLAY_NAME": "maria castellano"}, None),
        ("EXACT", {"DOC_PRIMARY_IDENTIFIER": "PA 1234567"}, 100),
        ("EXACT", {"DOC_PRIMARY_IDENTIFIER": "PA1234567"}, None),
        ("NORMALISED", {"IND_DISPLAY_NAME": "CASTELLANO, María"}, 100),
        ("NORMALISED", {"IND_DISPLAY_NAME": "Maria Castelano"}, None),
        ("FUZZY", {"IND_DISPLAY_NAME": "Maria Castelano"}, 94),
        ("FUZZY", {"DOC_PRIMARY_IDENTIFIER": "PA1234576"}, 89),
        ("FUZZY", {"EMAIL_ADDRESS": "maria.c@exampel.org"}, 95),
        ("FUZZY", {"IND_DATE_OF_BIRTH": "1984-03-08"}, 90),
        ("FUZZY", {"IND_DATE_OF_BIRTH": "1984-05-08"}, None),
        ("FUZZY", {"ADDR_UNSTRUCTURED_LONG_FORM": "12 Rose Street Springfeild 4000"}, 97),
        (None, {"IND_DISPLAY_NAME": "Maria Castelano"}, 94),
        (None, {"EMAIL_ADDRESS": "maria.c@exampel.org"}, None),
    ],
)
def test_an_entry_may_ask_for_more_or_less(rule: str | None, attributes: dict[str, str], strength: int | None) -> None:
    home = Address(
        country="AUS", streetNumber="12", streetName="Rose", streetType="Street", locality="Springfield",
        postalCode="4000",
    )  # fmt: skip
    findings = answer(entry(rule=rule, **attributes), addresses=[home]).findings
    found = [finding.matchStrengths for finding in findings]
    assert found == ([dict.fromkeys(attributes, strength)] if strength else [])


def test_all_matches_are_counted_and_the_gravest_are_shown() -> None:
    result = answer(*(entry("ALERT", id=str(number), **BY_NAME) for number in range(SHOWN)), entry("BLOCK", **BY_NAME))
    assert result.outcome.counts["totalMatches"] == SHOWN + 1
    assert len(result.findings) == len(result.outcome.reasons) == SHOWN
    assert result.outcome.reasons[0].code == "LISTED_BLOCK"
