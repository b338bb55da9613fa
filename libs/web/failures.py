"""Pages for what went wrong: what it means for the reader, what to do, and an id to ask about it by."""

from collections.abc import Mapping

import structlog
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException

from libs.web.csrf import Refused
from libs.web.pages import page

log = structlog.get_logger()

# Status: what it is called, and what it means; a face in another language gives its own as `failures`.
FAILURES = {
    400: ("This cannot be read", "What was sent is not what this page takes."),
    403: ("Not allowed", "You may not see or do this."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Not possible here", "This address does not take what was sent."),
    409: ("Overtaken", "Somebody else was faster. Look at what is there now."),
    410: ("No longer valid", "This address has expired."),
    413: ("Too large", "What was sent is larger than what this page takes."),
    422: ("This does not fit", "Something that this page needs was missing or has the wrong form."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("Something went wrong", "The fault is ours, and it was noted. Nothing that was saved before is lost."),
    503: ("Not available", "The service cannot answer at the moment. Try again in a minute."),
}


def handle_failures(app: FastAPI) -> None:
    """Answer every failure with a page."""
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unfit)
    for away in (OperationalError, InterfaceError, PoolTimeout, OSError):
        app.add_exception_handler(away, _unavailable)


async def failed(request: Request) -> Response:
    """The page of a failure that nobody foresaw."""
    return failure(request, 500)


def failure(request: Request, status: int, text: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """The page of a failure; `text` says more than the status does."""
    response = page(request, "failure.html.jinja", status, number=status, detail=text, FAILURES=FAILURES)
    response.headers.update(headers or {})
    return response


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.status_code < 400:
        return _elsewhere(request, error)
    standard = HTTPException(error.status_code).detail
    told = "" if error.detail == standard else str(error.detail)
    if isinstance(error, Refused):
        told = request.app.state.pages.words(request)["refused"]
    return failure(request, error.status_code, told, error.headers)


def _elsewhere(request: Request, error: StarletteHTTPException) -> Response:
    """A part of a page must not be filled with another page: then the whole page goes elsewhere."""
    headers = dict(error.headers or {})
    if "HX-Request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": headers["Location"]})
    return Response(status_code=error.status_code, headers=headers)


async def _unfit(request: Request, error: Exception) -> Response:
    return failure(request, 422)


async def _unavailable(request: Request, error: Exception) -> Response:
    """The database, or another service, is not there."""
    log.error("page.unavailable", request_id=request.state.request_id, error=type(error).__name__)
    return failure(request, 503)
