"""What the handlers work with, put together when the process starts."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.blobs.port import Blobs
from libs.events.codec import encode
from libs.events.message import Event, Message
from libs.streaming.ports import Producer
from services.results.api.approval_policy import ApprovalPolicy
from services.results.api.audit import Audited
from services.results.api.caller import Caller
from services.results.api.watch import Watch
from services.results.policy import AmendmentPolicy, load


class Publisher(Protocol):
    """Puts an event on its topic; returns once it is safely there."""

    async def publish(self, event: Event) -> Message: ...


@dataclass(frozen=True, slots=True)
class ProducerPublisher:
    """Publishes with a broker's producer."""

    producer: Producer

    async def publish(self, event: Event) -> Message:
        (stored,) = await self.producer.send([encode(event)])
        return stored


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """The database (reading the schema chosen, or with the API's own tables), the publisher, how long a caller is kept
    waiting, the files, and the policy of amendments."""

    engine: AsyncEngine
    own: AsyncEngine
    publisher: Publisher
    watch: Watch
    approvals: ApprovalPolicy
    wait_seconds: float = 5.0
    blobs: Blobs | None = None
    clock: Callable[[], datetime] = field(default=now)
    policy: AmendmentPolicy = field(default_factory=load)


async def parts(request: Request) -> Parts:
    """The parts of this application; what a caller publishes is audited."""
    shared = cast(Parts, request.app.state.parts)
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or request.method == "GET":
        return shared
    return replace(shared, publisher=Audited(shared.publisher.publish, shared.own, caller, shared.clock()))


PartsOf = Annotated[Parts, Depends(parts)]


async def connection(parts: PartsOf) -> AsyncIterator[AsyncConnection]:
    """A connection for one request that only reads."""
    async with parts.engine.connect() as opened:
        yield opened


Reading = Annotated[AsyncConnection, Depends(connection)]
