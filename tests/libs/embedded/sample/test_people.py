import re
from collections import Counter
from pathlib import Path

import pytest

from libs.embedded.errors import EmbeddedError
from libs.embedded.sample.people import CUSTOMER, SamplePerson, read_matchlists, read_people, write
from libs.events.models import ExecutionStatus, StepResultCode
from tests.sample.register import plain

SCRIPTS = {"arabic": "[\u0600-\u06ff]", "cyrillic": "[\u0400-\u04ff]", "han": "[\u4e00-\u9fff]"}


@pytest.fixture(scope="module")
def people() -> list[SamplePerson]:
    return read_people()


def test_the_sample_holds_every_kind(people: list[SamplePerson]) -> None:
    groups = Counter(person.group for person in people)
    assert len(people) >= 60
    assert groups["clean"] >= 20
    assert groups["namesake"] >= 5
    assert groups.keys() >= {"document", "wrong-birth", "half-known", "unknown", "list", "again", "country", "alias"}
    assert {person.expected.status for person in people} == {
        ExecutionStatus.PASS,
        ExecutionStatus.REVIEW,
        ExecutionStatus.FAIL,
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_listed_people_come_in_their_own_script(people: list[SamplePerson], script: str) -> None:
    group = [person for person in people if person.group == f"listed-{script}"]
    assert len(group) >= 5
    assert all(re.search(SCRIPTS[script], person.individual.name.familyName) for person in group)


def test_a_known_miss_is_a_listed_person_whom_the_screening_clears(people: list[SamplePerson]) -> None:
    for person in people:
        if person.group.startswith("listed-") or person.group == "alias":
            cleared = person.expected.steps["AML"] is StepResultCode.CLEAR
            assert person.knownMiss is cleared, person.entityId
        else:
            assert not person.knownMiss


def test_the_lists_are_the_sample_customers() -> None:
    assert {entry.customerId for entry in read_matchlists()} == {CUSTOMER}


def test_what_is_written_is_read_again(people: list[SamplePerson], tmp_path: Path) -> None:
    write(tmp_path / "people.jsonl", people)
    assert read_people(tmp_path / "people.jsonl") == people


def test_nobody_is_there_twice(people: list[SamplePerson], tmp_path: Path) -> None:
    write(tmp_path / "people.jsonl", [people[0], people[0]])
    with pytest.raises(EmbeddedError, match=f"entityId {people[0].entityId} is there twice"):
        read_people(tmp_path / "people.jsonl")


def test_whoever_comes_after_somebody_stands_below(people: list[SamplePerson], tmp_path: Path) -> None:
    second = next(person for person in people if person.after)
    write(tmp_path / "people.jsonl", [second])
    with pytest.raises(EmbeddedError, match=f"comes after {second.after}, who is not above"):
        read_people(tmp_path / "people.jsonl")


def test_nobody_who_shall_pass_shares_a_name_with_another(people: list[SamplePerson]) -> None:
    """Who comes first is not given, so that either might be taken for a duplicate of the other."""
    names = Counter(name for person in people for name in names_of(person))
    for person in people:
        if person.expected.status is ExecutionStatus.PASS or person.group == "alias":
            assert all(names[name] == 1 for name in names_of(person)), person.entityId


def names_of(person: SamplePerson) -> set[str]:
    every = (person.individual.name, *person.individual.alternateNames)
    return {plain(f"{name.givenName} {name.familyName}") for name in every}
