import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.codec import decode
from libs.events.models import CheckCompleted, CheckRequested, Individual, StepResult
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.transaction import Transaction
from services.duplicates.service import Duplicates
from services.duplicates.store import CAP
from services.duplicates.tables import person_keys, persons
from tests.services.duplicates.factory import NOW, event, person, request

pytest_plugins = ["libs.embedded.testing"]

MARIA = person(passports=["PA1234567"], emails=["maria@example.org"])
MARIA_AGAIN = person("Castellano Maria", passports=["PA1234567"])
SOMEBODY_ELSE = person("Chukwuemeka Obi", "1971-11-30", passports=["XB7654321"])


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    await migrate(fresh_database_url, "services.duplicates")
    engine = connect(fresh_database_url)
    yield engine
    await engine.dispose()


async def take(engine: AsyncEngine, *requests: CheckRequested) -> list[StepResult]:
    """One batch through the service; what it answered."""
    async with engine.begin() as connection:
        tx = Transaction(connection, Duplicates.group, NOW)
        await Duplicates().apply(tx, [event(one) for one in requests])
    answers = [decode(message).data for message in tx.outgoing]
    results = [answer.result for answer in answers if isinstance(answer, CheckCompleted)]
    assert len(results) == len(requests)
    return [result for result in results if result]


def found(results: list[StepResult]) -> list[list[str | None]]:
    return [[finding.duplicateOf for finding in result.findings] for result in results]


async def test_a_person_seen_in_an_earlier_batch_is_found_again(engine: AsyncEngine) -> None:
    assert found(await take(engine, request(MARIA, "e1"))) == [[]]
    assert found(await take(engine, request(SOMEBODY_ELSE, "e2"), request(MARIA_AGAIN, "e3"))) == [[], ["e1"]]


async def test_earlier_persons_of_the_same_batch_count_as_seen_before(engine: AsyncEngine) -> None:
    batch = await take(engine, request(MARIA, "e1"), request(MARIA_AGAIN, "e2"), request(MARIA, "e3"))
    assert found(batch) == [[], ["e1"], ["e1", "e2"]]


async def test_a_person_is_no_duplicate_of_themselves(engine: AsyncEngine) -> None:
    assert found(await take(engine, request(MARIA, "e1"), request(MARIA, "e1"))) == [[], []]
    assert found(await take(engine, request(MARIA, "e1"))) == [[]]


async def test_of_two_who_are_the_same_only_the_later_is_ever_a_duplicate(engine: AsyncEngine) -> None:
    assert found(await take(engine, request(MARIA, "e1"), request(MARIA_AGAIN, "e2"))) == [[], ["e1"]]
    again = await take(engine, request(MARIA, "e1", version=2), request(MARIA_AGAIN, "e2", version=2))
    assert found(again) == [[], ["e1"]]


async def test_other_customers_persons_are_never_seen(engine: AsyncEngine) -> None:
    assert found(await take(engine, request(MARIA, customer="c1"))) == [[]]
    assert found(await take(engine, request(MARIA, "e2", customer="c2"))) == [[]]


async def test_an_older_version_of_a_person_never_overwrites_a_newer_one(engine: AsyncEngine) -> None:
    await take(engine, request(MARIA, "e1", version=2))
    await take(engine, request(SOMEBODY_ELSE, "e1", version=1))
    assert found(await take(engine, request(MARIA, "e2"), request(SOMEBODY_ELSE, "e3"))) == [["e1"], []]


async def test_a_newer_version_takes_the_place_of_an_older_one_and_of_its_keys(engine: AsyncEngine) -> None:
    await take(engine, request(MARIA, "e1", version=1))
    await take(engine, request(SOMEBODY_ELSE, "e1", version=2))
    assert found(await take(engine, request(MARIA_AGAIN, "e2"), request(SOMEBODY_ELSE, "e3"))) == [[], ["e1"]]
    async with engine.connect() as connection:
        kept = await connection.scalar(select(persons.c["keys"]).where(persons.c.entity_id == "e1"))
        stored = await connection.scalars(select(person_keys.c.key).where(person_keys.c.entity_id == "e1"))
        assert sorted(stored) == sorted(kept or [])


async def test_a_key_that_very_many_share_is_ignored(engine: AsyncEngine) -> None:
    """The shared town and sound of the name lead to everybody, and so to nobody; the passport still leads back."""

    def neighbour(number: int) -> Individual:
        return person("Maria", dob=None, addresses=["Springfield"], passports=[f"PA{number:05}"])

    await take(engine, *(request(neighbour(number), f"e{number}") for number in range(CAP + 1)))
    assert found(await take(engine, request(neighbour(7), "new"))) == [["e7"]]


async def test_the_answer_is_the_same_each_time_it_is_worked_out(engine: AsyncEngine) -> None:
    await take(engine, request(MARIA, "e1"))
    first, second = await take(engine, request(MARIA, "e2")), await take(engine, request(MARIA, "e2"))
    assert first == second


async def test_two_instances_at_the_same_moment_do_not_both_miss_the_other(engine: AsyncEngine) -> None:
    both = await asyncio.gather(take(engine, request(MARIA, "e1")), take(engine, request(MARIA_AGAIN, "e2")))
    assert sum(len(one) for results in both for one in found(results)) == 1
