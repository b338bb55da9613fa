"""How long requests take, by operation and status; the path's own values are left out."""

import time
from typing import Any

from prometheus_client import Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.streaming.metrics import SECONDS

REQUEST_SECONDS = Histogram(
    "vetstream_http_request_seconds",
    "Requests, to the end of the answer.",
    ["method", "route", "status"],
    buckets=SECONDS,
)
NO_ROUTE = "none"


class Measured:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.monotonic()

        async def telling(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, telling)
        finally:
            route: Any = scope.get("route")
            name = getattr(route, "path", NO_ROUTE)
            REQUEST_SECONDS.labels(scope["method"], name, status).observe(time.monotonic() - began)
