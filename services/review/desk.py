"""The reviewers' desk: something is done to a case in one transaction, and told right after it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.events.codec import encode
from libs.events.message import Message
from libs.staff import trail
from libs.staff.trail import Origin
from libs.store import outbox
from libs.streaming.ports import Clock, Producer, system_clock
from services.review import resolving, store, stories
from services.review.case import Case
from services.review.policy import Policy
from services.review.rules import Actor, Hits, Refused, Told
from services.review.service import Review, events_of
from services.review.store import Key

log = structlog.get_logger()

# What is done to a case, given who does it, the policy and what became of the hits; raises Refused.
Deed: TypeAlias = Callable[[Case, Actor, Policy, Hits], Told]
# What belongs to it in the same transaction.
Besides: TypeAlias = Callable[[AsyncConnection, Case, Told], Awaitable[None]]


class NoCase(LookupError):
    """There is no such case of this customer."""


async def nothing(connection: AsyncConnection, case: Case, told: Told) -> None:
    """Nothing else belongs to it."""


class By(NamedTuple):
    """A member of staff, and where their request comes from."""

    username: str
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reviewers work: the database of cases, and a way to Kafka."""

    engine: AsyncEngine
    producer: Producer
    policies: Mapping[str, Policy]
    clock: Clock = system_clock

    async def do(
        self, key: Key, by: By, seen: int, action: str, deed: Deed, besides: Besides = nothing
    ) -> Case:  # fmt: skip
        """Do something to a case as it was seen; raises Refused, which is on record too, and NoCase."""
        try:
            return await self._done(key, by, seen, action, deed, besides)
        except Refused as refused:
            async with self.engine.begin() as connection:
                details = {"refused": refused.reason, "seen": seen}
                await trail.note(connection, self.clock(), by.username, action, key[1], details, by.origin)
            raise

    async def _done(self, key: Key, by: By, seen: int, action: str, deed: Deed, besides: Besides) -> Case:
        now = self.clock()
        async with self.engine.begin() as connection:
            case = (await store.lock(connection, [key])).get(key)
            if case is None:
                raise NoCase(f"no case {key[1]}")
            hits = await hits_of(connection, case)
            told = deed(case, Actor(by.username, now, seen), self.policies[case.policy], hits)
            await store.save(connection, case, told)
            await besides(connection, case, told)
            if told.answer is not None:
                await resolving.plan(connection, case, now)
            await trail.note(connection, now, by.username, action, key[1], {"sequence": case.sequence}, by.origin)
            messages = [encode(event) for event in events_of(case, told)]
            rows = await outbox.write(connection, messages, now)
        await self._send(rows, messages)
        return case

    async def _send(self, rows: Sequence[int], messages: Sequence[Message]) -> None:
        """Tell it at once; what the broker does not take now is in the outbox, which the service sweeps."""
        try:
            await self.producer.send(messages)
        except (KafkaError, OSError) as error:
            log.warning("unsent", group=Review.group, reason=type(error).__name__)
            return
        async with self.engine.begin() as connection:
            await outbox.mark_sent(connection, rows)


async def hits_of(connection: AsyncConnection, case: Case) -> Hits:
    """The hits of a case's execution, and what was said of them."""
    story = await stories.read(connection, case.customer_id, case.execution_id)
    found = dict.fromkeys(one.processResultId for _, one in stories.hits(story))
    return store.hits(found, await store.resolutions(connection, (case.customer_id, case.case_id)))
