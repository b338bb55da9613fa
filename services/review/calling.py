"""Makes the requests to the API that cases have left, until each is answered."""

import asyncio
import contextlib
from collections.abc import Mapping

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.streaming.ports import Clock, system_clock
from services.review import resolving
from services.review.resolving import Call

EVERY = 1.0  # seconds
AT_ONCE = 20
# What will be answered otherwise some other time: too many requests, a conflict of repeats, a fault of the server's.
AGAIN = {408, 425, 429}

log = structlog.get_logger()


class Calling:
    """A worker; several may run beside each other. A request carries its id, so that made twice it counts once."""

    def __init__(
        self, engine: AsyncEngine, client: httpx.AsyncClient, keys: Mapping[str, str], clock: Clock = system_clock
    ) -> None:
        self._engine = engine
        self._client = client
        self._keys = keys
        self._clock = clock

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop; without an address of the API nothing is sent, and nothing lost."""
        if not self._client.base_url.host:
            log.warning("calls.kept", reason="REVIEW_API_URL is not set: resolved hits are kept and not sent")
            await stopping.wait()
        while not stopping.is_set():
            if not await self.run_once():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), EVERY)

    async def run_once(self) -> int:
        """Make the requests that are due; how many were."""
        async with self._engine.begin() as connection:
            calls = await resolving.claim(connection, self._clock(), AT_ONCE)
        for call in calls:
            answer, done = await self._make(call)
            async with self._engine.begin() as connection:
                if done:
                    await resolving.made(connection, call, answer)
                else:
                    await resolving.failed(connection, call, answer, self._clock())
        return len(calls)

    async def _make(self, call: Call) -> tuple[str, bool]:
        """What the API said, and whether that is final."""
        key = self._keys.get(call.customer_id)
        if key is None:
            return "no key of the API for this customer", False
        headers = {
            "api_key": key,
            "X-Frankie-CustomerID": call.customer_id,
            "Idempotency-Key": call.call_id,
            "Content-Type": "application/json",
        }
        try:
            answer = await self._client.request(call.method, call.path, content=call.body, headers=headers)
        except httpx.HTTPError as error:
            return type(error).__name__, False
        code = answer.status_code
        return f"{code}", code < 500 and code not in AGAIN
