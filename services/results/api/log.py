"""GET /v2/log: who did what, when, on which data, by which rules and in how many milliseconds; whole as a file."""

import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from services.results import log
from services.results.api import models
from services.results.api.caller import CallerOf
from services.results.api.paging import Limit, Many, Time, listed, utc
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, invalid
from services.results.log import Filter, Place

router = APIRouter(tags=["Log"], responses=models.ERRORS)

# Where neither a time nor an execution or person is named.
LATELY = timedelta(days=1)
MEDIA = {"jsonl": "application/jsonl", "csv": "text/csv"}
Only = Annotated[str | None, Query(pattern=r"^[^\x00]*$")]


@router.get("/v2/log", summary="Who did what, when, and by which rules", response_model=models.Log)
async def list_log(
    caller: CallerOf,
    parts: PartsOf,
    after: Time = None,
    before: Time = None,
    steps: Many = None,
    results: Many = None,
    workflowExecutionId: Only = None,
    entityId: Only = None,
    limit: Limit = 100,
    nextToken: Only = None,
) -> Response:
    """The oldest first, of the last day where nothing is named; `nextToken` goes on where the last answer ended."""
    wanted = _wanted(parts, after, before, steps, results, workflowExecutionId, entityId)
    found = log.query(caller.customer_id, wanted, _seen(nextToken)).limit(limit + 1)
    async with parts.engine.connect() as connection:
        rows = (await connection.execute(found)).mappings().all()
    told = {"requestId": caller.request_id, "entries": [log.entry(row) for row in rows[:limit]]}
    more = {"nextToken": _token(log.place(rows[limit - 1]))} if len(rows) > limit else {}
    return answer(200, {**told, **more})


@router.get(
    "/v2/log/export",
    summary="The log as a file",
    response_class=StreamingResponse,
    responses={200: {"description": "A line an entry.", "content": {media: {} for media in MEDIA.values()}}},
)
async def export_log(
    caller: CallerOf,
    parts: PartsOf,
    format: Annotated[Literal["jsonl", "csv"], Query()] = "jsonl",
    after: Time = None,
    before: Time = None,
    steps: Many = None,
    results: Many = None,
    workflowExecutionId: Only = None,
    entityId: Only = None,
) -> Response:
    """However much it is. In CSV nothing is a formula."""
    wanted = _wanted(parts, after, before, steps, results, workflowExecutionId, entityId)
    headers = {"Content-Disposition": f'attachment; filename="log.{format}"'}
    lines = _lines(parts.engine, caller.customer_id, wanted, format)
    return StreamingResponse(lines, media_type=MEDIA[format], headers=headers)


async def _lines(engine: AsyncEngine, customer: str, wanted: Filter, format: str) -> AsyncIterator[str]:
    if format == "csv":
        yield log.csv_header()
    written = log.as_csv if format == "csv" else log.as_jsonl
    async with engine.connect() as connection:
        async for one in log.stream(connection, log.query(customer, wanted)):
            yield written(one)


def _wanted(
    parts: Parts,
    after: datetime | None,
    before: datetime | None,
    steps: list[str] | None,
    results: list[str] | None,
    execution_id: str | None,
    entity_id: str | None,
) -> Filter:
    if after is None and before is None and execution_id is None and entity_id is None:
        after = parts.clock() - LATELY
    begin, end = (None if one is None else utc(one) for one in (after, before))
    return Filter(begin, end, listed(steps, "steps"), listed(results, "results"), execution_id, entity_id)


def _token(place: Place) -> str:
    told = [place.at.isoformat(), place.execution_id, place.what, place.number]
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode()


def _seen(token: str | None) -> Place | None:
    if token is None:
        return None
    try:
        at, *rest = orjson.loads(base64.urlsafe_b64decode(token.encode()))
        execution, what, number = (str(one) for one in rest)
        return Place(utc(datetime.fromisoformat(at)), execution, what, number)
    except (ValueError, TypeError):
        raise invalid("is not a token of the log", "query.nextToken") from None
