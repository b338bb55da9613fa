import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import Individual, StepResultCode
from services.duplicates.compare import Comparison, Feature, compare
from services.duplicates.keys import blocking_keys
from services.duplicates.policy import policy
from services.duplicates.rules import SHOWN, Duplicate, answer, likely
from services.duplicates.traits import from_json, to_json, traits_of
from tests.services.duplicates.factory import NOW, person, request

MARIA = person(
    addresses=["12 Rose Street Springfield 4000 QLD"],
    passports=["PA1234567"],
    emails=["maria@example.org"],
    phones=["+61412345678"],
)


WEIGHTS, VERSION = policy()


def alike(one: Individual, other: Individual) -> Comparison:
    return compare(traits_of(one), traits_of(other), WEIGHTS)


def is_likely(one: Individual, other: Individual) -> bool:
    return bool(likely(traits_of(one), [("e9", traits_of(other))], WEIGHTS))


def levels(one: Individual, other: Individual) -> dict[str, str]:
    return {feature.field: feature.level for feature in alike(one, other).features if feature.level != "missing"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person(), person()),
        (person("Maria Castellano"), person("Castellano María")),
        (person("Maria Castellano"), person("Maria Castelano")),
        (person(dob="1984-03-09"), person(dob="1984-09-03")),
        (person(dob="1984-03-09"), person(dob="1984-03-19")),
        (person(dob="1984-03-09"), person(dob="1984")),
        (person("Ann Lee", None, passports=["PA1234567"]), person("Anna Leigh", None, passports=["pa 1234567"])),
    ],
)
def test_likely_the_same_person(one: Individual, other: Individual) -> None:
    assert is_likely(one, other)
    assert blocking_keys(one) & blocking_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("Maria Castellano"), person("Peter Obi")),
        (person("Maria Castellano"), person("Maria Castellano", "1951-11-30")),
        (person("Maria Obi"), person("Peter Obi", "1984-03-10")),
        # Two of one household, and a couple that shares an e-mail address.
        (
            person("Maria Obi", passports=["PA1"], addresses=["1 A St"]),
            person("Peter Obi", "1983-01-30", passports=["XB9"], addresses=["1 A St"]),
        ),
        (
            person("Maria Obi", "1984-03-09", emails=["obi@example.org"]),
            person("Peter Lund", "1979-12-24", emails=["obi@example.org"]),
        ),
    ],
)
def test_likely_two_persons(one: Individual, other: Individual) -> None:
    assert not is_likely(one, other)


def test_a_field_that_one_lacks_says_nothing() -> None:
    assert alike(person(dob=None), person()).strengths == {"name": 100}
    assert alike(person(passports=["1"]), person()).score == alike(person(), person()).score


def test_documents_of_two_kinds_are_not_compared() -> None:
    licence = MARIA.documents[0].model_copy(update={"type": "DRIVERS_LICENSE"})
    assert "document" not in alike(MARIA, MARIA.model_copy(update={"documents": [licence]})).strengths


def test_the_score_is_the_sum_of_what_each_field_weighs() -> None:
    comparison = alike(MARIA, person("Maria Castelano", "1984-09-03", emails=["m.c@example.net"]))
    assert comparison.features == (
        Feature("name", "slip", 99, 9.5),
        Feature("dateOfBirth", "slip", 90, 4.0),
        Feature("address", "missing", None, 0.0),
        Feature("town", "missing", None, 0.0),
        Feature("document", "missing", None, 0.0),
        Feature("email", "different", 59, -2.0),
        Feature("phone", "missing", None, 0.0),
    )
    assert comparison.score == 11.5


def test_a_town_counts_only_where_an_address_is_missing() -> None:
    town = person(addresses=["Springfield"])
    assert levels(MARIA, town)["town"] == "same"
    assert levels(town, person(addresses=["Springfeild"]))["town"] == "slip"
    assert "town" not in levels(MARIA, MARIA)


def test_what_a_household_shares_tells_little_where_the_names_are_two() -> None:
    at_home: dict[str, Any] = {"addresses": ["1 Elm St Springfield 4000"], "phones": ["0412345678"]}
    comparison = alike(person("Maria Obi", **at_home), person("Peter Obi", "1971-11-30", **at_home))
    weights = {feature.field: feature.weight for feature in comparison.features if feature.weight}
    assert weights == {"name": 2.0, "dateOfBirth": -6.0, "address": 12.0, "phone": 9.0, "household": -16.0}
    assert comparison.score == 1.0


def test_an_email_address_that_holds_the_name_is_the_name_in_part() -> None:
    told = person("Castellano", emails=["maria.castellano8@example.org"])
    assert levels(person("Maria", emails=[]), told)["name"] == "inEmail"
    assert levels(person("Maria", emails=["x@example.org"]), told)["name"] == "single"


names = st.lists(st.text("abcdeé-'", max_size=6), max_size=3).map(" ".join)
dates = st.sampled_from([None, "1984", "1984-03", "1984-03-09", "1984-09-03", "1985-03-09", "x"])
people = st.builds(
    lambda name, dob, **fields: person(name, dob, **fields),
    names,
    dates,
    addresses=st.lists(st.sampled_from(["1 A St Springfield 4000", "A St", ""]), max_size=2),
    passports=st.lists(st.sampled_from(["PA1", "PA2", ""]), max_size=2),
    emails=st.lists(st.sampled_from(["a@b.c", "ab@b.c", "@", ""]), max_size=2),
    phones=st.lists(st.sampled_from(["+61 412 345 678", "0412345678", "x"]), max_size=2),
)


@given(people, people)
def test_a_comparison_is_the_same_both_ways_round(one: Individual, other: Individual) -> None:
    assert alike(one, other) == alike(other, one)


@given(people)
def test_traits_come_back_from_the_store_as_they_were(one: Individual) -> None:
    traits = traits_of(one)
    assert from_json(json.loads(json.dumps(to_json(traits)))) == traits


@given(people)
def test_a_person_shares_every_key_with_themselves(one: Individual) -> None:
    assert blocking_keys(one) == blocking_keys(one.model_copy())
    assert all(key and not key.endswith(":") for key in blocking_keys(one))


def test_a_likely_duplicate_is_a_hit() -> None:
    known = [("e9", traits_of(MARIA)), ("e8", traits_of(person("Peter Obi", "1950-01-01")))]
    result = answer(request(MARIA), likely(traits_of(MARIA), known, WEIGHTS), NOW, [VERSION])
    outcome, (finding,) = result.outcome, result.findings
    assert (outcome.stepName, outcome.result) == ("DUPLICATE", StepResultCode.HIT)
    assert [(one.category, one.issue, one.severity) for one in outcome.issues] == [("DUPLICATE", "DUPLICATE", "REVIEW")]
    assert outcome.counts == {"totalDuplicates": 1, "totalUnresolved": 1}
    assert [(one.factor, one.value) for one in outcome.riskFactors] == [("unresolved_duplicates", "1")]
    assert (finding.processClass, finding.duplicateOf) == ("DUPLICATE", "e9")
    assert finding.matchStrengths == dict.fromkeys(
        ("name", "dateOfBirth", "address", "document", "email", "phone"), 100
    )
    assert finding.explanation == (
        "Entity e9 is alike: 66 bits (name same +11, dateOfBirth same +12, address same +12, document same +12, "
        "email same +10, phone same +9)."
    )
    assert [one.id for one in result.references] == ["duplicates-weights"]


def test_nothing_found_is_clear() -> None:
    outcome = answer(request(MARIA), [], NOW).outcome
    assert (outcome.result, outcome.issues, outcome.riskFactors) == (StepResultCode.CLEAR, [], [])


def test_all_duplicates_are_counted_and_the_most_alike_are_shown() -> None:
    many = [Duplicate(f"e{number}", Comparison((), 90.0)) for number in range(SHOWN + 5)]
    result = answer(request(MARIA), many, NOW)
    assert result.outcome.counts["totalDuplicates"] == SHOWN + 5
    assert len(result.findings) == SHOWN


def test_no_personal_data_in_the_answer() -> None:
    found = likely(traits_of(MARIA), [("e9", traits_of(MARIA))], WEIGHTS)
    told = answer(request(MARIA), found, NOW).model_dump_json().lower()
    assert not [word for word in ("castellano", "1984", "1234567", "example.org", "412345678", "rose") if word in told]
