"""Errors in the contract's form: a code, a sentence, and the place in what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from services.results.api.ids import request_id

log = structlog.get_logger()

# What stands before the place in the caller's own document.
PARTS = {"query": "query", "header": "header", "path": "path"}


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is wrong, and where."""

    issue: str
    location: str
    type: str

    def json(self) -> dict[str, str]:
        return {"issue": self.issue, "issueLocation": self.location, "issueType": self.type}


class Problem(Exception):
    """A request that cannot be served; `status` is HTTP's."""

    def __init__(
        self,
        status: int,
        code: str,
        text: str,
        details: Sequence[Detail] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.details = tuple(details)
        self.headers = dict(headers or {})


def not_found(what: str, place: str) -> Problem:
    """Nothing of this customer's has that id or name."""
    return Problem(404, "NOT_FOUND", f"{what} was not found", [Detail(f"no such {what}", place, "NOT_FOUND")])


def conflict(text: str, place: str) -> Problem:
    """What was asked for does not fit what is there."""
    return Problem(409, "CONFLICT", text, [Detail(text, place, "CONFLICT")])


def forbidden(text: str, place: str) -> Problem:
    """The key is good, and not for this."""
    return Problem(403, "FORBIDDEN", text, [Detail(text, place, "FORBIDDEN")])


def invalid(text: str, place: str, kind: str = "INVALID") -> Problem:
    """A query parameter or header that does not fit the contract."""
    return Problem(400, "INVALID_REQUEST", f"{place}: {text}", [Detail(text, place, kind)])


def unfit(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """A body that does not fit; each error with its `loc` in the body, its `msg` and `type`, as pydantic tells them."""
    details = [_detail({**one, "loc": ("body", *one["loc"])}) for one in errors]
    return Problem(422, "INVALID_REQUEST", f"{details[0].location}: {details[0].issue}", details)


def answer(status: int, content: Any, headers: dict[str, str] | None = None) -> Response:
    """A JSON response; times in UTC."""
    return Response(orjson.dumps(content, option=orjson.OPT_UTC_Z), status, headers, "application/json")


def handle_problems(app: FastAPI) -> None:
    """Answer every failure in the contract's form."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _unavailable)
    app.add_exception_handler(OSError, _unavailable)
    app.add_exception_handler(KafkaError, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


def respond(request: Request, problem: Problem) -> Response:
    """A problem in the contract's form."""
    content = {
        "errorCode": problem.code,
        "errorMsg": str(problem),
        "details": [detail.json() for detail in problem.details],
        "requestId": request_id(request),
    }
    return answer(problem.status, content, problem.headers)


async def _problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return respond(request, problem)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(error.status_code, "INVALID_REQUEST")
    return respond(request, Problem(error.status_code, code, str(error.detail)))


def unavailable(request: Request, error: Exception) -> Response:
    """The database or the broker is not there."""
    log.error("request.failed", path=request.url.path, error=type(error).__name__)
    return respond(request, Problem(503, "UNAVAILABLE", "the service cannot answer at the moment; try again"))


async def _unavailable(request: Request, error: Exception) -> Response:
    return unavailable(request, error)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.raised", path=request.url.path, error=type(error).__name__)
    return respond(request, Problem(500, "INTERNAL_ERROR", "the request could not be handled"))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    details = [_detail(one) for one in error.errors()]
    # Of a request that writes, the query is part of what is asked for.
    asked = ("body",) if request.method == "GET" else ("body", "query")
    in_what_is_asked = any(one["loc"][0] in asked for one in error.errors())
    malformed = any(one["type"] == "json_invalid" for one in error.errors())
    first = details[0]
    status = 422 if in_what_is_asked and not malformed else 400
    return respond(request, Problem(status, "INVALID_REQUEST", f"{first.location}: {first.issue}", details))


def _detail(error: dict[str, Any]) -> Detail:
    if error["type"] == "json_invalid":
        return Detail("is not JSON", f"body[{error['loc'][-1]}]", "MALFORMED")
    kind = {"missing": "MISSING", "unknown_field": "UNKNOWN_FIELD"}.get(error["type"], "INVALID")
    text = "is missing" if error["type"] == "missing" and error["msg"] == "Field required" else error["msg"]
    return Detail(text, place(error["loc"], (error.get("ctx") or {}).get("field")), kind)


def place(location: Sequence[str | int], field: str | None = None) -> str:
    """The path into the caller's document: individual.documents.IDENTITY[0].country."""
    parts = [*location, *([field] if field else [])]
    parts = [PARTS[str(parts[0])], *parts[1:]] if parts[0] in PARTS else parts[1:]
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path or "body"
