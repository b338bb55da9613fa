"""A data source over HTTP, made from its entry in a document."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson
from aiolimiter import AsyncLimiter
from circuitbreaker import CircuitBreaker

from libs.events.message import derived_id
from libs.events.models import CheckRequested, Individual
from services.kyc import http_mapping
from services.kyc.answers import Answers
from services.kyc.coverage import covers
from services.kyc.http_config import HttpSourceEntry
from services.kyc.http_mapping import HttpMapping, Question, question
from services.kyc.sources import About, Answered, SourceUnavailable

# Nothing is packed, so that what is read is no longer than what was sent.
ALWAYS = {"Accept": "application/json", "Accept-Encoding": "identity"}


class HttpSource:
    """Asks for each request once, within its rate and its time; what keeps failing is left alone for a while."""

    def __init__(self, entry: HttpSourceEntry, environ: Mapping[str, str]) -> None:
        http = entry.http
        self._entry, self._http = entry, http
        self._headers = {**ALWAYS, **http.headers, **entry.secrets(environ)}
        self._mapping = HttpMapping(http)
        self._answers = Answers(http.cacheSeconds)
        self._limiter = AsyncLimiter(http.rateLimit.calls, http.rateLimit.seconds) if http.rateLimit else None
        # Whatever ends a call counts, a cancellation by its timeout too.
        self._breaker = CircuitBreaker(http.circuitBreaker.failures, http.circuitBreaker.seconds, lambda *_: True)
        self._session: aiohttp.ClientSession | None = None

    @property
    def about(self) -> About:
        """As in its entry."""
        return self._entry.about

    def covers(self, individual: Individual) -> bool:
        """As of every source."""
        return covers(self.about, self._entry.countries, individual)

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        """What the source knows; raises SourceUnavailable."""
        task = request.task
        # The same for each delivery and each attempt; the token, which lets its bearer answer, goes to nobody.
        who = question(request.individual, "")
        request_id = derived_id(
            task.workflowExecutionId, task.stepName, self.about.id, orjson.dumps(who, option=orjson.OPT_SORT_KEYS).hex()
        )
        asked = {**who, "requestId": request_id}
        text = await self._answers.get(request_id, lambda: self._ask(asked)) if recorded is None else recorded
        return Answered(self._mapping.records(text, asked), text)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, asked: Question) -> str:
        if self._breaker.opened:
            failures = self._http.circuitBreaker.failures
            raise SourceUnavailable(f"not asked: it has failed {failures} times in a row")
        deadline = asyncio.get_running_loop().time() + self._http.timeoutSeconds
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
            return http_mapping.recorded(response.status, None)
        if not 200 <= response.status < 300:
            raise SourceUnavailable(f"answered with status {response.status}")
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > self._http.maxBytes:
                raise SourceUnavailable(f"its answer is longer than {self._http.maxBytes} bytes")
        return http_mapping.recorded(response.status, _parsed(content))

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
