"""What orchestration makes of events, without doing anything: requests to checks, and the story of an execution."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from pydantic import ValidationError

from libs.asl import Event, ScheduleTask, TaskFailed, TaskSucceeded
from libs.asl.integration import Call, answer_to, call_of
from libs.events.fingerprint import fingerprint
from libs.events.models import (
    Application,
    ApplicationSubmitted,
    CheckCompleted,
    CheckRequested,
    EntityOnboarded,
    ExecutionState,
    MonitoringAlerted,
    StepOutcome,
    StepResult,
    Task,
    WorkflowProgressed,
    WorkflowRequested,
    WorkflowStarted,
)
from libs.events.record import Record
from services.orchestration.kept import Kept
from services.orchestration.resources import Resources, Row, outcomes_in

CHECK = "vetstream:check:"
# Where the input of an execution has what people decided that checks are to count of its person.
RULINGS = "rulings"
# The language gives these ends no error's name.
UNNAMED = {"TIMED_OUT": "States.Timeout", "ABORTED": "Vetstream.Stopped"}

# What a new execution comes of.
Begins: TypeAlias = EntityOnboarded | WorkflowRequested | ApplicationSubmitted | MonitoringAlerted


class BadTask(ValueError):
    """The workflow asks for something that no check understands."""


def workflow_input(
    data: Begins, service_name: str, workflow_name: str, ruled: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """What a workflow may branch on: facts about the person and about why it runs, no personal data.

    `ruled`: by check, what people decided that it is to count of the person.
    """
    person = data.individual
    asked: dict[str, Any] = {"listVersions": {}}
    if isinstance(data, EntityOnboarded):
        asked["monitoringTypes"] = data.monitoringTypes
    elif isinstance(data, ApplicationSubmitted):
        asked["application"] = _facts(data.application)
    elif isinstance(data, MonitoringAlerted):
        asked |= {"monitoringType": data.monitoringType, "alertKind": data.kind, "alertId": data.alertId}
        if data.listId is not None:
            asked["listVersions"] = {data.listId: data.listVersion}
    elif data.reevaluates is not None:
        evidence = [outcome.model_dump(mode="json") for outcome in data.evidence]
        asked |= {"reevaluates": data.reevaluates, "evidence": evidence}
    if ruled:
        asked[RULINGS] = {check: dict(settings) for check, settings in ruled.items()}
    return {
        "customerId": data.customerId,
        "entityId": data.entityId,
        "entityType": "INDIVIDUAL",
        "country": person.addresses[0].country if person.addresses else None,
        "hasDocument": bool(person.documents),
        "serviceName": service_name,
        "workflowName": workflow_name,
        **asked,
    }


def _facts(application: Application) -> dict[str, Any]:
    """What a workflow may branch on, and what the application is known again by."""
    return {
        "applicationId": application.applicationId,
        "amount": application.requestedAmount.amount,
        "currency": application.requestedAmount.currency,
        "termMonths": application.termMonths,
        "purpose": application.purpose,
        "hasCompany": application.company is not None,
        "files": sorted({file.kind for file in application.files}),
        "sha256": fingerprint(application),
    }


def check_of(effect: ScheduleTask, checks: Sequence[str], row: Row | None) -> str:
    """The check that a Task's Resource names, or its row of the table; raises BadTask."""
    name = row.check if row is not None else effect.resource.removeprefix(CHECK)
    if name is None or name not in checks or (row is None and not effect.resource.startswith(CHECK)):
        function = call_of(effect.resource, effect.parameters).function
        raise BadTask(f'States.{effect.state}: "Resource" names no check ({function or effect.resource})')
    return name


def request_of(kept: Kept, effect: ScheduleTask, token: str, row: Row | None) -> CheckRequested:
    """The request for a task; raises BadTask where the workflow's Parameters are not settings and evidence."""
    parameters = effect.parameters if isinstance(effect.parameters, dict) else {}
    if row is not None:
        payload = call_of(effect.resource, effect.parameters).payload
        parameters = {"settings": row.settings, "evidence": list(outcomes_in(payload))}
    try:
        evidence = [StepOutcome.model_validate(outcome) for outcome in parameters.get("evidence", [])]
        settings = {name: _setting(value) for name, value in parameters.get("settings", {}).items()}
        settings |= _ruled(kept, effect.resource.removeprefix(CHECK) if row is None else row.check)
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
    return CheckRequested(
        task=task, individual=kept.person, evidence=evidence, settings=settings, application=kept.applied
    )


def _ruled(kept: Kept, check: str | None) -> Mapping[str, str]:
    """What people decided that a check is to count goes before what the workflow says."""
    given = kept.execution.input
    rulings: Mapping[str, Mapping[str, str]] = given.get(RULINGS, {}) if isinstance(given, dict) else {}
    return rulings.get(check or "", {})


def _setting(value: Any) -> str:
    """A text as it is, anything else as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def answer_of(task_id: int, data: CheckCompleted, call: Call | None, resources: Resources) -> Event:
    """What a check's answer is to the workflow; one written for AWS gets it in the form that it expects."""
    if data.error is not None or data.result is None:
        error = data.error or "Check.Failed"
        return TaskFailed(task_id, resources.errors.get(error, error) if call else error, data.cause)
    outcome = data.result.outcome
    output = outcome.model_dump(mode="json")
    if not outcome.measures:
        del output["measures"]
    if call is None:
        return TaskSucceeded(task_id, output)
    row = resources.row(call)
    raised = row.raises.get(outcome.result.value) if row is not None else None
    if raised is not None:
        return TaskFailed(task_id, raised, f"{outcome.stepName}: {outcome.result.value}")
    return TaskSucceeded(task_id, answer_to(call.resource, output))


def progressed(
    kept: Kept,
    cause: Record,
    started: WorkflowStarted | None,
    unanswered: Sequence[StepResult],
    now: datetime,
) -> WorkflowProgressed:
    """The next chapter of an execution's story, without its history.

    An answer that caused it is an accepted one; with it stand the steps that have their end here without an answer.
    """
    answered = [cause.result] if isinstance(cause, CheckCompleted) and cause.result else []
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
        accepted=[*answered, *unanswered],
        state=ExecutionState(execution.status),
        output=orjson.dumps(execution.output).decode() if execution.status == "SUCCEEDED" else None,
        error=(execution.error or UNNAMED.get(execution.status)) if ended else None,
        cause=execution.cause if ended else None,
        occurredAt=now,
    )
