"""Collection with its database, its pages on a port of this machine, and the broker in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.codec import decode, encode
from libs.events.message import Event
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.memory import MemoryBroker
from services.collection.app import create_app
from services.collection.parts import Parts
from services.collection.running import parts_of
from services.collection.service import CollectionHandler
from services.collection.settings import CollectionSettings
from tests.serving import serving


@dataclass
class Face:
    """The pages at an address, and what they tell and hear of."""

    address: str
    broker: MemoryBroker
    consumer: StatefulConsumer
    parts: Parts
    blobs: Path
    settings: CollectionSettings

    def sent(self, topic: str) -> list[Any]:
        """What was told on a topic, oldest first."""
        logs = (log for place, log in self.broker.logs.items() if place.topic == topic)
        told = sorted((decode(message) for log in logs for message in log), key=lambda one: one.time)
        return [one.data for one in told]

    async def hears(self, *events: Event) -> None:
        """Publish events and let collection take them in."""
        await self.broker.producer().send([encode(one) for one in events])
        while await self.consumer.run_once():
            pass


@pytest.fixture(scope="session")
async def face(embedded_database: RunningDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Face]:
    url = fresh_database(embedded_database)
    await migrate(url, "services.collection")
    blobs, broker = tmp_path_factory.mktemp("blobs"), MemoryBroker()
    settings = CollectionSettings(
        database_url=url, blobs_directory=str(blobs), vetstream_web_key="a-key-of-tests", collection_customer="acme"
    )
    parts = parts_of(settings, broker)
    engine = connect(url)
    consumer = StatefulConsumer(CollectionHandler(), broker, engine)
    await consumer.start()
    parts.working.start(lambda task: None)
    async with serving(create_app(parts, "a-key-of-tests")) as address:
        yield Face(address, broker, consumer, parts, blobs, settings)
    await parts.working.stop()
    await consumer.stop()
    await engine.dispose()
    await parts.engine.dispose()
