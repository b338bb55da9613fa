"""Monitoring alone: the broker in memory and its database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.codec import decode, encode
from libs.events.message import Event
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.memory import MemoryBroker
from services.monitoring.service import Monitoring
from tests.factory import NOON


@dataclass
class Alone:
    """One instance of monitoring."""

    url: str
    engine: AsyncEngine
    broker: MemoryBroker
    consumer: StatefulConsumer

    async def take(self, *events: Event) -> None:
        """Publish events and let monitoring run until it is quiet."""
        await self.broker.producer().send([encode(one) for one in events])
        while await self.consumer.run_once():
            pass

    def sent(self, topic: str) -> list[Any]:
        """What was told on a topic, oldest first."""
        logs = (log for place, log in sorted(self.broker.logs.items()) if place.topic == topic)
        return [decode(message).data for log in logs for message in log]

    async def rows(self, statement: str) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(text(statement))).all())


@pytest.fixture
async def alone(embedded_database: RunningDatabase) -> AsyncIterator[Alone]:
    url = fresh_database(embedded_database)
    await migrate(url, "services.monitoring")
    engine, broker = connect(url), MemoryBroker()
    consumer = StatefulConsumer(Monitoring(), broker, engine, lambda: NOON)
    await consumer.start()
    yield Alone(url, engine, broker, consumer)
    await consumer.stop()
    await engine.dispose()
