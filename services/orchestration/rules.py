"""What orchestration makes of events, without doing anything: requests to checks, and the story of an execution."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from pydantic import ValidationError

from libs.asl import HistoryEvent, ScheduleTask
from libs.events import models
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    EntityOnboarded,
    ExecutionState,
    StepOutcome,
    Task,
    WorkflowProgressed,
    WorkflowRequested,
    WorkflowStarted,
)
from libs.events.record import Record
from services.orchestration.kept import Kept

CHECK = "vetstream:check:"


class BadTask(ValueError):
    """The workflow asks for something that no check understands."""


def workflow_input(data: EntityOnboarded | WorkflowRequested, service_name: str, workflow_name: str) -> dict[str, Any]:
    """What a workflow may branch on: facts about the person, no personal data."""
    person = data.individual
    return {
        "customerId": data.customerId,
        "entityId": data.entityId,
        "entityType": "INDIVIDUAL",
        "country": person.addresses[0].country if person.addresses else None,
        "hasDocument": bool(person.documents),
        "serviceName": service_name,
        "workflowName": workflow_name,
    }


def check_of(effect: ScheduleTask, checks: Sequence[str]) -> str:
    """The check that a Task's Resource names; raises BadTask."""
    name = effect.resource.removeprefix(CHECK)
    if not effect.resource.startswith(CHECK) or name not in checks:
        raise BadTask(f'States.{effect.state}: "Resource" names no check ({effect.resource})')
    return name


def request_of(kept: Kept, effect: ScheduleTask, token: str) -> CheckRequested:
    """The request for a task; raises BadTask where the workflow's Parameters are not settings and evidence."""
    parameters = effect.parameters if isinstance(effect.parameters, dict) else {}
    try:
        evidence = [StepOutcome.model_validate(outcome) for outcome in parameters.get("evidence", [])]
        settings = {name: str(value) for name, value in parameters.get("settings", {}).items()}
    except (ValidationError, TypeError, AttributeError) as error:
        first = str(error).splitlines()[0]
        raise BadTask(f'States.{effect.state}: "Parameters" must hold settings and evidence: {first}') from None
    task = Task(
        token=token,
        customerId=kept.customer_id,
        entityId=kept.entity_id,
        entityVersion=kept.entity_version,
        workflowExecutionId=kept.id,
        requestId=kept.request_id,
        stepName=effect.state,
        attempt=effect.attempt,
        deadline=effect.timeout_at,
    )
    return CheckRequested(task=task, individual=kept.person, evidence=evidence, settings=settings)


def progressed(
    kept: Kept,
    history: Iterable[HistoryEvent],
    cause: Record,
    started: WorkflowStarted | None,
    now: datetime,
) -> WorkflowProgressed:
    """The next chapter of an execution's story; where an answer caused it, it is an accepted one."""
    accepted = [cause.result] if isinstance(cause, CheckCompleted) and cause.result else []
    execution = kept.execution
    ended = execution.status != "RUNNING"
    return WorkflowProgressed(
        customerId=kept.customer_id,
        entityId=kept.entity_id,
        entityVersion=kept.entity_version,
        workflowExecutionId=kept.id,
        requestId=kept.request_id,
        sequence=kept.sequence,
        started=started,
        history=[_told(event) for event in history],
        accepted=accepted,
        state=ExecutionState(execution.status),
        output=orjson.dumps(execution.output).decode() if execution.status == "SUCCEEDED" else None,
        error=execution.error if ended else None,
        cause=execution.cause if ended else None,
        occurredAt=now,
    )


def _told(event: HistoryEvent) -> models.HistoryEvent:
    return models.HistoryEvent(
        id=event.id,
        previousEventId=event.previous_event_id,
        type=event.type,
        timestamp=event.timestamp,
        details=orjson.dumps(dict(event.details)).decode(),
    )
