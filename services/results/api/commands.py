"""POST /v2/executions/{id}/…: stop an execution, redrive one that ended badly, say that a task is still worked on."""

from typing import Any

from fastapi import APIRouter, Response

from libs.events.message import Event
from libs.events.models import Application, CommandRequested, ExecutionCommand, ExecutionState, Individual
from services.results.api import models, queries
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.parts import Parts, PartsOf
from services.results.api.problems import answer, conflict, not_found
from services.results.fold import STATES
from services.results.service import Results

ONE = "/v2/executions/{workflowExecutionId}"

router = APIRouter(tags=["Commands"], responses=models.ERRORS | models.NOT_FOUND | models.INVALID | models.CONFLICT)

ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"model": models.Commanded, "description": "Published; the execution's history tells what came of it."}
}


@router.post(ONE + "/stop", status_code=202, summary="Stop an execution", responses=ACCEPTED)
async def stop(
    caller: CallerOf, parts: PartsOf, workflowExecutionId: Named, body: models.Stop | None = None
) -> Response:
    """It ends as CANCELED; answers that come later change nothing. One that has ended is refused."""
    row = await _found(parts, caller, workflowExecutionId)
    _refuse_ended(row)
    told = body or models.Stop()
    return await _command(parts, caller, row, ExecutionCommand.STOP, error=told.error, cause=told.cause)


@router.post(ONE + "/redrive", status_code=202, summary="Redrive an execution that ended badly", responses=ACCEPTED)
async def redrive(caller: CallerOf, parts: PartsOf, workflowExecutionId: Named) -> Response:
    """It goes on where it stood, and asks anew, of the person as known now, what was not answered.

    An override of the end that it goes on from stays on record; the status is the engine's again.
    """
    row = await _found(parts, caller, workflowExecutionId)
    if row["ended_at"] is None:
        raise conflict("the execution is still running", "path.workflowExecutionId")
    if row["state"] == STATES[ExecutionState.SUCCEEDED]:
        raise conflict("the execution has succeeded", "path.workflowExecutionId")
    async with parts.engine.connect() as reading:
        person = await queries.individual(reading, caller.customer_id, row["entity_id"])
        applied = await queries.application(reading, caller.customer_id, workflowExecutionId)
    if person is None:
        raise conflict("the person is not known yet", "path.workflowExecutionId")
    return await _command(
        parts,
        caller,
        row,
        ExecutionCommand.REDRIVE,
        sequence=row["sequence"],
        entityVersion=person["entity_version"],
        individual=Individual.model_validate(person["document"]),
        application=None if applied is None else Application.model_validate(applied["document"]),
    )


@router.post(ONE + "/heartbeat", status_code=202, summary="A task is still worked on", responses=ACCEPTED)
async def heartbeat(caller: CallerOf, parts: PartsOf, workflowExecutionId: Named, body: models.Heartbeat) -> Response:
    """Puts off the time after which the task's silence counts as a timeout (HeartbeatSeconds)."""
    row = await _found(parts, caller, workflowExecutionId)
    _refuse_ended(row)
    return await _command(parts, caller, row, ExecutionCommand.HEARTBEAT, taskToken=body.taskToken)


async def _found(parts: Parts, caller: Caller, execution_id: str) -> queries.Row:
    """An execution of which a step was told: then the engine has it, too."""
    async with parts.engine.connect() as reading:
        row = await queries.execution(reading, caller.customer_id, execution_id)
    if row is None:
        raise not_found("execution", "path.workflowExecutionId")
    if row["sequence"] == 0:
        raise conflict("the execution has not begun yet", "path.workflowExecutionId")
    return row


def _refuse_ended(row: queries.Row) -> None:
    if row["ended_at"] is not None:
        raise conflict("the execution has ended", "path.workflowExecutionId")


async def _command(parts: Parts, caller: Caller, row: queries.Row, command: ExecutionCommand, **given: Any) -> Response:
    """Publish a command; what comes of it is part of the execution's story."""
    caller.trail.before = {"workflowExecutionState": row["state"]}
    data = CommandRequested(
        commandId=caller.new_id("command"),
        customerId=caller.customer_id,
        entityId=row["entity_id"],
        workflowExecutionId=row["execution_id"],
        command=command,
        requestedBy=caller.username,
        requestId=caller.request_id,
        requestedAt=parts.clock(),
        **given,
    )
    await parts.publisher.publish(
        Event(
            data.commandId,
            "command.requested",
            Results.group,
            data.requestedAt,
            f"{data.customerId}:{data.entityId}",
            data,
            correlation=data.workflowExecutionId,
            traceparent=caller.traceparent,
        )
    )
    told = {"commandId": data.commandId, "workflowExecutionId": data.workflowExecutionId}
    return answer(202, {"requestId": caller.request_id, **told})
