"""Delivers what is due: each webhook has its own places, so that one that stalls keeps nobody else waiting."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.streaming.ports import Clock, system_clock
from services.results.webhooks import measures, retrying, signing, store
from services.results.webhooks.sending import Sender

EACH = 4
LOOK_SECONDS = 0.25
FORGET = timedelta(hours=1)

log = structlog.get_logger()


@dataclass
class Worker:
    """One instance; several share the work by what each has claimed."""

    engine: AsyncEngine
    master: bytes
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
                    await store.forget(connection, self.clock())
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(LOOK_SECONDS)
            self._collect()
        await self.finish()

    async def start_due(self) -> int:
        """Begin what is due, as far as there are places; returns how many."""
        async with self.engine.begin() as connection:
            claimed = await store.claim(connection, Counter(self._under_way.values()), EACH, self.clock())
        for delivery in claimed:
            self._under_way[asyncio.create_task(self._deliver(delivery))] = delivery.webhook_id
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

    async def _deliver(self, delivery: store.Delivery) -> None:
        async with self.engine.begin() as connection:
            key_ids = await store.key_ids(connection, delivery.webhook_id, self.clock())
        secrets = [signing.secret(self.master, delivery.webhook_id, key_id) for key_id in key_ids]
        headers = {
            "content-type": "application/json",
            "user-agent": "vetstream-webhooks",
            **({"traceparent": delivery.traceparent} if delivery.traceparent else {}),
            **signing.headers(secrets, delivery.notification_id, self.clock(), delivery.body),
        }
        answer = await self.sender.post(delivery.endpoint, delivery.request_id, headers, delivery.body)
        now = self.clock()
        next = retrying.after(answer.status, delivery.tried_since, now, self.chance())
        async with self.engine.begin() as connection:
            await store.tried(connection, delivery, answer, next, now)
        measures.ATTEMPTS.labels(next.state).inc()
        measures.ATTEMPT_SECONDS.observe(answer.seconds)
        if next.state != "DELIVERED":
            log.warning(
                "webhook.not_delivered", webhook=delivery.webhook_id, notification=delivery.notification_id,
                request=delivery.request_id, attempt=delivery.attempts, status=answer.status, state=next.state,
            )  # fmt: skip
