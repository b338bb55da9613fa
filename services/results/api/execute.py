"""POST …/execute: take a person on, or run a workflow on one who is known."""

import asyncio
from datetime import date
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event
from libs.events.models import EntityOnboarded, Individual, WorkflowRequested
from services.results import individuals
from services.results.api import models, queries, results
from services.results.api.caller import Background, Caller, CallerOf
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import Detail, Problem, answer, not_found
from services.results.fold import execution_id
from services.results.person import IndividualJson
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
) -> Response:
    """Publishes `entity.onboarded` and waits for the execution's end."""
    told = body.individual
    entity_id = told.entityId or str(uuid4())
    _plausible(told, parts.clock().date())
    async with parts.engine.connect() as reading:
        await _workflow(reading, serviceName, workflowName)
        if told.entityId and await queries.individual(reading, caller.customer_id, entity_id):
            text = "there is a person with this id already"
            raise Problem(409, "CONFLICT", text, [Detail(text, "individual.entityId", "CONFLICT")])
    data = EntityOnboarded(
        customerId=caller.customer_id,
        entityId=entity_id,
        entityVersion=1,
        individual=individuals.record(told),
        serviceName=serviceName,
        workflowName=workflowName,
        requestId=caller.request_id,
        requestedBy=caller.username,
        comment=body.comment.text if body and body.comment else None,
    )
    return await _run(parts, caller, "entity.onboarded", data, background)


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
) -> Response:
    """Publishes `workflow.requested` with the person as they are known now."""
    async with parts.engine.connect() as reading:
        known = await queries.individual(reading, caller.customer_id, entityId)
        if known is None:
            raise not_found("individual", "path.entityId")
        await _workflow(reading, serviceName, workflowName)
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
    return await _run(parts, caller, "workflow.requested", data, background)


async def _run(
    parts: Parts, caller: Caller, topic: str, data: EntityOnboarded | WorkflowRequested, background: str
) -> Response:
    """Publish, then wait for the end unless the caller would rather not."""
    event_id = str(uuid4())
    execution = execution_id(event_id)
    key = f"{data.customerId}:{data.entityId}"
    event = Event(
        event_id, topic, Results.group, parts.clock(), key, data, correlation=execution, traceparent=caller.traceparent
    )
    await parts.publisher.publish(event)
    ended = None if background == "1" else await _ended(parts, caller, execution)
    if ended is None:
        await _begun(parts, caller, execution)
        accepted = {
            "requestId": caller.request_id,
            "workflowExecutionId": execution,
            "entityId": data.entityId,
        }
        return answer(202, accepted)
    async with parts.engine.connect() as reading:
        (result,) = await results.workflow_results(reading, caller.customer_id, [ended])
        person = await results.person(reading, caller.customer_id, data.entityId)
        profile = await results.service_profile(reading, caller.customer_id, data.entityId, ended["service_name"])
    told = {"requestId": caller.request_id, "workflowResult": result, "individual": person, "serviceProfile": profile}
    return answer(200, told)


async def _ended(parts: Parts, caller: Caller, execution: str) -> queries.Row | None:
    """The execution's row, once the projection has its end and the person."""

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            row = await queries.execution(reading, caller.customer_id, execution)
            if row is None or row["ended_at"] is None:
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


async def _workflow(reading: AsyncConnection, service_name: str, workflow_name: str) -> None:
    """Refuse a workflow that is not known. `Name:3` and `Name:alias` are its versions, of which orchestration knows."""
    name, colon, version = workflow_name.partition(":")
    named_well = not colon or (version and ":" not in version)
    if not named_well or await queries.workflow(reading, service_name, name) is None:
        raise not_found("workflow", "path.workflowName")


def _plausible(person: IndividualJson, today: date) -> None:
    """Nobody is born after today."""
    born = person.dateOfBirth
    if born is not None and born.iso > today.isoformat()[: len(born.iso)]:
        text = "lies in the future"
        detail = Detail(text, "individual.dateOfBirth", "INVALID")
        raise Problem(422, "INVALID_REQUEST", f"individual.dateOfBirth: {text}", [detail])
