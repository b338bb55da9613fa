"""How well two names agree."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.comparing import names
from libs.events.models import Name
from tests.services.kyc.factory import WORDS, name

MATCHED = 88


def strengths(one: Name, other: Name) -> Mapping[str, int]:
    return names.strengths(one, other, WORDS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sarah Whitaker", "SARAH WHITAKER"),
        ("Zoë Müller", "Zoe Muller"),
        ("Elizabeth Jones", "Liz Jones"),
        ("Mary-Anne Smith", "Mary Anne Smith"),
        ("Sean O'Brien", "Sean OBrien"),
        ("Nguyễn Linh", "Linh Nguyen"),
        ("Wei Zhang", "Zhang Wei"),
        ("Иван Петров", "Ivan Petrov"),
        ("Sarah Whitaker", "Sarah Whitkaer"),
        ("María Delacruz", "Maria Dela Cruz"),
    ],
)
def test_the_same_person(one: str, other: str) -> None:
    assert strengths(_split(one), _split(other))["fullName"] >= MATCHED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sarah Whitaker", "Michael Whitaker"),
        ("Sarah Whitaker", "Sarah Jones"),
        ("Li Wang", "Wei Wang"),
        ("John Smith", "Jane Smith"),
        ("Sarah Whitaker", "Whitaker"),
    ],
)
def test_another_person(one: str, other: str) -> None:
    assert strengths(name(one), name(other))["fullName"] < MATCHED


@pytest.mark.parametrize(
    ("claimed", "recorded", "expected"),
    [
        (
            name("Sarah Whitaker", "Jane"),
            name("Sarah Whitaker", "J"),
            {"givenName": 100, "otherNames": 80, "familyName": 100, "fullName": 98, "firstInitialFamilyName": 100},
        ),
        (
            name("Bob Smith"),
            name("Robert Smith"),
            {"givenName": 95, "familyName": 100, "fullName": 98, "firstInitialFamilyName": 0},
        ),
        (
            name("S Smith"),
            name("Sarah Smyth"),
            {"givenName": 80, "familyName": 80, "fullName": 80, "firstInitialFamilyName": 80},
        ),
        (
            name("Mary Smith", "Anne"),
            name("Mary Anne Smith"),
            {"givenName": 100, "familyName": 100, "fullName": 100, "firstInitialFamilyName": 100},
        ),
        (name("Suharto"), name("Suharto"), {"familyName": 100, "fullName": 100}),
    ],
)
def test_strengths_by_part(claimed: Name, recorded: Name, expected: dict[str, int]) -> None:
    assert strengths(claimed, recorded) == expected


def test_the_whole_name_in_one_field() -> None:
    assert strengths(Name(familyName="Sarah Whitaker"), name("Sarah Whitaker"))["fullName"] == 100


words = st.text(st.sampled_from("abcdeilmnorstuzéü-' "), max_size=12)
written = st.builds(Name, givenName=st.none() | words, middleName=st.none() | words, familyName=words)


@given(written, written)
def test_strengths_are_symmetric_and_within_bounds(one: Name, other: Name) -> None:
    there, back = strengths(one, other), strengths(other, one)
    assert all(0 <= strength <= 100 for strength in there.values())
    assert there["fullName"] == back["fullName"]


@given(written)
def test_a_name_agrees_with_itself(one: Name) -> None:
    if any(letter.isalpha() for letter in one.familyName):
        assert strengths(one, one)["fullName"] == 100


def _split(text: str) -> Name:
    given, family = text.split(" ", 1)
    return Name(givenName=given, familyName=family)
