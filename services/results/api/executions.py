"""…/executions: what came of the runs of a workflow on a person, and overriding it."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl.history import EVENT_LIMIT
from libs.events.message import Event
from libs.events.models import ExecutionStatus, ResultsAmended
from services.results.api import models, queries, results
from services.results.api.attachments import Level, at_level
from services.results.api.caller import Caller, CallerOf
from services.results.api.comments import why
from services.results.api.execute import Named
from services.results.api.history import DEFAULT_RESULTS, MOST_RESULTS, Seen, seen, told
from services.results.api.kinds import OVERRIDE
from services.results.api.paging import Limit, Many, Page, Paged, Parent, Sort, Time, among, between, fields, listed
from services.results.api.parts import Parts, PartsOf, Reading
from services.results.api.problems import Detail, Problem, answer, conflict, not_found
from services.results.api.proposals import propose, view
from services.results.documents import present
from services.results.service import Results
from services.results.tables import executions as table

LIST = "/v2/individuals/{entityId}/serviceprofiles/{serviceName}/workflows/{workflowName}/executions"
ONE = LIST + "/{workflowExecutionId}"

router = APIRouter(tags=["Executions"], responses=models.ERRORS | models.NOT_FOUND)

SORTED_BY = {
    "startedAt": table.c.started_at,
    "endedAt": table.c.ended_at,
    "createdAt": table.c.created_at,
    "updatedAt": table.c.updated_at,
    "status": table.c.status,
    "result": table.c.result,
    "workflowExecutionState": table.c.state,
}
ACCEPTED = "Published and not yet applied; with an `approval`, another person must confirm it first."
STATUSES = [status.value for status in ExecutionStatus]


@router.get(LIST, summary="Executions of a workflow on a person", response_model=models.Executions)
async def executions(
    caller: CallerOf,
    reading: Reading,
    entityId: Named,
    serviceName: Named,
    workflowName: Named,
    limit: Limit = 20,
    page: Page = 1,
    sort: Sort = "desc",
    sortFields: Many = None,
    workflowResults: Many = None,
    workflowExecutionStates: Many = None,
    startedAtAfter: Time = None,
    startedAtBefore: Time = None,
    endedAtAfter: Time = None,
    endedAtBefore: Time = None,
    parentExecutionId: Parent = None,
) -> Response:
    """Newest first unless sorted otherwise."""
    paged = Paged(page, limit, sort, fields(sortFields, SORTED_BY, "startedAt"))
    if await queries.individual(reading, caller.customer_id, entityId) is None:
        raise not_found("individual", "path.entityId")
    query = queries.of_person(
        caller.customer_id,
        entityId,
        table.c.service_name == serviceName,
        table.c.workflow_name == workflowName,
        *among(table.c.result, listed(workflowResults, "workflowResults", STATUSES)),
        *among(table.c.state, listed(workflowExecutionStates, "workflowExecutionStates", models.STATES)),
        *between(table.c.started_at, startedAtAfter, startedAtBefore),
        *between(table.c.ended_at, endedAtAfter, endedAtBefore),
        parent_id=parentExecutionId,
    )
    rows, total = await queries.counted_rows(reading, query, paged.of(query, SORTED_BY, table.c.execution_id))
    told = {
        "requestId": caller.request_id,
        "meta": paged.meta(total, len(rows)),
        "workflowResults": await results.workflow_results(reading, caller.customer_id, rows),
    }
    return answer(200, told)


@router.get(
    ONE,
    summary="One execution, with every step",
    responses={200: {"model": models.Execution | models.Running, "description": "While it runs, only its state."}},
)
async def execution(
    caller: CallerOf,
    parts: PartsOf,
    reading: Reading,
    entityId: Named,
    serviceName: Named,
    workflowName: Named,
    workflowExecutionId: Named,
    level: Level = "meta",
) -> Response:
    """The ETag is the version; an override with If-Match is refused where it has changed since."""
    row = await _found(reading, caller, entityId, serviceName, workflowName, workflowExecutionId)
    etag = {"ETag": _etag(row["version"])}
    if row["ended_at"] is None:
        return answer(200, {"requestId": caller.request_id, "workflowExecutionState": row["state"]}, etag)
    (result,) = await results.workflow_results(reading, caller.customer_id, [row])
    person = await results.person(reading, caller.customer_id, entityId)
    told = present(
        requestId=caller.request_id,
        workflowResult=result,
        individual=person and await at_level(parts.blobs, person.shown, level),
        createdAt=result["createdAt"],
        updatedAt=result["updatedAt"],
        updatedBy=result.get("updatedBy"),
    )
    return answer(200, told, etag)


@router.patch(
    ONE,
    summary="Override the status of an execution",
    responses={
        200: {"model": models.Overridden, "description": "The status has been changed."},
        202: {"model": models.OverrideAccepted, "description": ACCEPTED},
        **models.CONFLICT,
        **models.INVALID,
    },
)
async def override(
    caller: CallerOf,
    parts: PartsOf,
    entityId: Named,
    serviceName: Named,
    workflowName: Named,
    workflowExecutionId: Named,
    body: models.Override,
    seen: Annotated[str | None, Header(alias="If-Match", description="The ETag of what was seen.")] = None,
) -> Response:
    """Changes `status` and who, when and by which request; result, steps and risk stay as they were found."""
    comment = why(parts, "overrideWorkflowExecutionResult", body.comment)
    async with parts.engine.connect() as reading:
        row = await _found(reading, caller, entityId, serviceName, workflowName, workflowExecutionId)
    if row["ended_at"] is None:
        raise conflict("the execution is still running", "path.workflowExecutionId")
    if seen is not None and seen.strip() not in ("*", _etag(row["version"])):
        raise conflict(f"the execution has changed since; it is at version {row['version']}", "header.If-Match")
    caller.trail.before = {"status": row["status"]}
    amendment = ResultsAmended(
        amendmentId=caller.new_id("amendment"),
        customerId=caller.customer_id,
        entityId=entityId,
        workflowExecutionId=workflowExecutionId,
        expectedVersion=row["version"],
        status=body.status,
        comment=comment,
        amendedBy=caller.username,
        requestId=caller.request_id,
        amendedAt=parts.clock(),
        sequence=row["sequence"],
    )
    rule = parts.approvals.rule(OVERRIDE, body.status.value)
    if rule is None:
        return await amend(parts, caller, amendment)
    asked = view(await propose(parts, caller, OVERRIDE, rule.name, amendment))
    told = {"amendmentId": amendment.amendmentId, "workflowExecutionId": workflowExecutionId, "approval": asked}
    return answer(202, {"requestId": caller.request_id, **told})


async def amend(parts: Parts, caller: Caller, amendment: ResultsAmended) -> Response:
    """Publish an amendment and wait for what the projection made of it."""
    await parts.publisher.publish(
        Event(
            amendment.amendmentId,
            "results.amended",
            Results.group,
            amendment.amendedAt,
            f"{amendment.customerId}:{amendment.entityId}",
            amendment,
            correlation=amendment.workflowExecutionId,
            traceparent=caller.traceparent,
        )
    )
    key = amendment.customerId, amendment.workflowExecutionId

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            return await queries.override(reading, *key, amendment.amendmentId)

    decided = await parts.watch.until(amendment.workflowExecutionId, look, parts.wait_seconds)
    if decided is None:
        told = {"amendmentId": amendment.amendmentId, "workflowExecutionId": amendment.workflowExecutionId}
        return answer(202, {"requestId": caller.request_id, **told})
    if not decided["accepted"]:
        detail = Detail(decided["refusal"], "path.workflowExecutionId", "CONFLICT")
        raise Problem(409, "CONFLICT", f"the override was refused: {decided['refusal']}", [detail])
    async with parts.engine.connect() as reading:
        row = await queries.execution(reading, *key)
        assert row is not None, "an execution that was overridden is there"
        (result,) = await results.workflow_results(reading, caller.customer_id, [row])
    return answer(200, {"requestId": caller.request_id, "workflowResult": result}, {"ETag": _etag(row["version"])})


@router.get(
    ONE + "/history", summary="What happened in an execution, and every override", response_model=models.History
)
async def history(
    caller: CallerOf,
    reading: Reading,
    entityId: Named,
    serviceName: Named,
    workflowName: Named,
    workflowExecutionId: Named,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Id of the last event seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_RESULTS)] = MOST_RESULTS,
    maxResults: Annotated[int | None, Query(ge=0, le=MOST_RESULTS, description="Goes before limit; 0 is 100.")] = None,
    nextToken: Annotated[str | None, Query(description="As the page before gave it, with the same order.")] = None,
    reverseOrder: Annotated[bool, Query(description="Newest first.")] = False,
    includeExecutionData: Annotated[bool, Query(description="With what states took in and gave out.")] = True,
) -> Response:
    """The engine's events as GetExecutionHistory gives them; overrides in the order they were decided."""
    await _found(reading, caller, entityId, serviceName, workflowName, workflowExecutionId)
    key = caller.customer_id, workflowExecutionId
    size = limit if maxResults is None else maxResults or DEFAULT_RESULTS
    last = seen(nextToken, workflowExecutionId, reverse=reverseOrder).event_id if nextToken is not None else None
    events = await _events(reading, key, after, last, size + 1, reverse=reverseOrder)
    shown, more = events[:size], len(events) > size
    reached = Seen(workflowExecutionId, reverseOrder, shown[-1]["id"]) if more else None
    content = {
        "requestId": caller.request_id,
        "workflowExecutionId": workflowExecutionId,
        "events": [told(event, data=includeExecutionData) for event in shown],
        "nextToken": reached and reached.token(),
        "nextAfter": reached.event_id if reached and not reverseOrder else None,
        "overrides": [_override(row) for row in await queries.overrides_of(reading, *key)],
    }
    return answer(200, content)


async def _events(
    reading: AsyncConnection, key: tuple[str, str], after: int, last: int | None, at_most: int, *, reverse: bool
) -> list[queries.Row]:
    """The next events behind `last` in the order asked for, of those behind `after`; the newest first from the end.

    An execution has no more chapters than events.
    """
    start = after if last is None or reverse else max(after, last)
    rows = await queries.history_of(reading, *key, start, EVENT_LIMIT if reverse else at_most)
    events = [event for row in rows for event in row["events"] if event["id"] > start]
    if reverse:
        events = [event for event in reversed(events) if last is None or event["id"] < last]
    return events[:at_most]


async def _found(
    reading: AsyncConnection,
    caller: Caller,
    entity_id: str,
    service_name: str,
    workflow_name: str,
    execution_id: str,
) -> queries.Row:
    """The execution at this path; 404 where any part of the path is another's."""
    row = await queries.execution(reading, caller.customer_id, execution_id)
    if row is None or row["entity_id"] != entity_id:
        raise not_found("execution", "path.workflowExecutionId")
    # Until its first step is seen, an execution that was asked for by an event may not know its workflow.
    if row["service_name"] not in (None, service_name):
        raise not_found("execution", "path.serviceName")
    if row["workflow_name"] not in (None, workflow_name):
        raise not_found("execution", "path.workflowName")
    return row


def _override(row: queries.Row) -> dict[str, object]:
    return present(
        amendmentId=row["amendment_id"],
        status=row["status"],
        previousStatus=row["previous_status"],
        comment=row["comment"],
        amendedBy=row["amended_by"],
        amendedAt=row["amended_at"],
        requestId=row["request_id"],
        expectedVersion=row["expected_version"],
        accepted=row["accepted"],
        refusal=row["refusal"],
    )


def _etag(version: int) -> str:
    return f'"{version}"'
