"""POST …/execute: take a person on, or run a workflow on one who is known."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event
from libs.events.models import EntityChanged, EntityOnboarded, Individual, WorkflowRequested
from services.results.api import changing, models, queries, results
from services.results.api.attachments import AnyLevel, at_level
from services.results.api.caller import Background, Caller, CallerOf
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, not_found
from services.results.fold import CREATED, Starts, execution_id, execution_of
from services.results.service import Results

router = APIRouter(tags=["Execute"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID)

LOOK_AGAIN_SECONDS = 0.02

Named = Annotated[str, Path(pattern=r"^[^\x00]*$")]

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.Executed, "description": "The execution has ended."},
    202: {"model": models.Accepted, "description": "Accepted; ask for the execution later."},
}


@router.post(
    "/v2/individuals/new/serviceprofiles/{serviceName}/workflows/{workflowName}/execute",
    summary="Take a person on and run a workflow",
    responses={**ANSWERS, **models.CONFLICT},
)
async def create_and_execute(
    caller: CallerOf,
    parts: PartsOf,
    serviceName: Named,
    workflowName: Named,
    body: models.ExecuteNew,
    background: Background = "0",
    level: AnyLevel = "meta",
) -> Response:
    """Publishes `entity.changed` and `entity.onboarded`, and waits for the execution's end."""
    async with parts.engine.connect() as reading:
        await known_workflow(reading, serviceName, workflowName)
    person = await changing.created(parts, caller, body.individual)
    caller.trail.execution_id = execution_id(caller.new_id("event"))
    caller.trail.after = {
        "entityId": person.entity_id,
        "entityVersion": person.version + 1,
        "serviceName": serviceName,
        "workflowName": workflowName,
    }
    creation = await changing.publish(parts, caller, person, CREATED)
    if body.individual.entityId:
        # Another may take the id on at the same time.
        await changing.decided(parts, creation, "individual.entityId")
    assert creation.individual is not None
    data = EntityOnboarded(
        customerId=caller.customer_id,
        entityId=person.entity_id,
        entityVersion=creation.entityVersion,
        individual=creation.individual,
        serviceName=serviceName,
        workflowName=workflowName,
        requestId=caller.request_id,
        requestedBy=caller.username,
        comment=body.comment.text if body and body.comment else None,
    )
    return await run(parts, caller, "entity.onboarded", data, background, level, creation)


@router.post(
    "/v2/individuals/{entityId}/serviceprofiles/{serviceName}/workflows/{workflowName}/execute",
    summary="Run a workflow on a person who is known",
    responses={**ANSWERS},
)
async def execute(
    caller: CallerOf,
    parts: PartsOf,
    entityId: Named,
    serviceName: Named,
    workflowName: Named,
    body: models.Execute | None = None,
    background: Background = "0",
    level: AnyLevel = "meta",
) -> Response:
    """Publishes `workflow.requested` with the person as they are known now."""
    async with parts.engine.connect() as reading:
        known = await queries.individual(reading, caller.customer_id, entityId)
        if known is None:
            raise not_found("individual", "path.entityId")
        await known_workflow(reading, serviceName, workflowName)
    data = WorkflowRequested(
        customerId=caller.customer_id,
        entityId=entityId,
        entityVersion=known["entity_version"],
        individual=Individual.model_validate(known["document"]),
        serviceName=serviceName,
        workflowName=workflowName,
        requestId=caller.request_id,
        requestedBy=caller.username,
        comment=body.comment.text if body and body.comment else None,
    )
    return await run(parts, caller, "workflow.requested", data, background, level)


async def run(
    parts: Parts,
    caller: Caller,
    topic: str,
    data: Starts,
    background: str,
    level: str,
    creation: EntityChanged | None = None,
) -> Response:
    """Publish, then wait for the end unless the caller would rather not."""
    event_id = caller.new_id("event")
    execution = execution_of(event_id, data)
    key = f"{data.customerId}:{data.entityId}"
    event = Event(
        event_id, topic, Results.group, parts.clock(), key, data, correlation=execution, traceparent=caller.traceparent
    )
    await parts.publisher.publish(event)
    return await came_of(parts, caller, execution, data.entityId, background, level, creation)


async def came_of(
    parts: Parts,
    caller: Caller,
    execution: str,
    entity_id: str,
    background: str,
    level: str,
    creation: EntityChanged | None = None,
) -> Response:
    """What came of an execution, once it has ended; that it was accepted, where the caller would rather not wait."""
    ended = None if background == "1" else await _ended(parts, caller, execution, creation)
    if ended is None:
        await _begun(parts, caller, execution)
        accepted = {
            "requestId": caller.request_id,
            "workflowExecutionId": execution,
            "entityId": entity_id,
        }
        return answer(202, accepted)
    async with parts.engine.connect() as reading:
        (result,) = await results.workflow_results(reading, caller.customer_id, [ended])
        person = await results.person(reading, caller.customer_id, entity_id)
        profile = await results.service_profile(reading, caller.customer_id, entity_id, ended["service_name"])
    individual = person and await at_level(parts.blobs, person.shown, level)
    told = {"requestId": caller.request_id, "workflowResult": result, "individual": individual}
    told |= {"serviceProfile": profile}
    return answer(200, told)


async def _ended(parts: Parts, caller: Caller, execution: str, creation: EntityChanged | None) -> queries.Row | None:
    """The execution's row, once the projection has its end and the person, and what was told to create them."""

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            row = await queries.execution(reading, caller.customer_id, execution)
            if row is None or row["ended_at"] is None:
                return None
            if creation and not await queries.individual_change(
                reading, caller.customer_id, creation.entityId, creation.changeId
            ):
                return None
            return row if await queries.individual(reading, caller.customer_id, row["entity_id"]) else None

    return await parts.watch.until(execution, look, parts.wait_seconds)


async def _begun(parts: Parts, caller: Caller, execution: str) -> None:
    """Once every read shows that it runs, or after as long as a caller is kept waiting."""
    try:
        async with asyncio.timeout(parts.wait_seconds), parts.engine.connect() as reading:
            while await queries.execution(reading, caller.customer_id, execution) is None:
                await reading.rollback()  # to see what has come since
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
    except TimeoutError:
        return


async def known_workflow(
    reading: AsyncConnection, service_name: str, workflow_name: str, where: str = "path.workflowName"
) -> None:
    """Refuse a workflow that is not known. `Name:3` and `Name:alias` are its versions, of which orchestration knows."""
    name, colon, version = workflow_name.partition(":")
    named_well = not colon or (version and ":" not in version)
    if not named_well or await queries.workflow(reading, service_name, name) is None:
        raise not_found("workflow", where)
