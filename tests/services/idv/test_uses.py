"""A document that another person has used."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from libs.events.models import CheckRequested, Document, Name
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from services.idv.setup import set_up
from services.idv.uses import Uses
from tests.services.idv.factory import individual, passport, request

OTHER = Name(givenName="Michael", familyName="Jones")


@pytest.fixture
async def uses(fresh_database_url: str) -> AsyncIterator[Uses]:
    await set_up(fresh_database_url, MemoryBroker())
    engine = connect(fresh_database_url)
    yield Uses(engine)
    await engine.dispose()


def asked(entity: str, *documents: Document, customer: str = "acme", **person: object) -> CheckRequested:
    """A person's documents are to be checked."""
    made = request(individual(*documents, **person))  # type: ignore[arg-type]
    task = made.task.model_copy(update={"entityId": entity, "customerId": customer})
    return made.model_copy(update={"task": task})


async def test_another_persons_document(uses: Uses) -> None:
    mine, second = passport(None), passport(None, primaryIdentifier="P7654321")
    assert await uses.by_others(asked("one", mine)) == frozenset()
    assert await uses.by_others(asked("two", second, mine, name=OTHER)) == {1}
    # Whoever came first is asked about again: now there is another.
    assert await uses.by_others(asked("one", mine)) == {0}


@pytest.mark.parametrize(
    "other",
    [
        asked("one", passport(None)),
        asked("two", passport(None)),
        asked("two", passport(None), customer="globex", name=OTHER),
        asked("two", passport(None, country="NZL"), name=OTHER),
        asked("two", passport(None, primaryIdentifier=None), name=OTHER),
    ],
    ids=["again", "the same person", "another customer", "another issuer", "no number"],
)
async def test_no_other_persons_document(uses: Uses, other: CheckRequested) -> None:
    await uses.by_others(asked("one", passport(None)))
    assert await uses.by_others(other) == frozenset()


async def test_the_number_may_be_written_otherwise_and_the_date_of_birth_tells_people_apart(
    uses: Uses,
) -> None:
    await uses.by_others(asked("one", passport(None)))
    assert await uses.by_others(asked("two", passport(None, primaryIdentifier="n-123 4567"), dob="1990-01-01"))


async def test_those_asked_about_at_once_see_each_other(uses: Uses) -> None:
    mine, theirs = [passport(None, primaryIdentifier=f"P000000{number}") for number in (1, 2)]
    everybody = [asked("one", mine), asked("two", theirs), asked("three", theirs, mine, name=OTHER), asked("one", mine)]
    told = await asyncio.gather(*(uses.by_others(one) for one in everybody))
    assert told == [{0}, {0}, {0, 1}, {0}]


async def test_an_outage_is_told_to_each_and_is_over_afterwards(uses: Uses) -> None:
    async with uses.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE document_uses RENAME TO moved"))
    both = [uses.by_others(asked(entity, passport(None))) for entity in ("one", "two")]
    raised = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in raised] == [ProgrammingError, ProgrammingError]
    async with uses.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE moved RENAME TO document_uses"))
    assert await uses.by_others(asked("one", passport(None))) == frozenset()
