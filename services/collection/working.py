"""Pictures that have come are checked, and those of documents read: by processes of their own, a few at a time.

What waits is a row, so that nothing is lost with a process.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.blobs.port import Blobs, NoBlob
from libs.documents.apart import Apart, Unreadable
from libs.documents.reader import Reader
from libs.documents.reading import NoPicture, said
from libs.streaming.ports import Clock
from services.collection import store
from services.collection.checking import Asked, Checked
from services.collection.collected import REFUSED, TAKEN, Picture
from services.collection.policy import SELFIE, Policy
from services.collection.store import Claimed

# Seconds that a picture may take, how often one looks for those of other instances, and how much the pages go before.
SECONDS, LOOK_SECONDS, NICE = 60.0, 1.0, 10
# A picture that was not checked in time is tried again: the machine may have been busy.
TRIES = 3
# Somebody waits for a picture to be checked; what it says is not needed before they come to the next page.
READING_NICE = 15
STOP_SECONDS = 5.0
FORGET_SECONDS, UPLOADS_KEPT = 600.0, timedelta(days=1)

log = structlog.get_logger()


class Working:
    """Works on pictures until it is told to stop."""

    def __init__(
        self, engine: AsyncEngine, blobs: Blobs, spool: Path, policy: Policy, clock: Clock, workers: int = 2
    ) -> None:
        self._engine, self._blobs, self._spool = engine, blobs, spool
        self._policy, self._clock = policy, clock
        self._checkers = [Apart("services.collection.checking:check", SECONDS, NICE) for _ in range(workers)]
        self._reader = Reader(SECONDS, READING_NICE)
        self._news = [asyncio.Event() for _ in range(workers + 1)]
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, ended: Callable[[asyncio.Task[None]], None]) -> None:
        """Begin; `ended` is told of a part that ends."""
        parts = [
            self._go_on(partial(self._check, one), news)
            for one, news in zip(self._checkers, self._news[:-1], strict=True)
        ]
        parts += [self._go_on(self._read, self._news[-1]), self._forget()]
        self._tasks = [asyncio.create_task(part) for part in parts]
        for task in self._tasks:
            task.add_done_callback(ended)

    async def stop(self) -> None:
        """End with what is being done; what is not done soon waits for the next process."""
        self._stopping.set()
        self.wake()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for checker in self._checkers:
            checker.close()
        self._reader.close()

    def wake(self) -> None:
        """A picture has come."""
        for news in self._news:
            news.set()

    def file(self, upload_id: str) -> Path:
        """Where the bytes of a picture lie until it was checked."""
        return self._spool / upload_id

    async def _go_on(self, work: Callable[[], Awaitable[bool]], news: asyncio.Event) -> None:
        while not self._stopping.is_set():
            news.clear()
            if not await work() and not self._stopping.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), LOOK_SECONDS)

    async def _check(self, checker: Apart) -> bool:
        async with self._engine.begin() as connection:
            claimed = await store.claim_check(connection, self._clock())
        if claimed is None:
            return False
        file = self.file(claimed.picture_id)
        try:
            found: Checked = await checker.do(Asked(str(file), self._policy.quality(claimed.of)))
        except Unreadable as unreadable:
            log.warning("picture.unchecked", picture=claimed.picture_id, reason=str(unreadable), tries=claimed.tries)
            if claimed.tries < TRIES:
                async with self._engine.begin() as connection:
                    await store.release(connection, claimed.picture_id)
                return True
            found = Checked("broken")
        picture = await self._kept(claimed, found)
        to_read = picture.status == TAKEN and claimed.of != SELFIE
        async with self._engine.begin() as connection:
            await store.checked(connection, picture, found.brightness, found.sharpness, to_read)
        await asyncio.to_thread(file.unlink, missing_ok=True)
        if to_read:
            self._news[-1].set()
        return True

    async def _kept(self, claimed: Claimed, found: Checked) -> Picture:
        picture = Picture(
            claimed.picture_id, 0, claimed.of, REFUSED, found.problem, width=found.width, height=found.height
        )
        if found.problem:
            return picture
        kept = await self._blobs.put(found.data)
        return replace(picture, status=TAKEN, sha256=kept.sha256, media_type=kept.mediaType, size=kept.size)

    async def _read(self) -> bool:
        async with self._engine.begin() as connection:
            claimed = await store.claim_reading(connection, self._clock())
        if claimed is None:
            return False
        try:
            reading = said(await self._reader.read(await self._blobs.get(claimed.of)), self._clock().date())
        except (NoBlob, NoPicture, Unreadable) as problem:
            log.warning("picture.unread", picture=claimed.picture_id, reason=str(problem))
            reading = {"reason": "unread"}
        async with self._engine.begin() as connection:
            await store.keep_reading(connection, claimed.picture_id, reading)
        return True

    async def _forget(self) -> None:
        while not self._stopping.is_set():
            async with self._engine.begin() as connection:
                given_up = await store.forget_uploads(connection, self._clock() - UPLOADS_KEPT)
            for upload in given_up:
                await asyncio.to_thread(self.file(upload).unlink, missing_ok=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), FORGET_SECONDS)
