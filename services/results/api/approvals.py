"""/v2/approvals: what waits for a second person, and what they say."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select

from libs.events.models import FindingsAmended
from services.results.api import models, proposals, queries
from services.results.api.caller import CallerOf
from services.results.api.execute import Named
from services.results.api.paging import Limit, Many, Page, among, listed
from services.results.api.parts import PartsOf, Reading
from services.results.api.problems import answer, conflict, invalid
from services.results.api.proposals import CONFIRMED, PENDING, REJECTED, STATUSES
from services.results.api.resolutions import ANSWERS, amend
from services.results.api.tables import approvals as table

ALL = "/v2/approvals"
ONE = ALL + "/{approvalId}"
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
    ids = [row["approval_id"] for row in rows]
    refusals = proposals.refused(await queries.finding_amendments_of(reading, caller.customer_id, ids))
    told = [proposals.view(row, refusals) for row in rows]
    meta = {"page": page, "total": total, "limit": limit, "count": len(told)}
    return answer(200, {"requestId": caller.request_id, "meta": meta, "approvals": told})


@router.get(ONE, summary="One approval", response_model=models.ApprovalTold)
async def approval(caller: CallerOf, parts: PartsOf, reading: Reading, approvalId: Named) -> Response:
    """`refusal`: confirmed too late, somebody had amended the findings meanwhile."""
    async with parts.own.connect() as connection:
        row = await proposals.found(connection, caller, approvalId)
    refusals = proposals.refused(await queries.finding_amendments_of(reading, caller.customer_id, [approvalId]))
    return answer(200, {"requestId": caller.request_id, "approval": proposals.view(row, refusals)})


@router.post(ONE + "/confirm", summary="Confirm, as a second person", responses=ANSWERS)
async def confirm(caller: CallerOf, parts: PartsOf, approvalId: Named, body: models.Decide | None = None) -> Response:
    """Applies the amendment, and answers the findings as they are then. Who proposed it is refused.

    Confirmed and not published, as by a crash: who confirmed it may do so again.
    """
    async with parts.own.begin() as connection:
        row = await proposals.found(connection, caller, approvalId, to_decide=True)
        proposals.require_another(caller, row)
        if row["status"] == PENDING:
            row = await proposals.decide(connection, parts, caller, row, CONFIRMED, _text(body))
        elif (row["status"], row["decided_by"]) != (CONFIRMED, caller.username):
            raise conflict(f"it is {row['status']} by {row['decided_by']}", "path.approvalId")
    proposed = FindingsAmended.model_validate(row["amendment"])
    decided = {"requestId": caller.request_id, "amendedAt": row["decided_at"], "approvedBy": row["decided_by"]}
    return await amend(parts, caller, proposed.model_copy(update=decided))


@router.post(ONE + "/reject", summary="Reject, or take back what was proposed", response_model=models.ApprovalTold)
async def reject(caller: CallerOf, parts: PartsOf, approvalId: Named, body: models.Decide | None = None) -> Response:
    """Nothing is said of the findings then. Who proposed it may do so, too."""
    async with parts.own.begin() as connection:
        row = await proposals.found(connection, caller, approvalId, to_decide=True)
        if row["status"] != PENDING:
            raise conflict(f"it is {row['status']} by {row['decided_by']}", "path.approvalId")
        row = await proposals.decide(connection, parts, caller, row, REJECTED, _text(body))
    return answer(200, {"requestId": caller.request_id, "approval": proposals.view(row)})


def _text(body: models.Decide | None) -> str | None:
    return body.comment.text if body and body.comment else None
