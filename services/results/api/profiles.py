"""PATCH /v2/individuals/{entityId}/serviceprofiles/{serviceName}: a profile given to somebody, or put away."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from libs.events.message import Event
from libs.events.models import ProfileChanged
from services.results.api import changing, models, queries, results
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, conflict, not_found, unfit
from services.results.service import Results

router = APIRouter(tags=["Individuals"], responses=models.ERRORS | models.NOT_FOUND | models.CONFLICT | models.INVALID)

FIELDS = {"assignee": "assignee", "reviewer": "reviewer", "currentWorkflowName": "workflow_name", "state": "state"}


@router.patch(
    "/v2/individuals/{entityId}/serviceprofiles/{serviceName}",
    summary="Change a person's profile with a service",
    responses={
        200: {"model": models.Profile},
        **changing.LATER,
    },
)
async def update(
    caller: CallerOf, parts: PartsOf, entityId: Named, serviceName: Named, body: models.UpdateProfile
) -> Response:
    """What is not mentioned stays, null takes it away. A profile that was put away is in use again when a workflow
    is run on the person."""
    said = body.serviceProfile.model_dump(exclude_unset=True)
    async with parts.engine.connect() as reading:
        if await queries.individual(reading, caller.customer_id, entityId) is None:
            raise not_found("individual", "path.entityId")
        if await results.service_profile(reading, caller.customer_id, entityId, serviceName) is None:
            raise not_found("service profile", "path.serviceName")
        if (name := said.get("currentWorkflowName")) and await queries.workflow(reading, serviceName, name) is None:
            raise _unknown("the service has no such workflow", ("serviceProfile", "currentWorkflowName"))
    comment = body.comment.text if body.comment else None
    if not await change(parts, caller, entityId, serviceName, said, comment):
        return answer(202, {"requestId": caller.request_id, "entityId": entityId})
    async with parts.engine.connect() as reading:
        profile = await results.service_profile(reading, caller.customer_id, entityId, serviceName)
    return answer(200, {"requestId": caller.request_id, "serviceProfile": profile})


async def refuse_unknown(parts: Parts, service: str | None, workflow: str | None) -> None:
    """Raise Problem where a profile is to be begun with a service or for a workflow that there is not."""
    if service is None:
        if workflow is not None:
            raise _unknown("a workflow is one of a service", ("serviceName",))
        return
    async with parts.engine.connect() as reading:
        known = {row["workflow_name"] for row in await queries.workflows_of(reading, service)}
    if not known:
        raise _unknown("there is no such service", ("serviceName",))
    if workflow is not None and workflow not in known:
        raise _unknown("the service has no such workflow", ("workflowName",))


def _unknown(text: str, at: tuple[str, ...]) -> Exception:
    return unfit([{"loc": at, "msg": text, "type": "unknown"}])


async def change(
    parts: Parts, caller: Caller, entity_id: str, service: str, said: Mapping[str, Any], comment: str | None
) -> bool:
    """Publish what is different of a profile from now on; false where it takes too long to be seen."""
    async with parts.engine.connect() as reading:
        changes = await queries.profile_changes_of(reading, caller.customer_id, entity_id)
    before = next((one for one in changes if one["service_name"] == service), None)
    known = {name: before[column] if before else None for name, column in FIELDS.items()}
    if before and {**known, **said} == known:
        return True
    data = ProfileChanged(
        changeId=caller.new_id("change"),
        customerId=caller.customer_id,
        entityId=entity_id,
        serviceName=service,
        profileVersion=(before["profile_version"] if before else 0) + 1,
        **{**known, **said},
        comment=comment,
        changedBy=caller.username,
        requestId=caller.request_id,
        changedAt=parts.clock(),
    )
    event = Event(
        data.changeId,
        "profile.changed",
        Results.group,
        data.changedAt,
        f"{data.customerId}:{data.entityId}",
        data,
        traceparent=caller.traceparent,
    )
    await parts.publisher.publish(event)

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            return await queries.profile_change(reading, data.customerId, data.entityId, data.changeId)

    row = await parts.watch.until(data.changeId, look, parts.wait_seconds)
    if row is not None and row["refusal"] is not None:
        raise conflict(f"refused: {row['refusal']}", "path.serviceName")
    return row is not None
