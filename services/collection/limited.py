"""No request is larger than what a picture may have: refused before it is read where it says so, else cut off."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Limited:
    """ASGI middleware; raises HTTPException 413 while a body is read that is larger than `largest` bytes."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        come = 0

        async def receiving() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if max(come, said) > self._largest:
                raise HTTPException(413)
            return message

        said = _said(scope)
        await self._app(scope, receiving, send)


def _said(scope: Scope) -> int:
    """The length that the request claims."""
    if scope["type"] != "http":
        return 0
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
