"""What a batch has come to, of which a customer is told: the functions and the payload of the contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from libs.events.message import Event, derived_id
from libs.events.models import ExecutionState
from services.results.fold import STATES
from services.results.rows import ExecutionRow, IndividualRow, Key, Rows

WORKFLOW_COMPLETE = "WorkflowComplete"
STATUS_CHANGED = "EntityStatusChanged"
RISK_CHANGED = "EntityRiskChanged"
PROFILE_UPDATED = "EntityProfileUpdated"
FUNCTIONS = (WORKFLOW_COMPLETE, STATUS_CHANGED, RISK_CHANGED, PROFILE_UPDATED)

VERSION = "2.0.0"
SUCCESS, ERROR = "SUCCESS", "ERROR"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened to a person; repeated, it has the same id."""

    id: str
    customer_id: str
    entity_id: str
    function: str
    message: str
    request_id: str
    result: str = SUCCESS
    execution_id: str | None = None
    service_name: str | None = None
    workflow_name: str | None = None
    traceparent: str | None = None

    def payload(self) -> dict[str, str]:
        """As it is sent; no personal data."""
        told = {
            "workflowExecutionId": self.execution_id,
            "entityId": self.entity_id,
            "entityType": "INDIVIDUAL",
            "workflowName": self.workflow_name,
            "serviceName": self.service_name,
            "function": self.function,
            "functionResult": self.result,
            "notificationType": "EVENT",
            "message": self.message,
            "requestId": self.request_id,
            "version": VERSION,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Stood:
    """How an execution stood before the batch; `sequence` of the step that it had ended with, if it had."""

    ended: bool
    sequence: int
    status: str


@dataclass(frozen=True, slots=True)
class Before:
    """What was known before a batch of those customers who are to be told."""

    customers: frozenset[str]
    executions: Mapping[Key, Stood]
    individuals: Mapping[Key, IndividualRow]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person had come to before the batch, in one service: status of the last end, last level of risk."""

    status: str | None = None
    risk: str | None = None


NOTHING = Standing()
UNKNOWN = Stood(ended=False, sequence=0, status="UNCHECKED")


def before(rows: Rows, customers: frozenset[str]) -> Before:
    """Remember, of what a batch may touch, what is to be compared with later."""
    executions = {
        key: Stood(row.ended, row.sequence, row.status)
        for key, row in rows.executions.items()
        if row.customer_id in customers
    }
    individuals = {key: row for key, row in rows.individuals.items() if row.customer_id in customers}
    return Before(customers, executions, individuals)


def changed(known: Before, rows: Rows) -> list[ExecutionRow]:
    """The executions that a batch may have something to tell of; those that others have started are no news."""
    found = [rows.executions[key] for key in rows.changed_executions if key[0] in known.customers]
    return [row for row in found if (row.ended or row.risk) and "parentExecutionId" not in row.workflow]


def notices(
    known: Before, rows: Rows, standings: Mapping[tuple[str, str, str | None], Standing], causes: Mapping[str, Event]
) -> list[Notice]:
    """What there is to tell, in the order in which it is to be told.

    `standings` by customer, person and service; `causes` are the batch's events, the last of each execution and person.
    """
    told = [*_profiles(known, rows, causes)]
    for row in sorted(changed(known, rows), key=lambda row: (row.updated_at, row.execution_id)):
        standing = standings.get((row.customer_id, row.entity_id, row.service_name), NOTHING)
        told += _of_execution(row, known.executions.get(row.key, UNKNOWN), standing, causes.get(row.execution_id))
    return told


def _of_execution(row: ExecutionRow, stood: Stood, standing: Standing, cause: Event | None) -> Iterator[Notice]:
    def notice(function: str, what: object, message: str, **more: Any) -> Notice:
        return Notice(
            derived_id(row.execution_id, "notification", function, str(what)),
            row.customer_id,
            row.entity_id,
            function,
            message,
            more.pop("request_id", None) or row.request_id or "",
            execution_id=row.execution_id,
            service_name=row.service_name,
            workflow_name=row.workflow_name,
            traceparent=cause.traceparent if cause else None,
            **more,
        )

    level = (row.risk or {}).get("riskLevel")
    if level and level != standing.risk:
        yield notice(RISK_CHANGED, f"{row.sequence}/{row.version}", _from_to("Risk level", standing.risk, level))
    if not row.ended:
        return
    anew = not stood.ended or stood.sequence != row.sequence
    former = standing.status if anew else stood.status
    if row.status != (former or UNKNOWN.status):
        by = None if anew else row.override_request_id
        message = _from_to("Status", former, row.status)
        yield notice(STATUS_CHANGED, f"{row.sequence}/{row.version}", message, request_id=by)
    if anew:
        good = row.state == STATES[ExecutionState.SUCCEEDED]
        message = f"Workflow ended: {row.state}, {row.status}."
        yield notice(WORKFLOW_COMPLETE, row.sequence, message, result=SUCCESS if good else ERROR)


def _profiles(known: Before, rows: Rows, causes: Mapping[str, Event]) -> Iterator[Notice]:
    for key in sorted(rows.changed_individuals & known.individuals.keys()):
        now, former = rows.individuals[key], known.individuals[key]
        if now.is_as(former):
            continue
        cause = causes.get("/".join(key))
        yield Notice(
            derived_id("/".join(key), "notification", PROFILE_UPDATED, now.entity_version, now.changed_at.isoformat()),
            *key,
            PROFILE_UPDATED,
            f"The person's data has changed; it is at version {now.entity_version}.",
            getattr(cause.data, "requestId", None) or "" if cause else "",
            traceparent=cause.traceparent if cause else None,
        )


def _from_to(what: str, former: str | None, now: str) -> str:
    return f"{what} changed from {former} to {now}." if former else f"{what} is {now}."
