"""/v2/approvals: what waits for a second person, and what they say."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import FindingsAmended, ResultsAmended
from services.results.api import executions, models, proposals, queries, resolutions
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.kinds import OVERRIDE
from services.results.api.paging import Limit, Many, Page, among, listed
from services.results.api.parts import PartsOf, Reading
from services.results.api.problems import answer, conflict, invalid
from services.results.api.proposals import CONFIRMED, PENDING, REJECTED, STATUSES
from services.results.api.tables import approvals as table

ALL = "/v2/approvals"
ONE = ALL + "/{approvalId}"
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.Resolved | models.Overridden, "description": "What was amended, as it is now."},
    202: resolutions.ANSWERS[202],
}
FURTHEST = 1_000_000

router = APIRouter(tags=["Approvals"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID | models.CONFLICT)


@router.get(ALL, summary="What a second person was asked for", response_model=models.Approvals)
async def approvals(
    caller: CallerOf,
    parts: PartsOf,
    reading: Reading,
    statuses: Many = None,
    entityId: Annotated[str | None, Query(pattern=r"^[^\x00]*$")] = None,
    page: Page = 1,
    limit: Limit = 20,
) -> Response:
    """Those that wait unless other statuses are named, the oldest first."""
    if page * limit > FURTHEST:
        raise invalid("is too far; narrow the filters", "query.page")
    c = table.c
    query = select(table).where(
        c.customer_id == caller.customer_id,
        *among(c.status, listed(statuses, "statuses", STATUSES) or [PENDING]),
        *among(c.entity_id, [entityId] if entityId else []),
    )
    ordered = query.order_by(c.proposed_at, c.approval_id).limit(limit).offset((page - 1) * limit)
    async with parts.own.connect() as connection:
        rows = (await connection.execute(ordered)).mappings().all()
        total = (await connection.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    refusals = await _refusals(reading, caller, rows)
    told = [proposals.view(row, refusals) for row in rows]
    meta = {"page": page, "total": total, "limit": limit, "count": len(told)}
    return answer(200, {"requestId": caller.request_id, "meta": meta, "approvals": told})


@router.get(ONE, summary="One approval", response_model=models.ApprovalTold)
async def approval(caller: CallerOf, parts: PartsOf, reading: Reading, approvalId: Named) -> Response:
    """`refusal`: confirmed too late, somebody had amended the findings meanwhile."""
    async with parts.own.connect() as connection:
        row = await proposals.found(connection, caller, approvalId)
    told = proposals.view(row, await _refusals(reading, caller, [row]))
    return answer(200, {"requestId": caller.request_id, "approval": told})


@router.post(ONE + "/confirm", summary="Confirm, as a second person", responses=ANSWERS)
async def confirm(caller: CallerOf, parts: PartsOf, approvalId: Named, body: models.Decide | None = None) -> Response:
    """Applies the amendment, and answers as its operation does. Who proposed it is refused.

    Confirmed and not published, as by a crash: who confirmed it may do so again.
    """
    async with parts.own.begin() as connection:
        row = await proposals.found(connection, caller, approvalId, to_decide=True)
        proposals.require_another(caller, row)
        if row["status"] == PENDING:
            row = await proposals.decide(connection, parts, caller, row, CONFIRMED, _text(body))
        elif (row["status"], row["decided_by"]) != (CONFIRMED, caller.username):
            raise conflict(f"it is {row['status']} by {row['decided_by']}", "path.approvalId")
    decided = {"requestId": caller.request_id, "amendedAt": row["decided_at"]}
    if row["kind"] == OVERRIDE:
        override = ResultsAmended.model_validate(row["amendment"])
        return await executions.amend(parts, caller, override.model_copy(update=decided))
    said = FindingsAmended.model_validate(row["amendment"])
    approved = {**decided, "approvedBy": row["decided_by"]}
    return await resolutions.amend(parts, caller, said.model_copy(update=approved))


@router.post(ONE + "/reject", summary="Reject, or take back what was proposed", response_model=models.ApprovalTold)
async def reject(caller: CallerOf, parts: PartsOf, approvalId: Named, body: models.Decide | None = None) -> Response:
    """Nothing is said of the findings then. Who proposed it may do so, too."""
    async with parts.own.begin() as connection:
        row = await proposals.found(connection, caller, approvalId, to_decide=True)
        if row["status"] != PENDING:
            raise conflict(f"it is {row['status']} by {row['decided_by']}", "path.approvalId")
        row = await proposals.decide(connection, parts, caller, row, REJECTED, _text(body))
    return answer(200, {"requestId": caller.request_id, "approval": proposals.view(row)})


async def _refusals(reading: AsyncConnection, caller: Caller, rows: Sequence[RowMapping]) -> dict[str, str]:
    """By approval, why it was not applied: of those that were confirmed too late."""
    said = [row["approval_id"] for row in rows if row["kind"] != OVERRIDE]
    overrides = [
        (row["amendment"]["workflowExecutionId"], row["approval_id"]) for row in rows if row["kind"] == OVERRIDE
    ]
    decided = [
        *await queries.finding_amendments_of(reading, caller.customer_id, said),
        *await queries.overrides_by_id(reading, caller.customer_id, overrides),
    ]
    return {row["amendment_id"]: row["refusal"] for row in decided if row["refusal"]}


def _text(body: models.Decide | None) -> str | None:
    return body.comment.text if body and body.comment else None
