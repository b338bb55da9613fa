"""Waiting for the projection: it notifies of what has settled, so nobody asks in a loop."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger()

Found = TypeVar("Found")

# A notification may be lost (a replica, a connection that broke): look again after this long.
AGAIN_SECONDS = 0.25
CONNECT_AGAIN_SECONDS = 1.0


class Watch:
    """Listens on the projection's channel for the ids of executions that have settled."""

    def __init__(self, engine: AsyncEngine, channel: str) -> None:
        self._engine = engine
        self._channel = channel
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    @property
    def goes_on(self) -> bool:
        """Somebody listens, or tries to."""
        return self._task is not None and not self._task.done()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def until(
        self, execution_id: str, look: Callable[[], Awaitable[Found | None]], seconds: float
    ) -> Found | None:
        """What `look` finds once the execution has settled; None where it finds nothing in time."""
        told = asyncio.Event()
        self._waiting[execution_id].add(told)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        try:
            while True:
                told.clear()
                found = await look()
                remaining = deadline - loop.time()
                if found is not None or remaining <= 0:
                    return found
                await _wait(told, min(remaining, AGAIN_SECONDS))
        finally:
            self._waiting[execution_id].discard(told)
            if not self._waiting[execution_id]:
                del self._waiting[execution_id]

    async def _listen(self) -> None:
        while True:
            try:
                await self._until_lost()
            except (SQLAlchemyError, OSError) as error:
                log.warning("watch.lost", error=type(error).__name__)
            await asyncio.sleep(CONNECT_AGAIN_SECONDS)

    async def _until_lost(self) -> None:
        async with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            raw = await connection.get_raw_connection()
            lost = asyncio.Event()
            driver: Any = raw.driver_connection
            driver.add_termination_listener(lambda *_: lost.set())
            await driver.add_listener(self._channel, self._told)
            try:
                await lost.wait()
            finally:
                if not driver.is_closed():
                    await driver.remove_listener(self._channel, self._told)

    def _told(self, _driver: object, _process: int, _channel: str, execution_id: str) -> None:
        for waiting in self._waiting.get(execution_id, ()):
            waiting.set()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
