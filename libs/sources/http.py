"""A source over HTTP, made from its entry in a document."""

import asyncio
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import aiohttp
import orjson
from aiolimiter import AsyncLimiter
from circuitbreaker import CircuitBreaker
from pydantic import TypeAdapter

from libs.sources import mapping
from libs.sources.answers import Answers
from libs.sources.config import Http
from libs.sources.mapping import HttpMapping, Question
from libs.sources.unavailable import SourceUnavailable

# Nothing is packed, so that what is read is no longer than what was sent.
ALWAYS = {"Accept": "application/json", "Accept-Encoding": "identity"}
# Seconds before the second attempt; before each later one twice as many.
BACKOFF = 0.05

R = TypeVar("R")


class HttpQuestions(Generic[R]):
    """Asks each question once, within its rate and its time; what keeps failing is left alone for a while.

    `headers` are the secret ones; `records` is the type of what an answer holds.
    """

    def __init__(self, http: Http, headers: Mapping[str, str], records: TypeAdapter[list[R]]) -> None:
        self._http = http
        self._headers = {**ALWAYS, **http.headers, **headers}
        self._mapping = HttpMapping(http, records)
        self._answers = Answers(http.cacheSeconds)
        self._limiter = AsyncLimiter(http.rateLimit.calls, http.rateLimit.seconds) if http.rateLimit else None
        # Whatever ends a call counts, a cancellation by its timeout too.
        self._breaker = CircuitBreaker(http.circuitBreaker.failures, http.circuitBreaker.seconds, lambda *_: True)
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, question: Question, recorded: str | None = None) -> tuple[tuple[R, ...], str]:
        """The records in the answer, and its text; raises SourceUnavailable.

        The question's `requestId` is the same for each delivery and each attempt. `recorded` is the text of the answer
        once before: that is read again, and nobody asked.
        """
        text = recorded
        if text is None:
            text = await self._answers.get(question["requestId"], lambda: self._ask(question))
        return self._mapping.records(text, question), text

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, asked: Question) -> str:
        deadline = asyncio.get_running_loop().time() + self._http.timeoutSeconds
        for attempt in range(1, self._http.attempts):
            try:
                return await self._once(asked, deadline)
            except SourceUnavailable as unavailable:
                if unavailable.timed_out or self._breaker.opened:
                    raise
                await asyncio.sleep(BACKOFF * 2 ** (attempt - 1))
        return await self._once(asked, deadline)

    async def _once(self, asked: Question, deadline: float) -> str:
        if self._breaker.opened:
            failures = self._http.circuitBreaker.failures
            raise SourceUnavailable(f"not asked: it has failed {failures} times in a row")
        await self._wait_for_its_turn(deadline)
        try:
            async with asyncio.timeout_at(deadline):
                with self._breaker:
                    return await self._call(asked)
        except TimeoutError:
            raise SourceUnavailable(f"no answer within {self._http.timeoutSeconds:g} s", timed_out=True) from None

    async def _wait_for_its_turn(self, deadline: float) -> None:
        if self._limiter is None:
            return
        try:
            async with asyncio.timeout_at(deadline):
                await self._limiter.acquire()
        except TimeoutError:
            raise SourceUnavailable("not asked: more calls are waiting than its rate allows", timed_out=True) from None

    async def _call(self, asked: Question) -> str:
        """The answer, one that makes sense."""
        http = self._http
        headers = {http.requestIdHeader: asked["requestId"]} if http.requestIdHeader else {}
        body = self._mapping.body(asked)
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            async with self._connected().request(
                http.method, http.url, params=self._mapping.query(asked), data=body, headers=headers,
                allow_redirects=False,
            ) as response:  # fmt: skip
                answer = await self._read(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise SourceUnavailable(f"the call failed: {type(error).__name__}") from None
        self._mapping.records(answer, asked)
        return answer

    async def _read(self, response: aiohttp.ClientResponse) -> str:
        if response.status in self._http.notFound:
            return mapping.recorded(response.status, None)
        if not 200 <= response.status < 300:
            raise SourceUnavailable(f"answered with status {response.status}")
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > self._http.maxBytes:
                raise SourceUnavailable(f"its answer is longer than {self._http.maxBytes} bytes")
        return mapping.recorded(response.status, _parsed(content))

    def _connected(self) -> aiohttp.ClientSession:
        """Made within the running loop; no cookie of one person's answer goes along with the next question."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._session


def _parsed(content: bytearray) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        raise SourceUnavailable("its answer is no JSON") from None
