"""The projection with webhooks in a database of its own, an API, and a receiver that answers over real HTTP."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery.addresses import Reachable, networks
from libs.delivery.sending import Sender
from libs.delivery.worker import Worker
from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.codec import decode, encode
from libs.events.message import Event, Message
from libs.store import roles
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from libs.streaming.transaction import Transaction
from services.results import setup, tables
from services.results.api import issuing
from services.results.api.app import create_app
from services.results.api.webhooks import Means
from services.results.service import Results
from services.results.webhooks.kind import Webhooks
from services.results.webhooks.raising import Raising
from tests.contract import ContractTransport
from tests.libs.delivery.receiver import Receiver
from tests.services.results import factory
from tests.services.results.conftest import API_PASSWORD, HEADERS, OTHER_CUSTOMER, as_the_api

MASTER = b"a key for tests"
LOOPBACK = Reachable(networks(["127.0.0.0/8"]))


@dataclass
class Told:
    """The projection of this test, the time, and who delivers."""

    engine: AsyncEngine
    sender: Sender = field(default_factory=lambda: Sender(LOOPBACK, seconds=0.4))
    now: datetime = factory.START
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    def clock(self) -> datetime:
        return self.now

    async def fold(self, *events: Event) -> None:
        """Each event a batch of its own."""
        for event in events:
            await self.fold_at_once([event])

    async def fold_at_once(self, events: Sequence[Event]) -> None:
        results = Results(tables.LIVE, raising=Raising(tables.LIVE))
        async with self.engine.begin() as connection:
            await results.apply(Transaction(connection, "results", self.now), events)

    async def publish(self, event: Event) -> Message:
        """As the API's publisher."""
        await self.fold(decode(encode(event)))
        return encode(event)

    async def deliver(self, times: int = 1) -> None:
        """Try what is due until nothing is; then let a pause pass, and so on."""
        worker = Worker(self.engine, Webhooks(MASTER), self.sender, self.clock, chance=lambda: 1.0)
        for turn in range(times):
            while await worker.start_due():
                await worker.finish()
            if turn < times - 1:
                self.now += timedelta(hours=1)


@pytest.fixture(scope="session")
async def webhooks_database(embedded_database: RunningDatabase) -> str:
    """One database for all of these tests."""
    url = fresh_database(embedded_database, "webhooks")
    await setup.set_up(url, MemoryBroker())
    await roles.let_in(url, roles.API, API_PASSWORD)
    for headers in (HEADERS, OTHER_CUSTOMER):
        await issuing.ensure(url, headers["api_key"], headers["X-Frankie-CustomerID"])
    return url


@pytest_asyncio.fixture
async def told(webhooks_database: str) -> AsyncIterator[Told]:
    engine = connect(webhooks_database, pool=8)
    async with engine.begin() as connection:
        await tables.drop(connection, tables.LIVE)
        await tables.create(connection)
        for table in ("webhook_attempts", "webhook_deliveries", "webhook_keys", "webhooks"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")
    yield Told(engine)
    await engine.dispose()


@pytest_asyncio.fixture
async def api(told: Told, webhooks_database: str) -> AsyncIterator[httpx.AsyncClient]:
    engine = as_the_api(webhooks_database)
    app = create_app(engine, told, told.broker, wait_seconds=0.2, webhook_means=Means(MASTER, LOOPBACK))
    async with app.router.lifespan_context(app):
        app.state.parts = replace(app.state.parts, clock=told.clock)
        transport = ContractTransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as client:
            yield client
    await engine.dispose()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await receiver.serve()
    yield receiver
    server.close()


async def registered(api: httpx.AsyncClient, receiver: Receiver, **body: Any) -> Any:
    """Registers the receiver; the answer, with the secret."""
    answer = await api.post("/v2/webhooks", json={"endpoint": receiver.url, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()
