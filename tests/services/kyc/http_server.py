"""A data source over HTTP as they are, on a real port: it answers rightly, or does what it is told to do instead."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

SARAH = {
    "ref": "r-1",
    "first": "Sarah",
    "surname": "Whitaker",
    "born": "1984-03-09",
    "home": "12 High St, Newtown NSW 2042",
}
MICHAEL = {**SARAH, "ref": "r-2", "first": "Michael", "surname": "Jones"}

Behaviour = Callable[["Bureau", web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]


@dataclass
class Bureau:
    """What it was asked, and how it behaves."""

    behaviour: Behaviour
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        question = await request.json() if request.can_read_body else dict(request.query)
        self.asked.append(question)
        self.headers.append(dict(request.headers))
        return await self.behaviour(self, request, question)


@asynccontextmanager
async def bureau(behaviour: Behaviour) -> AsyncIterator[Bureau]:
    """A server on this machine for as long as a test needs it."""
    one = Bureau(behaviour)
    application = web.Application()
    application.router.add_route("*", "/v1/search", one.handle)
    async with TestServer(application) as server:
        one.url = str(server.make_url("/v1/search"))
        yield one


async def right(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": [SARAH]})


async def nobody(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": []})


async def not_found(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    raise web.HTTPNotFound


async def another_person(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": [MICHAEL]})


async def another_question(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": "somebody-else's", "hits": [SARAH]})


async def error_document(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "error": "quota exceeded for Sarah Whitaker"})


async def malformed(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": [{**SARAH, "surname": {"text": "Whitaker"}}]})


async def long_text(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": [{**SARAH, "surname": "w" * 5_000}]})


async def many_homes(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": [{**SARAH, "home": ["1 High St"] * 101}]})


async def too_many(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.json_response({"id": question["id"], "hits": [{"ref": str(number)} for number in range(1000)]})


async def garbage(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.Response(body=b"<html>\xff\x00 Sarah Whitaker")


async def bomb(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return web.Response(body=gzip.compress(bytes(5_000_000)), headers={"Content-Encoding": "gzip"})


async def failing(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    raise web.HTTPInternalServerError


async def failing_once(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return await (failing if len(bureau.asked) == 1 else right)(bureau, request, question)


async def redirecting(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    raise web.HTTPTemporaryRedirect(bureau.url + "?again")


async def hanging_up(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    assert request.transport
    request.transport.close()
    return web.Response()


async def stalling(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def dripping(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return await _stream(request, b" ", 0.02)


async def endless(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    return await _stream(request, b" " * 10_000, 0)


async def _stream(request: web.Request, chunk: bytes, pause: float) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(chunk)
        await asyncio.sleep(pause)


async def slow(bureau: Bureau, request: web.Request, question: dict[str, Any]) -> web.StreamResponse:
    await asyncio.sleep(0.1)
    return await right(bureau, request, question)


def told(answer: str | None) -> Any:
    """What a recorded answer says."""
    return orjson.loads(answer or "null")
