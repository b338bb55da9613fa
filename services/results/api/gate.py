"""What every request passes: its key, its roles, its rate, and whether it is a repeat."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import structlog
from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.results.api import audit, repeats
from services.results.api.access import Operation, Operations
from services.results.api.caller import Caller, admitted, require_role
from services.results.api.ids import request_id
from services.results.api.keys import Keys
from services.results.api.limits import Allowance, Limits
from services.results.api.problems import Detail, Problem, respond, unavailable
from services.results.api.repeats import Answered, Claim, Repeats

log = structlog.get_logger()

REPEATABLE = ("POST", "PATCH")
REPLAYED = "Idempotent-Replayed"
FORGET_SECONDS = 600.0


class Gate:
    """Stands before the application; what it lets through has a `Caller` in its state.

    A path that the table does not have goes through without one: there is none such, or its handler refuses.
    """

    def __init__(
        self,
        app: ASGIApp,
        engine: AsyncEngine,
        operations: Operations,
        clock: Callable[[], datetime],
        per_minute: int,
    ) -> None:
        self._app = app
        self._engine = engine
        self._operations = operations
        self._clock = clock
        self._per_minute = per_minute
        self._keys = Keys(engine, time.monotonic)
        self._limits = Limits(time.monotonic)
        self._repeats = Repeats(engine)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self._operations.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if operation is None or operation.public:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            await self._admit(request, operation, send)
        except Problem as problem:
            await respond(request, problem)(scope, receive, send)
        except (SQLAlchemyError, OSError) as error:
            await unavailable(request, error)(scope, receive, send)

    async def _admit(self, request: Request, operation: Operation, send: Send) -> None:
        given = request.headers.get("api_key")
        if not given:
            detail = Detail("is missing", "header.api_key", "MISSING")
            raise Problem(401, "UNAUTHORIZED", "the api_key header is missing", [detail])
        key = await self._keys.find(given)
        caller = admitted(request, key, operation, self._clock())
        allowance = self._limits.take(caller.key_id, (key and key.per_minute) or self._per_minute)
        send = _with_headers(send, allowance)
        try:
            _require_allowed(allowance)
            require_role(caller)
            await self._serve(request, caller, send)
        except Problem as problem:
            await respond(request, problem)(request.scope, request.receive, send)

    async def _serve(self, request: Request, caller: Caller, send: Send) -> None:
        key = request.headers.get(repeats.HEADER) if request.method in REPEATABLE else None
        if key is None:
            await self._do(request, caller, request.receive, send)
            return
        body = await request.body()
        query = request.scope["query_string"].decode("latin-1")
        operation = f"{request.method} {quote(request.scope['path'])}?{query}"
        asked = repeats.asked(caller.customer_id, key, operation, body)
        found = await self._repeats.claim(asked, request_id(request), self._clock())
        if isinstance(found, Answered):
            await _answer_again(found, send)
            return
        await self._first(request, caller, found, body, send)

    async def _do(self, request: Request, caller: Caller, receive: Receive, send: Send) -> None:
        request.state.caller = caller
        await self._app(request.scope, receive, self._audited(caller, send) if caller.operation.audit else send)

    def _audited(self, caller: Caller, send: Send) -> Send:
        """Before a write is answered its audit event is there, also where the operation has left it to us."""

        async def told(message: Message) -> None:
            written = caller.trail.written or message["type"] != "http.response.start" or message["status"] >= 300
            if not written:
                await audit.keep_untold(self._engine, caller, self._clock())
            await send(message)

        return told

    async def _first(self, request: Request, caller: Caller, claim: Claim, body: bytes, send: Send) -> None:
        """Do it, and keep what was answered; where it was refused and nothing written, the next is a first."""
        request.state.request_id = claim.request_id
        caller = caller.under(claim.request_id)
        answer = _Kept()
        try:
            await self._do(request, caller, _body_again(body, request.receive), answer.send)
        except Exception:
            await self._repeats.abandon(claim)
            raise
        kept = answer.answered()
        if kept.status >= 500 or caller.trail.secret:
            await self._repeats.abandon(claim)
        elif kept.status < 300 or caller.trail.written:
            await self._repeats.answered(claim, kept)
        else:
            await self._repeats.give_back(claim)
        for message in answer.messages:
            await send(message)


class _Kept:
    """The messages of one answer."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    def answered(self) -> Answered:
        start, *rest = self.messages
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        return Answered(start["status"], headers, b"".join(one.get("body", b"") for one in rest))


def _with_headers(send: Send, allowance: Allowance) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(allowance.headers)
        await send(message)

    return told


def _require_allowed(allowance: Allowance) -> None:
    if allowance.retry_after is not None:
        text = f"more than {allowance.per_minute} requests a minute"
        raise Problem(429, "TOO_MANY_REQUESTS", text, [Detail(text, "header.api_key", "LIMITED")])


def _body_again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then what comes after it."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return left.pop() if left else await receive()

    return given


async def _answer_again(answer: Answered, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((REPLAYED.lower().encode(), b"true"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def forget_repeats(engine: AsyncEngine, clock: Callable[[], datetime]) -> None:
    """Drop answers after their day, for as long as the application runs."""
    while True:
        try:
            await Repeats(engine).forget(clock())
        except (SQLAlchemyError, OSError) as error:
            log.warning("repeats.not_forgotten", error=type(error).__name__)
        await asyncio.sleep(FORGET_SECONDS)
