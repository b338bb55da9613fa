"""What waits for a second person: an amendment that is kept, and published once another one confirms it."""

from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import FindingsAmended, ResultsAmended
from services.results.api import audit
from services.results.api.caller import NOBODY, Caller
from services.results.api.parts import Parts
from services.results.api.problems import forbidden, invalid, not_found
from services.results.api.tables import approvals as table
from services.results.documents import present

PENDING, CONFIRMED, REJECTED = STATUSES = ("PENDING", "CONFIRMED", "REJECTED")


async def propose(
    parts: Parts, caller: Caller, kind: str, rule: str, amendment: FindingsAmended | ResultsAmended
) -> RowMapping:
    """Keep an amendment for another person to confirm."""
    if caller.username == NOBODY:
        raise invalid("is missing: another person must confirm this", "header.X-Frankie-Username", "MISSING")
    asked = amendment.model_dump(mode="json")
    row = {
        "customer_id": caller.customer_id,
        "approval_id": amendment.amendmentId,
        "entity_id": amendment.entityId,
        "kind": kind,
        "rule": rule,
        "amendment": asked,
        "status": PENDING,
        "proposed_by": caller.username,
        "proposed_at": amendment.amendedAt,
    }
    trail = caller.trail
    trail.reason = amendment.comment
    told = {"approvalId": amendment.amendmentId, "approvalStatus": PENDING, "rule": rule}
    trail.after = told | {f"proposed.{name}": value for name, value in _said(asked).items()}
    async with parts.own.begin() as connection:
        await audit.keep(connection, caller, parts.clock())
        await connection.execute(insert(table).on_conflict_do_nothing(), row)
        return await found(connection, caller, amendment.amendmentId)


async def found(
    connection: AsyncConnection, caller: Caller, approval_id: str, *, to_decide: bool = False
) -> RowMapping:
    """The approval of this customer's, locked where it is to be decided."""
    query = select(table).where(table.c.customer_id == caller.customer_id, table.c.approval_id == approval_id)
    row = (await connection.execute(query.with_for_update() if to_decide else query)).mappings().first()
    if row is None:
        raise not_found("approval", "path.approvalId")
    return row


async def decide(
    connection: AsyncConnection, parts: Parts, caller: Caller, row: RowMapping, status: str, comment: str | None
) -> RowMapping:
    """Note who decided, with its audit event."""
    trail, amendment = caller.trail, row["amendment"]
    trail.entity_id, trail.reason = row["entity_id"], comment
    trail.before = {"approvalStatus": row["status"], "proposedBy": row["proposed_by"]}
    trail.after = {"approvalId": row["approval_id"], "approvalStatus": status}
    if status == CONFIRMED:
        trail.after |= _said(amendment)
    now = parts.clock()
    await audit.keep(connection, caller, now)
    decided = {"status": status, "decided_by": caller.username, "decided_at": now, "decision_comment": comment}
    key = table.c.customer_id == row["customer_id"], table.c.approval_id == row["approval_id"]
    await connection.execute(update(table).where(*key).values(decided))
    return await found(connection, caller, row["approval_id"])


def require_another(caller: Caller, row: RowMapping) -> None:
    """Nobody confirms what they have proposed themselves, and nobody does so without a name."""
    if caller.username == NOBODY:
        raise invalid("is missing: a person must confirm this", "header.X-Frankie-Username", "MISSING")
    if caller.username.casefold() == row["proposed_by"].casefold():
        raise forbidden("who proposed it cannot confirm it", "header.X-Frankie-Username")


def view(row: RowMapping, refusals: dict[str, str] | None = None) -> dict[str, Any]:
    """An approval as it is told; `refusals`: what the projection said to those that were confirmed too late."""
    amendment = row["amendment"]
    return present(
        approvalId=row["approval_id"],
        status=row["status"],
        entityId=row["entity_id"],
        operation=row["kind"],
        rule=row["rule"],
        processResults=amendment.get("processResultIds"),
        manualStatus=amendment.get("manualStatus"),
        workflowExecutionId=amendment.get("workflowExecutionId"),
        executionStatus=amendment.get("status"),
        comment={"text": amendment["comment"]} if amendment["comment"] else None,
        proposedBy=row["proposed_by"],
        proposedAt=row["proposed_at"],
        proposedRequestId=amendment["requestId"],
        decidedBy=row["decided_by"],
        decidedAt=row["decided_at"],
        decisionComment={"text": row["decision_comment"]} if row["decision_comment"] else None,
        refusal=(refusals or {}).get(row["approval_id"]),
    )


def _said(amendment: dict[str, Any]) -> dict[str, Any]:
    """What an amendment says, and of what."""
    names = ("processResultIds", "manualStatus", "workflowExecutionId", "status")
    return {name: amendment[name] for name in names if name in amendment}
