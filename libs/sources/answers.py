"""Answers that were paid for: the same question is asked once, however often its request is delivered."""

import asyncio
from collections.abc import Awaitable, Callable

from cachetools import TTLCache

SIZE = 20_000


class Answers:
    """The answers of one source by request, kept for some seconds; a failure is not kept."""

    def __init__(self, seconds: float, size: int = SIZE) -> None:
        self._kept: TTLCache[str, str] = TTLCache(size, seconds)
        self._open: dict[str, asyncio.Task[str]] = {}

    async def get(self, request_id: str, ask: Callable[[], Awaitable[str]]) -> str:
        """The answer to a request; whoever asks meanwhile waits for the same one, and giving up leaves it going."""
        if (kept := self._kept.get(request_id)) is not None:
            return kept
        if request_id not in self._open:
            task = self._open[request_id] = asyncio.ensure_future(self._keep(request_id, ask))
            task.add_done_callback(lambda done: self._done(request_id, done))
        return await asyncio.shield(self._open[request_id])

    async def _keep(self, request_id: str, ask: Callable[[], Awaitable[str]]) -> str:
        answer = self._kept[request_id] = await ask()
        return answer

    def _done(self, request_id: str, task: asyncio.Task[str]) -> None:
        del self._open[request_id]
        if not task.cancelled():
            task.exception()  # seen, should nobody wait for it any more
