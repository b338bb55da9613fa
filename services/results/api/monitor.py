"""PATCH /v2/individuals/{entityId}/monitor: watch a person from now on, or no more."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator

from libs.events.message import Event
from libs.events.models import Individual, SubscriptionRequested
from services.results import subscriptions
from services.results.api import models, queries, results
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, not_found
from services.results.service import Results

router = APIRouter(tags=["Monitoring"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID)

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.Monitored, "description": "What the person is watched for now."},
    202: {"model": models.MonitorAccepted, "description": "Published; not yet applied."},
}


def _split(given: object) -> object:
    """Repeated, or separated by commas."""
    if not isinstance(given, list):
        return given
    return [part.strip() for one in given for part in str(one).split(",") if part.strip()]


Types = Annotated[
    list[Literal["AML", "ACTIVITY"]],
    BeforeValidator(_split),
    Query(description="All where none is named. Repeated, or separated by commas."),
]


@router.patch("/v2/individuals/{entityId}/monitor", summary="Watch a person, or no more", responses=ANSWERS)
async def monitor(
    caller: CallerOf,
    parts: PartsOf,
    entityId: Named,
    enabled: Annotated[bool, Query(description="True to begin, false to end.")],
    monitoringTypes: Types = [],  # noqa: B006 (never changed)
    body: models.Monitor | None = None,
) -> Response:
    """Publishes `subscription.requested` with the person as they are known now, and answers what came of it."""
    async with parts.engine.connect() as reading:
        known = await queries.individual(reading, caller.customer_id, entityId)
        changes = await queries.subscription_changes_of(reading, caller.customer_id, entityId)
    if known is None:
        raise not_found("individual", "path.entityId")
    caller.trail.before = {one["monitoring_type"]: one["enabled"] for one in changes}
    types: list[str] = [*dict.fromkeys(monitoringTypes)] or [*subscriptions.TYPES]
    data = SubscriptionRequested(
        customerId=caller.customer_id,
        entityId=entityId,
        entityVersion=known["entity_version"],
        individual=Individual.model_validate(known["document"]),
        enabled=enabled,
        monitoringTypes=types,
        requestedBy=caller.username,
        requestId=caller.request_id,
        comment=body.comment.text if body and body.comment else None,
    )
    return await _ask(parts, caller, data)


async def _ask(parts: Parts, caller: Caller, data: SubscriptionRequested) -> Response:
    """Publish, then wait until the projection shows what was made of it."""
    await parts.publisher.publish(
        Event(
            caller.new_id("event"),
            "subscription.requested",
            Results.group,
            parts.clock(),
            f"{data.customerId}:{data.entityId}",
            data,
            traceparent=caller.traceparent,
        )
    )

    async def look() -> dict[str, Any] | None:
        async with parts.engine.connect() as reading:
            changes, workflows = await results.monitoring(reading, data.customerId, data.entityId)
        obeyed = {one["monitoring_type"] for one in changes if one["request_id"] == data.requestId}
        return subscriptions.of_person(changes, workflows) if obeyed >= set(data.monitoringTypes) else None

    told = await parts.watch.until(caller.request_id, look, parts.wait_seconds)
    if told is None:
        return answer(202, {"requestId": caller.request_id, "entityId": data.entityId})
    return answer(200, {"requestId": caller.request_id, "monitoring": told})
