"""What every answer of a web face carries, and that a failure shows the request's id instead of its cause."""

import time
import uuid
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.streaming.metrics import SECONDS

log = structlog.get_logger()

PAGE_SECONDS = Histogram(
    "vetstream_page_seconds",
    "Requests to a web face, to the end of the answer.",
    ["face", "method", "route", "status"],
    buckets=SECONDS,
)
CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_A_YEAR = "max-age=31536000"
Failed = Callable[[Request], Awaitable[Response]]


class Guarded:
    """ASGI middleware; an answer that sets one of the headers itself keeps its own."""

    def __init__(self, app: ASGIApp, face: str, failed: Failed, secure: bool, camera: bool) -> None:
        self._app, self._face, self._failed = app, face, failed
        policy = f"camera={'(self)' if camera else '()'}, microphone=(), geolocation=()"
        self._headers = {**HEADERS, "Permissions-Policy": policy}
        if secure:
            self._headers["Strict-Transport-Security"] = _A_YEAR

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, id = time.monotonic(), 0, uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = id

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in {**self._headers, "X-Request-Id": id}.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            log.exception("page.raised", request_id=id, route=_route(scope))
            if status:
                raise
            await (await self._failed(Request(scope)))(scope, receive, sending)
        finally:
            PAGE_SECONDS.labels(self._face, scope["method"], _route(scope), status).observe(time.monotonic() - began)


def _route(scope: Scope) -> str:
    """The route's own text, in which no value of the path stands."""
    return str(getattr(scope.get("route"), "path", "none"))
