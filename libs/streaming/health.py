"""Liveness and readiness over HTTP, and the probe that containers run: `python -m libs.streaming.health`."""

import asyncio
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import orjson

READY, NOT_READY = b"200 OK", b"503 Service Unavailable"


@dataclass(slots=True)
class Health:
    """What a service says of itself: `ready` once it can do its work, `live` as long as it makes progress; `told` is
    how far it has come."""

    ready: Callable[[], bool]
    live: Callable[[], bool]
    told: Callable[[], Mapping[str, object]] = dict

    async def serve(self, host: str, port: int) -> asyncio.Server:
        """Answer GET /health/live and /health/ready until closed."""
        return await asyncio.start_server(self._answer, host, port)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = (await asyncio.wait_for(reader.readline(), timeout=5)).split()
            path = request[1] if len(request) > 1 else b""
            checks = {b"/health/live": self.live, b"/health/ready": self.ready}
            status = b"404 Not Found" if path not in checks else READY if checks[path]() else NOT_READY
            body = orjson.dumps({"status": status.split(b" ", 1)[1].lower().decode(), **self.told()})
            writer.write(
                b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                % (status, len(body), body)
            )
            await writer.drain()
        except (TimeoutError, ConnectionError):
            pass  # a probe that gave up
        finally:
            writer.close()


def probe(url: str) -> bool:
    """Whether a service answers that it is well."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if probe(f"http://localhost:{os.environ.get('HEALTH_PORT', '8070')}/health/ready") else 1)
