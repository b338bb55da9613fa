"""What a request to watch a person comes to, whoever asks it: a step of a workflow, or somebody by the topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    EntityChanged,
    Individual,
    Reason,
    StepError,
    StepOutcome,
    StepResult,
    StepResultCode,
    SubscriptionChanged,
    SubscriptionRequested,
)
from services.monitoring.watched import NEVER, Person, Subscription, Watched

STEP = "MONITOR_TOGGLE"
TYPES = ("AML", "ACTIVITY")
# Who changed a subscription where it was a step of a workflow.
BY_WORKFLOW = "workflow"
BOOLEANS = {"true": True, "false": False}


class Refused(ValueError):
    """The request cannot be meant: `reason` is its code."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Asked:
    """Watch a person for these types, or no more."""

    person: Person
    entity_version: int
    individual: Individual | None
    enabled: bool
    types: tuple[str, ...]
    by: str
    request_id: str
    execution_id: str | None = None
    comment: str | None = None


def asked_by_step(request: CheckRequested) -> Asked:
    """What a step asks for by its settings `enabled` (true unless given) and `monitoringTypes`; raises Refused."""
    task, settings = request.task, request.settings
    enabled = settings.get("enabled", "true")
    if enabled not in BOOLEANS:
        raise Refused("BAD_SETTING", f'enabled is true or false, not "{enabled}"')
    return Asked(
        person=(task.customerId, task.entityId),
        entity_version=task.entityVersion,
        individual=request.individual,
        enabled=BOOLEANS[enabled],
        types=chosen(_listed(settings)),
        by=BY_WORKFLOW,
        request_id=task.requestId,
        execution_id=task.workflowExecutionId,
    )


def asked_by_command(data: SubscriptionRequested, event_id: str) -> Asked:
    """What somebody asks for by the topic; raises Refused."""
    return Asked(
        person=(data.customerId, data.entityId),
        entity_version=data.entityVersion,
        individual=data.individual,
        enabled=data.enabled,
        types=chosen(data.monitoringTypes),
        by=data.requestedBy,
        request_id=data.requestId or event_id,
        comment=data.comment,
    )


def chosen(given: Iterable[str]) -> tuple[str, ...]:
    """The types that are meant: all where none is named; raises Refused."""
    named = tuple(dict.fromkeys(given))
    if unknown := [one for one in named if one not in TYPES]:
        raise Refused("UNKNOWN_MONITORING_TYPE", f'no monitoring type "{unknown[0]}"; there are {", ".join(TYPES)}')
    return named or TYPES


def _listed(settings: Mapping[str, str]) -> list[str]:
    """`monitoringTypes` as a JSON array, or separated by commas."""
    text = settings.get("monitoringTypes", "").strip()
    if not text.startswith("["):
        return [one for part in text.split(",") if (one := part.strip())]
    try:
        listed = orjson.loads(text)
    except orjson.JSONDecodeError:
        listed = None
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise Refused("BAD_SETTING", "monitoringTypes is a list of texts")
    return listed


def obey(watched: Watched, asked: Asked, now: datetime) -> list[SubscriptionChanged]:
    """Change what a person is watched for; what there is to tell of each type. Raises Refused."""
    if asked.enabled and asked.individual is None and watched.entity_version is None:
        raise Refused("NO_PERSON", "a person who is not watched yet is needed to begin")
    told = [_change(watched, asked, type, now) for type in asked.types]
    if not watched.enabled:
        watched.forget()
    elif asked.individual is not None:
        watched.take(asked.entity_version, asked.individual.model_dump_json(exclude_defaults=True))
    return told


def learn(watched: Watched, told: EntityChanged, now: datetime) -> list[SubscriptionChanged]:
    """Know a person who is watched as they are from now on; who was deleted is watched no more.

    Of changes that make one version only the first holds, here as in the projection.
    """
    if not watched.enabled or told.entityVersion <= (watched.entity_version or 0):
        return []
    if told.individual is not None:
        watched.take(told.entityVersion, told.individual.model_dump_json(exclude_defaults=True))
        return []
    asked = Asked(
        person=watched.person,
        entity_version=told.entityVersion,
        individual=None,
        enabled=False,
        types=tuple(type for type, one in watched.subscriptions.items() if one.enabled),
        by=told.changedBy,
        request_id=told.requestId,
        comment=told.comment,
    )
    return obey(watched, asked, now)


def _change(watched: Watched, asked: Asked, type: str, now: datetime) -> SubscriptionChanged:
    before = watched.subscriptions.get(type, NEVER)
    after = watched.subscriptions[type] = Subscription(asked.enabled, before.sequence + 1)
    return SubscriptionChanged(
        customerId=asked.person[0],
        entityId=asked.person[1],
        monitoringType=type,
        sequence=after.sequence,
        enabled=after.enabled,
        wasEnabled=before.enabled,
        changedAt=now,
        changedBy=asked.by,
        requestId=asked.request_id,
        workflowExecutionId=asked.execution_id,
        comment=asked.comment,
    )


def answer(request: CheckRequested, asked: Asked, now: datetime) -> CheckCompleted:
    """The step's result, which passes nobody and fails nobody."""
    code, text = ("MONITORING_ENABLED", "from now on") if asked.enabled else ("MONITORING_DISABLED", "no more")
    outcome = StepOutcome(
        stepName=STEP,
        result=StepResultCode.COMPLETE,
        reasons=[Reason(code=code, message=f"Watched for {', '.join(asked.types)} {text}.")],
    )
    return CheckCompleted(task=request.task, result=StepResult(outcome=outcome, startedAt=now, endedAt=now))


def failure(request: CheckRequested, refused: Refused, now: datetime) -> CheckCompleted:
    """A step that cannot be meant: the workflow decides what becomes of it."""
    error = StepError(code="Check.BadSettings", description=str(refused), location="monitoring")
    outcome = StepOutcome(stepName=STEP, result=StepResultCode.ERROR)
    result = StepResult(outcome=outcome, errors=[error], startedAt=now, endedAt=now)
    return CheckCompleted(task=request.task, result=result, error=error.code, cause=error.description)
