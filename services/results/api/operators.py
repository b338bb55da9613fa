"""GET /v2/executions: what runs and what came of it, over all persons of a customer."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from fastapi import APIRouter, Response
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    DateTime,
    Integer,
    ScalarSelect,
    Select,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)

from services.results import views
from services.results.api import models, queries
from services.results.api.caller import CallerOf
from services.results.api.executions import STATUSES
from services.results.api.paging import Limit, Many, Page, Paged, Parent, Sort, Time, among, fields, listed, utc
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
MOST_COUNTED = 1_000

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
    """Newest first unless sorted otherwise, by one field; counted by state and by status, to 1,000 of each."""
    paged = Paged(page, limit, sort, fields(sortFields, SORTED_BY, "startedAt"))
    if len(paged.fields) > 1:
        raise invalid("is more than one", "query.sortFields")
    asked = Asked(
        paged.fields[0],
        sort,
        tuple(listed(statuses, "statuses", STATUSES)),
        tuple(listed(workflowExecutionStates, "workflowExecutionStates", models.STATES)),
        tuple(listed(serviceNames, "serviceNames")),
        tuple(listed(workflowNames, "workflowNames")),
        startedAtAfter is not None,
        startedAtBefore is not None,
        parentExecutionId is not None,
    )
    values = {
        "customer": caller.customer_id,
        "after": startedAtAfter and utc(startedAtAfter),
        "before": startedAtBefore and utc(startedAtBefore),
        "parent": parentExecutionId,
    }
    of_page, of_counts = statements(asked)
    rows = await queries.all_rows(reading, of_page, **values, size=limit, skipped=paged.offset)
    (counted,) = (await reading.execute(of_counts, values)).all()
    by_state = _found(models.STATES, counted)
    by_status = _found(STATUSES, counted[len(models.STATES) :])
    told = {
        "requestId": caller.request_id,
        "meta": paged.meta(sum(by_state.values()), len(rows)),
        "counts": {"states": by_state, "statuses": by_status},
        "executions": [views.listed(row) for row in rows],
    }
    return answer(200, told)


class Asked(NamedTuple):
    """What a list is asked for, apart from the times and the parent that it is bounded by."""

    field: str
    sort: str
    statuses: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    after: bool = False
    before: bool = False
    parent: bool = False


@lru_cache(maxsize=200)
def statements(asked: Asked) -> tuple[Select[Any], Select[Any]]:
    """What reads the rows of a page, and what counts those of each state and status, MOST_COUNTED of each at most."""
    some = (
        table.c.customer_id == queries.CUSTOMER,
        queries.KNOWN,
        queries.of_parent(bindparam("parent", type_=Text) if asked.parent else None),
        *among(table.c.status, asked.statuses),
        *among(table.c.state, asked.states),
        *among(table.c.service_name, asked.services),
        *among(table.c.workflow_name, asked.workflows),
        *([table.c.started_at > _time("after")] if asked.after else []),
        *([table.c.started_at < _time("before")] if asked.before else []),
    )
    ties = (table.c.started_at, table.c.execution_id) if asked.field != "startedAt" else (table.c.execution_id,)
    order = [SORTED_BY[asked.field], *ties]
    ordered = [one.desc() if asked.sort == "desc" else one.asc() for one in order]
    # The page is found in an index alone, and only its rows are fetched.
    found = select(table.c.customer_id, table.c.execution_id).where(*some).order_by(*ordered)
    page = found.limit(bindparam("size", type_=Integer)).offset(bindparam("skipped", type_=Integer)).subquery()
    same = (table.c.customer_id == page.c.customer_id) & (table.c.execution_id == page.c.execution_id)
    counts = [
        _count(some, column, one)
        for column, known in ((table.c.state, models.STATES), (table.c.status, STATUSES))
        for one in known
    ]
    return select(table).join(page, same).order_by(*ordered), select(*counts)


def _found(known: Sequence[str], counts: Sequence[int]) -> dict[str, int]:
    """Those of which there is one."""
    return {one: count for one, count in zip(known, counts, strict=False) if count}


def _count(some: Sequence[ColumnElement[bool]], column: Column[str], value: str) -> ScalarSelect[Any]:
    # The value stands in the statement itself, so that the rare and the common are each looked for where they are.
    these = select(table.c.started_at).where(*some, column == literal_column(f"'{value}'"))
    # In the order of an index: for so few the table would be gone through else, and what is rare lies far behind.
    few = these.order_by(table.c.started_at.desc()).limit(MOST_COUNTED)
    return select(func.count()).select_from(few.subquery()).scalar_subquery()


def _time(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=DateTime(timezone=True))
