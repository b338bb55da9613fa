"""A document that another person has used."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.models import CheckRequested, Document, Name
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from services.idv.setup import set_up
from services.idv.uses import used_by_others
from tests.services.idv.factory import individual, passport, request

OTHER = Name(givenName="Michael", familyName="Jones")


@pytest.fixture
async def engine(fresh_database_url: str) -> AsyncIterator[AsyncEngine]:
    await set_up(fresh_database_url, MemoryBroker())
    engine = connect(fresh_database_url)
    yield engine
    await engine.dispose()


def asked(entity: str, *documents: Document, customer: str = "acme", **person: object) -> CheckRequested:
    """A person's documents are to be checked."""
    made = request(individual(*documents, **person))  # type: ignore[arg-type]
    task = made.task.model_copy(update={"entityId": entity, "customerId": customer})
    return made.model_copy(update={"task": task})


async def test_another_persons_document(engine: AsyncEngine) -> None:
    mine, second = passport(None), passport(None, primaryIdentifier="P7654321")
    assert await used_by_others(engine, asked("one", mine)) == frozenset()
    assert await used_by_others(engine, asked("two", second, mine, name=OTHER)) == {1}
    # Whoever came first is asked about again: now there is another.
    assert await used_by_others(engine, asked("one", mine)) == {0}


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
async def test_no_other_persons_document(engine: AsyncEngine, other: CheckRequested) -> None:
    await used_by_others(engine, asked("one", passport(None)))
    assert await used_by_others(engine, other) == frozenset()


async def test_the_number_may_be_written_otherwise_and_the_date_of_birth_tells_people_apart(
    engine: AsyncEngine,
) -> None:
    await used_by_others(engine, asked("one", passport(None)))
    assert await used_by_others(engine, asked("two", passport(None, primaryIdentifier="n-123 4567"), dob="1990-01-01"))
