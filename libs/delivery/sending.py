"""One attempt: a POST to the receiver, of whose answer nothing but the status is read."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from libs.delivery.addresses import Reachable

SECONDS = 10.0
LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """HTTP's status, or the error where there was no answer; and how long it took."""

    status: int | None
    error: str | None
    seconds: float


class Sender:
    """Connects anew for each attempt, so that where it goes is looked at each time; proxies are not used."""

    def __init__(self, reachable: Reachable, seconds: float = SECONDS) -> None:
        self._reachable = reachable
        self._timeout = ClientTimeout(total=seconds)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST to `url`; a redirect is an answer like any other, and is not followed."""
        began = time.monotonic()
        try:
            status, error = await self._status(url, headers, body), None
        except TimeoutError:
            status, error = None, "no answer in time"
        except (ClientError, OSError, ValueError) as failure:
            status, error = None, f"{type(failure).__name__}: {failure}"[:LONGEST_ERROR]
        return Answer(status, error, time.monotonic() - began)

    async def _status(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        connector = TCPConnector(socket_factory=self._reachable.socket, use_dns_cache=False, force_close=True)
        async with ClientSession(connector=connector, timeout=self._timeout, trust_env=False) as session:
            # aiohttp's own limit counts up to the headers; a body may be endless, so it is left unread.
            answer = await session.post(url, data=body, headers=headers, allow_redirects=False)
            try:
                return answer.status
            finally:
                answer.close()
