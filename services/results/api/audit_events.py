"""GET /v2/audit: who wrote what, when, with which key, and why."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select

from services.results.api import audit, models
from services.results.api.caller import CallerOf
from services.results.api.paging import Limit, Many, Page, Sort, Time, among, between, listed
from services.results.api.parts import PartsOf
from services.results.api.problems import answer, invalid
from services.results.api.tables import audit_events as table

router = APIRouter(tags=["Audit"], responses=models.ERRORS)

FURTHEST = 1_000_000

Only = Annotated[str | None, Query(pattern=r"^[^\x00]*$")]


@router.get("/v2/audit", summary="Who wrote what, and why", response_model=models.AuditEvents)
async def list_audit_events(
    caller: CallerOf,
    parts: PartsOf,
    entityId: Only = None,
    workflowExecutionId: Only = None,
    requestId: Only = None,
    username: Only = None,
    types: Many = None,
    timestampAfter: Time = None,
    timestampBefore: Time = None,
    sort: Sort = "desc",
    page: Page = 1,
    limit: Limit = 20,
) -> Response:
    """In the order of the writes, newest first unless sorted otherwise."""
    if page * limit > FURTHEST:
        raise invalid("is too far; narrow the filters", "query.page")
    c = table.c
    exactly = {c.entity_id: entityId, c.execution_id: workflowExecutionId, c.request_id: requestId}
    query = select(table).where(
        c.customer_id == caller.customer_id,
        *(column == value for column, value in {**exactly, c.username: username}.items() if value is not None),
        *among(c.type, listed(types, "types", models.AUDIT_TYPES)),
        *between(c.occurred_at, timestampAfter, timestampBefore),
    )
    order = c.number.desc() if sort == "desc" else c.number.asc()
    async with parts.own.connect() as connection:
        rows = (await connection.execute(query.order_by(order).limit(limit).offset((page - 1) * limit))).mappings()
        told = [audit.view(row) for row in rows]
        total = (await connection.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    meta = {"page": page, "total": total, "limit": limit, "count": len(told), "sort": sort, "sortFields": ["createdAt"]}
    return answer(200, {"requestId": caller.request_id, "meta": meta, "auditEvents": told})
