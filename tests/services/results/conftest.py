"""A projection in a database of its own, and a caller of its API."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.blobs.directory import Directory
from libs.delivery.addresses import Reachable, networks
from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.codec import decode, encode
from libs.events.message import Event, Message
from libs.events.models import (
    ApplicationSubmitted,
    EntityOnboarded,
    RulingRequested,
    SubscriptionRequested,
    WorkflowRequested,
)
from libs.store import roles
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from libs.streaming.transaction import Transaction
from services.orchestration.rulings import Rulings
from services.results import tables
from services.results.api import issuing
from services.results.api.app import create_app
from services.results.api.webhooks import Means
from services.results.fold import TOPICS
from services.results.service import Results
from services.results.setup import set_up
from tests.contract import ContractTransport
from tests.services.results import factory

HEADERS = {"api_key": "key-of-c1", "X-Frankie-CustomerID": "c1", "X-Frankie-Username": "officer"}
OTHER_CUSTOMER = {"api_key": "key-of-c2", "X-Frankie-CustomerID": "c2"}
API_PASSWORD = "the API's"


@dataclass
class Projection:
    """The live tables, and a publisher that has what it publishes folded at once."""

    engine: AsyncEngine
    schema: str = tables.LIVE
    published: list[Event] = field(default_factory=list)
    runs: bool = True
    folds: bool = True
    watched: dict[tuple[str, str], list[bool]] = field(default_factory=dict)
    rulings: Rulings = field(default_factory=Rulings)
    broker: MemoryBroker = field(default_factory=MemoryBroker)

    async def fold(self, events: Sequence[Event], size: int = 500) -> None:
        """Fold events in batches of a size."""
        results = Results(self.schema)
        for begin in range(0, len(events), size):
            async with self.engine.begin() as connection:
                await results.apply(Transaction(connection, "results", factory.START), events[begin : begin + size])

    async def publish(self, event: Event) -> Message:
        """Publish as bytes; a request is answered with a whole story, as the engine would."""
        event = decode(encode(event))
        self.published.append(event)
        self.broker.append(encode(event))
        if self.folds and event.topic in TOPICS:
            await self.fold([event])
        if self.runs and isinstance(event.data, RulingRequested):
            told = self.rulings.decide(event.data)
            await self.fold(
                [factory.event("ruling.changed", told, f"told-{event.id}", told.changedAt, "orchestration")]
            )
        if self.runs and isinstance(event.data, SubscriptionRequested):
            await self.fold(self.watch(event.data))
        if self.runs and isinstance(event.data, EntityOnboarded | WorkflowRequested | ApplicationSubmitted):
            await self.fold(factory.story(event))
        return encode(event)

    def watch(self, asked: SubscriptionRequested) -> list[Event]:
        """What monitoring would tell of a request."""
        told = []
        for type in asked.monitoringTypes:
            states = self.watched.setdefault((asked.entityId, type), [False])
            about = {"changedBy": asked.requestedBy, "requestId": asked.requestId, "comment": asked.comment}
            number = len(states)
            told.append(factory.subscribed(type, number, asked.enabled, asked.entityId, wasEnabled=states[-1], **about))
            states.append(asked.enabled)
        return told


def as_the_api(database: str) -> AsyncEngine:
    """A database as the API's process is let in: with its own role's rights."""
    url = make_url(database).set(username=roles.API, password=API_PASSWORD)
    return connect(url.render_as_string(hide_password=False), pool=8)


@pytest_asyncio.fixture(scope="session")
async def results_database(embedded_database: RunningDatabase) -> str:
    """One database for all of these tests; each has a schema of its own. Two customers have a key with every role."""
    url = fresh_database(embedded_database, "results")
    await set_up(url, MemoryBroker())
    await roles.let_in(url, roles.API, API_PASSWORD)
    for headers in (HEADERS, OTHER_CUSTOMER):
        await issuing.ensure(url, headers["api_key"], headers["X-Frankie-CustomerID"])
    return url


@pytest_asyncio.fixture
async def projection(results_database: str) -> AsyncIterator[Projection]:
    engine = connect(results_database, pool=8)
    schema = f"projection_{secrets.token_hex(6)}"
    async with engine.begin() as connection:
        await tables.create(connection, schema)
    yield Projection(engine, schema)
    await engine.dispose()


@pytest_asyncio.fixture
async def api_engine(results_database: str) -> AsyncIterator[AsyncEngine]:
    engine = as_the_api(results_database)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def app(projection: Projection, api_engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[FastAPI]:
    built = create_app(
        api_engine,
        projection,
        projection.broker,
        schema=projection.schema,
        wait_seconds=0.2,
        blobs=Directory(tmp_path),
        webhook_means=Means(b"a key for tests", Reachable(networks(["127.0.0.0/8"]))),
    )
    async with built.router.lifespan_context(built):
        yield built


@pytest_asyncio.fixture
async def api(app: FastAPI, projection: Projection) -> AsyncIterator[httpx.AsyncClient]:
    await projection.fold([factory.published()])
    transport = ContractTransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as client:
        yield client


def body(**individual: Any) -> dict[str, Any]:
    """What is posted to take a person on."""
    return {"individual": {"name": {"givenName": "Ada", "familyName": "Nkemelu"}, **individual}}


def together(projection: Projection, count: int) -> Callable[[Event], Awaitable[Message]]:
    """Publishes when so many want to: whoever reads before they write has read the same."""
    arrived, publish = asyncio.Barrier(count), projection.publish

    async def published(event: Event) -> Message:
        await arrived.wait()
        return await publish(event)

    return published
