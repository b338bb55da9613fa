"""A span for each request; what follows from the request on Kafka is told to be below it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.streaming.tracing import HEADER, Tracing

NAME = HEADER.encode()


class Traced:
    """ASGI middleware: the handlers see the span's own `traceparent` in place of the caller's."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(NAME)
        span = self._tracing.request(scope["method"], given.decode("latin-1") if given else None)

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
            await send(message)

        others = [(name, value) for name, value in scope["headers"] if name != NAME]
        below = {**scope, "headers": [*others, (NAME, self._tracing.traceparent(span).encode())]}
        try:
            await self._app(below, receive, telling)
        finally:
            route = getattr(below.get("route"), "path", "none")
            span.update_name(f"{scope['method']} {route}")
            span.set_attribute("http.route", route)
            span.end()
