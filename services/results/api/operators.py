"""GET /v2/executions: what runs and what came of it, over all persons of a customer."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import Column, Select, bindparam, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.results import views
from services.results.api import models, queries
from services.results.api.caller import CallerOf
from services.results.api.executions import STATUSES
from services.results.api.paging import Limit, Many, Page, Paged, Parent, Sort, Time, among, between, fields, listed
from services.results.api.parts import Reading
from services.results.api.problems import answer, invalid
from services.results.tables import executions as table

# Each is an order that the database keeps; equals are ordered by start.
SORTED_BY = {
    "startedAt": table.c.started_at,
    "status": table.c.status,
    "workflowExecutionState": table.c.state,
}
# No more than so many are counted of a state or a status: a customer has millions.
MOST_COUNTED = 10_000

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
    """Newest first unless sorted otherwise, by one field; counted by state and by status, to 10,000 of each."""
    paged = Paged(page, limit, sort, fields(sortFields, SORTED_BY, "startedAt"))
    if len(paged.fields) > 1:
        raise invalid("is more than one", "query.sortFields")
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
    ties = (table.c.started_at, table.c.execution_id) if paged.fields != ["startedAt"] else (table.c.execution_id,)
    # The page is found in an index alone, and only its rows are fetched.
    found = paged.of(query.with_only_columns(table.c.customer_id, table.c.execution_id), SORTED_BY, *ties).subquery()
    same = (table.c.customer_id == found.c.customer_id) & (table.c.execution_id == found.c.execution_id)
    rows = await queries.all_rows(reading, paged.ordered(select(table).join(found, same), SORTED_BY, *ties))
    by_state = await _counts(reading, query, table.c.state, models.STATES)
    told = {
        "requestId": caller.request_id,
        "meta": paged.meta(sum(by_state.values()), len(rows)),
        "counts": {"states": by_state, "statuses": await _counts(reading, query, table.c.status, STATUSES)},
        "executions": [views.listed(row) for row in rows],
    }
    return answer(200, told)


async def _counts(
    reading: AsyncConnection, query: Select[Any], of: Column[str], known: Sequence[str]
) -> dict[str, int]:
    """How many there are of each value, no more than MOST_COUNTED; those of which there is none are left out."""
    some = [
        # The value stands in the statement itself, so that the rare and the common are each looked for where they are.
        query.with_only_columns(literal(1))
        .where(of == bindparam(None, value, literal_execute=True))
        .limit(MOST_COUNTED)
        for value in known
    ]
    counted = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in some]
    (row,) = await reading.execute(select(*counted))
    return {value: count for value, count in zip(known, row, strict=True) if count}
