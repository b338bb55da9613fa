"""Once the last open hit of an execution is resolved, risk and decision are judged again where the policy says so."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event
from libs.events.models import FindingsAmended, Individual, WorkflowRequested
from libs.streaming.transaction import Transaction
from services.results import judged, views
from services.results.policy import AmendmentPolicy
from services.results.rows import Key, Rows
from services.results.steps import OPEN
from services.results.tables import executions, history, individuals, process_results, resolutions

Row: TypeAlias = Mapping[str, Any]
HIT = "HIT"


async def request(tx: Transaction, rows: Rows, events: Sequence[Event], policy: AmendmentPolicy) -> None:
    """Ask for it, once for what a batch of events says of an execution. The connection translates the schema."""
    if not policy.reevaluations:
        return
    asked: dict[Key, Event] = {}
    for event in events:
        if isinstance(event.data, FindingsAmended) and _resolves(rows, event.data):
            for key in await _executions(tx.connection, event.data):
                asked[key] = event
    for key, event in asked.items():
        assert isinstance(event.data, FindingsAmended)
        data = await _requested(tx.connection, key, event.data, policy)
        if data is not None:
            tx.emit(event, "workflow.requested", key[1], data)


def _resolves(rows: Rows, data: FindingsAmended) -> bool:
    """It was accepted, and something that it is about was open before and is not now."""
    row = rows.finding_amendments.get((data.customerId, data.amendmentId))
    if row is None or row.refusal is not None:
        return False
    return data.manualStatus not in OPEN and any(before in OPEN for before in row.findings.values())


async def _executions(connection: AsyncConnection, data: FindingsAmended) -> list[Key]:
    c = process_results.c
    mine = c.customer_id == data.customerId, c.entity_id == data.entityId
    query = select(c.customer_id, c.execution_id).distinct()
    found = await _all(connection, query.where(*mine, c.process_result_id.in_(data.processResultIds), c.result == HIT))
    return sorted((row["customer_id"], row["execution_id"]) for row in found)


async def _requested(
    connection: AsyncConnection, key: Key, data: FindingsAmended, policy: AmendmentPolicy
) -> WorkflowRequested | None:
    """The request; None where a hit is still open, the policy says nothing, or the person is another by now."""
    c = executions.c
    (execution,) = await _all(connection, select(executions).where(c.customer_id == key[0], c.execution_id == key[1]))
    by = policy.reevaluated_by(execution["service_name"], execution["workflow_name"])
    findings = await _findings(connection, key)
    still_open = any(one["result"] == HIT and one["manualStatus"] in OPEN for one in findings)
    if by is None or still_open or execution["outdated"] or execution["state"] != "COMPLETED":
        return None
    i, h = individuals.c, history.c
    of_person = i.customer_id == key[0], i.entity_id == data.entityId
    (person,) = await _all(connection, select(individuals).where(*of_person))
    query = select(h.events).where(h.customer_id == key[0], h.execution_id == key[1]).order_by(h.sequence)
    events = [event for row in await _all(connection, query) for event in row["events"]]
    return WorkflowRequested(
        customerId=key[0],
        entityId=data.entityId,
        entityVersion=person["entity_version"],
        individual=Individual.model_validate(person["document"]),
        serviceName=execution["service_name"],
        workflowName=by,
        requestId=data.requestId,
        requestedBy=data.amendedBy,
        comment=data.comment,
        evidence=[
            judged.as_resolved(
                one,
                execution["resolved"].get(one.stepName),
                [finding for finding in findings if finding["stepName"] == one.stepName],
            )
            for one in judged.evidence(events)
        ],
        reevaluates=key[1],
    )


async def _findings(connection: AsyncConnection, key: Key) -> list[dict[str, Any]]:
    """Every finding of an execution as a summary counts it."""
    c, r = process_results.c, resolutions.c
    same = (r.customer_id == c.customer_id) & (r.process_result_id == c.process_result_id)
    query = select(process_results, r.manual_status, r.amended_by.label("updated_by")).select_from(
        process_results.outerjoin(resolutions, same)
    )
    rows = await _all(connection, query.where(c.customer_id == key[0], c.execution_id == key[1]))
    return [views.process_result(row, None) for row in rows]


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Row]:
    return [row._asdict() for row in await connection.execute(query)]
