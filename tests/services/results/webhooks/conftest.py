"""The projection with webhooks in a database of its own, an API, and a receiver that answers over real HTTP."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

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
from services.results.api.lists import Lists
from services.results.api.parts import Parts, ProducerPublisher
from services.results.api.webhooks import Means
from services.results.service import Results
from services.results.webhooks.addresses import Reachable, networks
from services.results.webhooks.raising import Raising
from services.results.webhooks.sending import Sender
from services.results.webhooks.worker import Worker
from tests.contract import ContractTransport
from tests.services.results import factory
from tests.services.results.conftest import API_PASSWORD, HEADERS, OTHER_CUSTOMER, as_the_api

MASTER = b"a key for tests"
LOOPBACK = Reachable(networks(["127.0.0.0/8"]))


@dataclass
class Received:
    """One request as it came: its path, its headers in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """As a receiver would check it, by the words of the README."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        mine = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return f"v1,{mine}" in self.headers["webhook-signature"].split(" ")


Behaviour = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def status(code: int, *headers: str) -> Behaviour:
    """Answers with a status."""

    async def behave(received: Received, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {code} Told", "Content-Length: 0", "Connection: close", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode())

    return behave


@dataclass
class Receiver:
    """A customer's endpoint: what came, and how it behaves towards each request in turn, the last for ever."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=lambda: [status(200)])
    connections: int = 0

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        return server

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            received = Received(first.split(" ")[1], headers, body)
            self.received.append(received)
            behave = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            await behave(received, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who asks has gone
        finally:
            writer.close()


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
        worker = Worker(self.engine, MASTER, self.sender, self.clock, chance=lambda: 1.0)
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
        own = ("webhook_attempts", "webhook_deliveries", "webhook_keys", "webhooks")
        every = [f"{tables.LIVE}.{table.name}" for table in tables.metadata.sorted_tables]
        await connection.exec_driver_sql(f"TRUNCATE {', '.join([*every, *own])}")
    yield Told(engine)
    await engine.dispose()


@pytest_asyncio.fixture(scope="session")
async def built(webhooks_database: str) -> AsyncIterator[tuple[FastAPI, Parts]]:
    """The application, which takes a while to put together, and its parts."""
    engine, nobody = as_the_api(webhooks_database), MemoryBroker()
    means = Means(MASTER, LOOPBACK)
    app = create_app(engine, ProducerPublisher(nobody.producer()), nobody, wait_seconds=0.2, webhook_means=means)
    async with app.router.lifespan_context(app):
        yield app, app.state.parts
    await engine.dispose()


@pytest_asyncio.fixture
async def api(built: tuple[FastAPI, Parts], told: Told) -> AsyncIterator[httpx.AsyncClient]:
    app, parts = built
    app.state.parts, app.state.lists = replace(parts, publisher=told, clock=told.clock), Lists(told.broker)
    transport = ContractTransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as client:
        yield client


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
