"""Delivers what is due: each receiver has its own places, so that one that stalls keeps nobody else waiting."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.delivery import retrying
from libs.delivery.kind import Kind
from libs.delivery.outgoing import Outgoing
from libs.delivery.sending import Sender
from libs.streaming.ports import Clock, system_clock

LOOK_SECONDS = 0.25
FORGET = timedelta(hours=1)

log = structlog.get_logger()


@dataclass
class Worker:
    """One instance; several share the work by what each has claimed."""

    engine: AsyncEngine
    kind: Kind
    sender: Sender
    clock: Clock = system_clock
    chance: Callable[[], float] = random.random
    looks: int = 0
    looked_at: float = field(default_factory=time.monotonic)
    _under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)

    async def run(self, stopping: asyncio.Event) -> None:
        """Deliver until told to stop; what is under way then is finished. Raises what the database says."""
        forget_at = self.clock()
        while not stopping.is_set():
            await self.start_due()
            self.looks, self.looked_at = self.looks + 1, time.monotonic()
            if self.clock() >= forget_at:
                forget_at = self.clock() + FORGET
                async with self.engine.begin() as connection:
                    await self.kind.log.forget(connection, self.clock())
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(LOOK_SECONDS)
            self._collect()
        await self.finish()

    async def start_due(self) -> int:
        """Begin what is due, as far as there are places; returns how many."""
        async with self.engine.begin() as connection:
            claimed = await self.kind.claim(connection, Counter(self._under_way.values()), self.clock())
        for delivery in claimed:
            self._under_way[asyncio.create_task(self._deliver(delivery))] = delivery.receiver
        return len(claimed)

    async def finish(self) -> None:
        """Wait for what is under way."""
        if self._under_way:
            await asyncio.wait(self._under_way)
        self._collect()

    def _collect(self) -> None:
        for task in [task for task in self._under_way if task.done()]:
            del self._under_way[task]
            task.result()

    async def _deliver(self, delivery: Outgoing) -> None:
        signed = await self.kind.headers(self.engine, delivery, self.clock())
        headers = {
            "content-type": "application/json",
            **({"traceparent": delivery.traceparent} if delivery.traceparent else {}),
            **signed,
        }
        answer = await self.sender.post(delivery.url, headers, delivery.body)
        now = self.clock()
        next = retrying.after(self.kind.answers, answer.status, delivery.tried_since, now, self.chance())
        async with self.engine.begin() as connection:
            await self.kind.tried(connection, delivery, answer, next, now)
        self.kind.measures.attempted(next.state, answer.seconds)
        if next.state != "DELIVERED":
            log.warning(
                "not_delivered", kind=self.kind.measures.kind, receiver=delivery.receiver, attempt=delivery.attempts,
                notification=delivery.notification_id, status=answer.status, state=next.state,
            )  # fmt: skip
