"""GET /v2/executions: what runs and what came of it, over all persons of a customer."""

from fastapi import APIRouter, Response
from sqlalchemy import Column, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.results import views
from services.results.api import models, queries
from services.results.api.caller import CallerOf
from services.results.api.executions import SORTED_BY, STATUSES
from services.results.api.paging import Limit, Many, Page, Paged, Parent, Sort, Time, among, between, fields, listed
from services.results.api.parts import Reading
from services.results.api.problems import answer
from services.results.tables import executions as table

router = APIRouter(tags=["Operators"], responses=models.ERRORS)


@router.get("/v2/executions", summary="Executions of all persons", response_model=models.Overview)
async def overview(
    caller: CallerOf,
    reading: Reading,
    statuses: Many = None,
    workflowExecutionStates: Many = None,
    serviceNames: Many = None,
    workflowNames: Many = None,
    startedAtAfter: Time = None,
    startedAtBefore: Time = None,
    parentExecutionId: Parent = None,
    sortFields: Many = None,
    sort: Sort = "desc",
    page: Page = 1,
    limit: Limit = 20,
) -> Response:
    """Newest first unless sorted otherwise, with counts by state and by status."""
    paged = Paged(page, limit, sort, fields(sortFields, SORTED_BY, "startedAt"))
    query = select(table).where(
        table.c.customer_id == caller.customer_id,
        queries.KNOWN,
        queries.of_parent(parentExecutionId),
        *among(table.c.status, listed(statuses, "statuses", STATUSES)),
        *among(table.c.state, listed(workflowExecutionStates, "workflowExecutionStates", models.STATES)),
        *among(table.c.service_name, listed(serviceNames, "serviceNames")),
        *among(table.c.workflow_name, listed(workflowNames, "workflowNames")),
        *between(table.c.started_at, startedAtAfter, startedAtBefore),
    )
    rows = await queries.all_rows(reading, paged.of(query, SORTED_BY, table.c.execution_id))
    by_state = await _counts(reading, query, table.c.state)
    told = {
        "requestId": caller.request_id,
        "meta": paged.meta(sum(by_state.values()), len(rows)),
        "counts": {"states": by_state, "statuses": await _counts(reading, query, table.c.status)},
        "executions": [views.listed(row) for row in rows],
    }
    return answer(200, told)


async def _counts(reading: AsyncConnection, query: Select[tuple[object, ...]], column: Column[str]) -> dict[str, int]:
    counted = query.with_only_columns(column, func.count()).group_by(column).order_by(column)
    return {row[0]: row[1] for row in await reading.execute(counted)}
