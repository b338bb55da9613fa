"""One audit event a write: who, with which key, what was there before, what was asked for, and why.

It is kept before the event is published, so that no write is without it. Personal data stand in it by reference only:
an event's own fields are kept, the records within it are not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.events.message import Event, Message, derived_id
from libs.events.record import Record
from services.results.api.caller import Caller
from services.results.api.tables import audit_events
from services.results.documents import present

# Told in columns of their own, or what is kept of a person.
_APART = {
    "document",
    "customerId",
    "requestId",
    "comment",
    "cause",
    "requestedBy",
    "amendedBy",
    "updatedBy",
    "createdBy",
}
_PLAIN = (str, int, float, bool)


@dataclass(slots=True)
class Audited:
    """Publishes for one request, its audit event first."""

    publisher: Callable[[Event], Awaitable[Message]]
    engine: AsyncEngine
    caller: Caller
    now: datetime
    _kept: asyncio.Task[None] | None = field(default=None, init=False)

    async def publish(self, event: Event) -> Message:
        if self._kept is None:
            self._kept = asyncio.create_task(self._keep(event))
        await self._kept
        return await self.publisher(replace(event, causation=event.causation or self.caller.request_id))

    async def _keep(self, event: Event) -> None:
        told_of(self.caller, event)
        async with self.engine.begin() as connection:
            await keep(connection, self.caller, self.now)


def told_of(caller: Caller, event: Event) -> None:
    """Fill what the operation has left out of its trail."""
    trail, data = caller.trail, event.data
    trail.entity_id = trail.entity_id or getattr(data, "entityId", None)
    trail.execution_id = trail.execution_id or event.correlation
    trail.reason = trail.reason or getattr(data, "comment", None) or getattr(data, "cause", None)
    trail.after = trail.after or own_fields(data)


def own_fields(data: Record) -> dict[str, Any]:
    """The fields of a record that are plain values, or lists of such."""
    told = data.model_dump(mode="json", exclude=_APART, exclude_none=True)
    return {name: value for name, value in told.items() if _is_plain(value) and value not in ([], {})}


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) or (isinstance(value, list) and all(isinstance(one, _PLAIN) for one in value))


async def keep_untold(engine: AsyncEngine, caller: Caller, now: datetime) -> None:
    """Write the audit event of an operation that has written elsewhere than to a topic, and has not seen to it."""
    async with engine.begin() as connection:
        await keep(connection, caller, now)


async def keep(connection: AsyncConnection, caller: Caller, now: datetime) -> None:
    """Write the audit event of a request; one that is repeated after a crash has its own already."""
    caller.trail.written = True
    statement = insert(audit_events).on_conflict_do_nothing(index_elements=["event_id"])
    await connection.execute(statement, _row(caller, now))


def _row(caller: Caller, now: datetime) -> dict[str, Any]:
    trail = caller.trail
    return {
        "event_id": derived_id(caller.request_id, "audit"),
        "occurred_at": now,
        "customer_id": caller.customer_id,
        "entity_id": trail.entity_id,
        "execution_id": trail.execution_id,
        "request_id": caller.request_id,
        "key_id": caller.key_id,
        "username": caller.username,
        "channel": caller.channel,
        "operation": caller.operation.name,
        "type": caller.operation.audit or "OTHER",
        "before": trail.before,
        "after": trail.after,
        "reason": trail.reason and trail.reason.replace("\0", "\ufffd"),
    }


def view(row: RowMapping) -> dict[str, Any]:
    """An Audit of the contract; `before`, `after`, `username` and `keyId` are our own."""
    return present(
        eventId=row["event_id"],
        schemaVersion=1,
        level=1,
        requestId=row["request_id"],
        type=row["type"],
        timestamp=row["occurred_at"],
        source="vetstream",
        functionName=row["operation"],
        description=row["operation"],
        entityId=row["entity_id"],
        entityType="INDIVIDUAL" if row["entity_id"] else None,
        channel=row["channel"],
        workflowExecutionId=row["execution_id"],
        eventStatus="SUCCESS",
        userComment={"text": row["reason"]} if row["reason"] else None,
        supplementaryData=_results_updated(row["before"] or {}, row["after"] or {}),
        before=row["before"],
        after=row["after"],
        username=row["username"],
        keyId=row["key_id"],
    )


def _results_updated(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any] | None:
    """The contract's Result-Update, of what was said of findings."""
    if not {"manualStatus", "processResultIds"} <= after.keys():
        return None
    former = before.get("manualStatuses") or {}
    changes = [
        present(
            objectId=id,
            objectType="RESULT_PROCESS",
            previousStatus=former.get(id),
            newStatus=after["manualStatus"],
        )
        for id in after["processResultIds"]
    ]
    return {"type": "RESULT_UPDATE", "resultsUpdated": changes}
