"""Notifications alone: the broker in memory, a database, a clock set by hand, and an outside service over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery import signing
from libs.delivery.addresses import Reachable, networks
from libs.delivery.sending import Sender
from libs.delivery.worker import Worker
from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.codec import decode, encode
from libs.events.message import Event
from libs.store.engine import connect
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.memory import MemoryBroker
from services.notifications import setup
from services.notifications.deliveries import Deliveries, secret
from services.notifications.endpoints import Endpoint, Endpoints
from services.notifications.service import Notifications
from tests.factory import NOON
from tests.libs.delivery.receiver import Received, Receiver, status

MASTER = b"a key for tests"
TABLES = "deliveries, delivery_attempts, delivery_changes, consumer_offsets, inbox, outbox, outbox_unsent"


@dataclass
class Outside(Receiver):
    """An outside service that acts once a key, as it is told by Idempotency-Key."""

    acted: list[str] = field(default_factory=list)

    def act(self, received: Received) -> None:
        """What being told makes it do."""
        key = received.headers["idempotency-key"]
        if key not in self.acted:
            self.acted.append(key)

    async def acts(self, received: Received, writer: asyncio.StreamWriter) -> None:
        """Does it, and answers."""
        self.act(received)
        await status(202)(received, writer)

    async def acts_and_stalls(self, received: Received, writer: asyncio.StreamWriter) -> None:
        """Does it, and answers when nobody waits any more."""
        self.act(received)
        await asyncio.sleep(5)

    async def acts_and_hangs_up(self, received: Received, writer: asyncio.StreamWriter) -> None:
        """Does it, and is gone before it has answered."""
        self.act(received)
        writer.transport.abort()


@dataclass
class Alone:
    """One instance of notifications."""

    url: str
    engine: AsyncEngine
    broker: MemoryBroker
    endpoint: Endpoint
    now: datetime = NOON

    def clock(self) -> datetime:
        return self.now

    async def __aenter__(self) -> "Alone":
        self.tells(self.endpoint)
        self.sender = Sender(Reachable(networks(["127.0.0.0/8"])), seconds=0.3)
        service = Notifications(self.deliveries, self.sender)
        self.consumer = StatefulConsumer(service, self.broker, self.engine, self.clock)
        await self.consumer.start()
        return self

    def tells(self, endpoint: Endpoint) -> None:
        """The operator's document names this endpoint from now on."""
        self.endpoint, self.deliveries = endpoint, Deliveries(MASTER, Endpoints(endpoints=[endpoint]))

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()

    async def take(self, *events: Event) -> None:
        """Publish events and let the service run until it is quiet."""
        await self.broker.producer().send([encode(one) for one in events])
        await self.settle()

    async def settle(self) -> None:
        while await self.consumer.run_once():
            pass

    async def deliver(self, times: int = 1) -> None:
        """Try what is due until nothing is; then let an hour pass, and so on."""
        worker = Worker(self.engine, self.deliveries, self.sender, self.clock, chance=lambda: 1.0)
        for turn in range(times):
            while await worker.start_due():
                await worker.finish()
            self.now += timedelta(hours=1) if turn < times - 1 else timedelta(seconds=1)
        await self.settle()

    def sent(self, topic: str) -> list[Any]:
        """What was told on a topic, oldest first."""
        logs = (log for place, log in sorted(self.broker.logs.items()) if place.topic == topic)
        return [decode(message).data for log in logs for message in log]

    def states(self) -> list[tuple[str, int]]:
        """How notifications stand, as it was told: state and attempts."""
        return [(one.state, one.attempts) for one in self.sent("notification.changed")]

    def answers(self) -> list[tuple[str, str]]:
        """What steps were answered: token, and the first reason's code."""
        return [
            (one.task.token, one.result.outcome.reasons[0].code) if one.error is None else (one.task.token, one.error)
            for one in self.sent("notification.completed")
        ]

    async def rows(self, statement: str) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(text(statement))).all())

    @property
    def secret(self) -> str:
        """As the outside service knows it."""
        return signing.shown(secret(MASTER, self.endpoint, self.endpoint.keys[0]))


@pytest.fixture(scope="session")
async def notifications_database(embedded_database: RunningDatabase) -> str:
    """One database for all of these tests."""
    url = fresh_database(embedded_database, "notifications")
    await setup.set_up(url, MemoryBroker())
    return url


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    outside = Outside()
    outside.behaviours = [outside.acts]
    server = await outside.serve()
    yield outside
    server.close()


@pytest.fixture
async def alone(notifications_database: str, outside: Outside) -> AsyncIterator[Alone]:
    engine = connect(notifications_database)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"TRUNCATE {TABLES}")
    endpoint = Endpoint(name="rejections", url=outside.url)
    async with Alone(notifications_database, engine, MemoryBroker(), endpoint) as one:
        yield one
    await engine.dispose()
