"""A receiver that answers over real HTTP, as it is told to behave."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass
class Received:
    """One request as it came: its path, its headers in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """As a receiver would check it, by the words of the README."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        mine = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return f"v1,{mine}" in self.headers["webhook-signature"].split(" ")


Behaviour = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def status(code: int, *headers: str) -> Behaviour:
    """Answers with a status."""

    async def behave(received: Received, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {code} Told", "Content-Length: 0", "Connection: close", *headers]
        writer.write("\r\n".join([*lines, "", ""]).encode())

    return behave


@dataclass
class Receiver:
    """A customer's endpoint: what came, and how it behaves towards each request in turn, the last for ever."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=lambda: [status(200)])
    connections: int = 0

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        return server

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            received = Received(first.split(" ")[1], headers, body)
            self.received.append(received)
            behave = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            await behave(received, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # who asks has gone
        finally:
            writer.close()
