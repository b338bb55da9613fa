"""A handler that writes down what it is given, and the two brokers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.embedded.broker import RunningBroker
from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.catalogue import topics
from libs.events.message import Event
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.consumer import Handler
from libs.streaming.kafka import KafkaBroker, create_topics
from libs.streaming.transaction import Transaction


@dataclass
class Diary(Handler):
    """Writes each event into a table; raises for those that it is told to."""

    group: str = "results"
    topics: tuple[str, ...] = ("entity.onboarded",)
    raises_for: Callable[[Event], bool] = lambda event: False
    seen: list[str] = field(default_factory=list)

    async def apply(self, tx: Transaction, events: Sequence[Event]) -> None:
        for event in events:
            await tx.connection.execute(text("INSERT INTO diary (event_id) VALUES (:id)"), {"id": event.id})
            self.seen.append(event.id)
            if self.raises_for(event):
                raise ZeroDivisionError(f"cannot take {event.id}")


async def written(engine: AsyncEngine) -> list[str]:
    """What the diary holds, in the order of writing."""
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT event_id FROM diary ORDER BY number"))).scalars())


@pytest.fixture
async def engine(embedded_database: RunningDatabase) -> AsyncIterator[AsyncEngine]:
    """A database with the shared tables and the diary."""
    url = fresh_database(embedded_database)
    await migrate(url, "libs.store")
    engine = connect(url, pool=8)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE diary (number bigserial, event_id text)"))
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def kafka(embedded_broker: RunningBroker) -> KafkaBroker:
    """The embedded broker with every topic of the catalogue."""
    asyncio.run(create_topics(embedded_broker.bootstrap, list(topics().values())))
    return KafkaBroker(embedded_broker.bootstrap)
