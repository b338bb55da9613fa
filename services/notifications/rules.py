"""What an outside service is told of an execution, and what the step that asked is answered; no personal data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import ValidationError

from libs.events.message import derived_id
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    Decision,
    ExecutionStatus,
    Reason,
    StepError,
    StepOutcome,
    StepResult,
    Task,
)
from libs.events.models import StepResultCode as Code

STEP = "NOTIFICATION"
VERSION = "1"
REJECTION, REJECTED = "rejection", "REJECTED"
WAITS = ACCEPTED, DELIVERED = ("accepted", "delivered")
SETTINGS = frozenset({"purpose", "wait", "outcome", "error", "cause", "about"})
PURPOSE = re.compile(r"[a-z][a-z0-9-]{0,39}")
# Steps that speak for the person: why they came out so is no reason of what is told.
IN_FAVOUR = frozenset({Code.PASS, Code.MATCH, Code.CLEAR, Code.CLEARED, Code.COMPLETE, Code.HIT_ACCEPTED})
IN_FAVOUR |= {Code.SKIPPED, Code.NOT_APPLICABLE}

# By the state of a delivery: the reason that the step is answered with.
ANSWERS = {
    "PENDING": ("NOTIFICATION_ACCEPTED", "It is kept and will be delivered."),
    "DELIVERED": ("NOTIFICATION_DELIVERED", "The outside service has it."),
    "REFUSED": ("NOTIFICATION_REFUSED", "The outside service does not take it; it is kept and can be sent again."),
    "PARKED": ("NOTIFICATION_PARKED", "It could not be delivered; it is kept and can be sent again."),
}
REPEATED = Reason(code="NOTIFICATION_REPEATED", message="It had been asked for before; it is told once.")


class Refused(ValueError):
    """The request cannot be meant."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What is to be delivered; asked for again, by whatever task of the same state, it has the same id.

    `waits`: the step is answered once it was delivered or parked, rather than as soon as it is kept.
    """

    id: str
    task: Task
    purpose: str
    body: bytes
    waits: bool


def notification(request: CheckRequested, now: datetime) -> Notification:
    """What a step asks to be told; raises Refused.

    Settings: `purpose` (rejection), `wait` (accepted or delivered), `outcome` (REJECTED), `error` and `cause` that the
    workflow caught, and `about`, where one state tells of several things.
    """
    task, settings = request.task, request.settings
    if unknown := sorted(settings.keys() - SETTINGS):
        raise Refused(f'no setting "{unknown[0]}"; there are {", ".join(sorted(SETTINGS))}')
    purpose, wait = settings.get("purpose", REJECTION), settings.get("wait", ACCEPTED)
    if not PURPOSE.fullmatch(purpose):
        raise Refused(f'purpose is a word of small letters, digits and hyphens, not "{purpose}"')
    if wait not in WAITS:
        raise Refused(f'wait is {" or ".join(WAITS)}, not "{wait}"')
    # Not of the task: a redelivered request, a retry of the step and a redriven execution tell the same thing.
    id = derived_id(task.workflowExecutionId, "notification", task.stepName, purpose, settings.get("about", ""))
    told = {"notificationId": id, "purpose": purpose, **_told(request), "occurredAt": now, "version": VERSION}
    body = orjson.dumps({name: value for name, value in told.items() if value}, option=orjson.OPT_UTC_Z)
    return Notification(id, task, purpose, body, wait == DELIVERED)


def _told(request: CheckRequested) -> Mapping[str, Any]:
    task, settings = request.task, request.settings
    return {
        "customerId": task.customerId,
        "entityId": task.entityId,
        "applicationId": request.application.applicationId if request.application else None,
        "workflowExecutionId": task.workflowExecutionId,
        "requestId": task.requestId,
        "outcome": settings.get("outcome", REJECTED),
        "reasons": [{"step": step, "code": code} for step, code in dict.fromkeys(_reasons(request))],
    }


def _reasons(request: CheckRequested) -> Iterator[tuple[str, str]]:
    """Codes, in the order of the steps; of a step that gave none, its result."""
    for outcome in request.evidence:
        if outcome.result not in IN_FAVOUR:
            codes = [reason.code for reason in outcome.reasons] or [outcome.result.value]
            yield from ((outcome.stepName, code) for code in codes)
    yield from _caught(request.task.stepName, request.settings)


def _caught(state: str, settings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The reasons of a step that failed, where that is the cause; else the error's name."""
    try:
        failed = StepOutcome.model_validate_json(settings.get("cause", ""))
    except ValidationError:
        if error := settings.get("error"):
            yield state, error
        return
    yield from ((failed.stepName, reason.code) for reason in failed.reasons)


def decision(settings: Mapping[str, str]) -> Decision | None:
    """What the workflow has decided by asking for this: a rejection."""
    if settings.get("outcome", REJECTED) != REJECTED:
        return None
    return Decision(status=ExecutionStatus.FAIL, rule=settings.get("error", REJECTED), policy="workflow")


def answer(
    task: Task, state: str, attempts: int, now: datetime, *, repeated: bool = False, decided: Decision | None = None
) -> CheckCompleted:
    """The step's result: COMPLETE, or INCOMPLETE where an outside service has not taken it and will not."""
    code, message = ANSWERS[state]
    outcome = StepOutcome(
        stepName=STEP,
        result=Code.COMPLETE if state in ("PENDING", "DELIVERED") else Code.INCOMPLETE,
        reasons=[Reason(code=code, message=message), *([REPEATED] if repeated else [])],
        counts={"attempts": attempts},
        decision=decided,
    )
    return CheckCompleted(task=task, result=StepResult(outcome=outcome, startedAt=now, endedAt=now))


def failure(request: CheckRequested, refused: Refused, now: datetime) -> CheckCompleted:
    """A step that cannot be meant: the workflow decides what becomes of it."""
    error = StepError(code="Check.BadSettings", description=str(refused), location="notification")
    result = StepResult(
        outcome=StepOutcome(stepName=STEP, result=Code.ERROR), errors=[error], startedAt=now, endedAt=now
    )
    return CheckCompleted(task=request.task, result=result, error=error.code, cause=error.description)
