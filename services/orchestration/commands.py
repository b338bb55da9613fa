"""What people ask of an execution that is there: that it stop, go on after a bad end, or wait longer for a task."""

from collections.abc import Iterable

from libs.asl import Event as MachineEvent
from libs.asl import Redrive, Stop, TaskHeartbeat
from libs.asl.execution import RUNNING
from libs.events.message import Event
from libs.events.models import CommandRequested, ExecutionCommand
from services.orchestration.kept import Kept
from services.orchestration.tokens import BadToken, Tokens


class Refused(ValueError):
    """The command cannot be meant for any execution, whenever it comes: `reason` is its code."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def commanded(events: Iterable[Event]) -> set[tuple[str, str]]:
    """The (customer, execution) that commands are for."""
    return {
        (event.data.customerId, event.data.workflowExecutionId)
        for event in events
        if isinstance(event.data, CommandRequested)
    }


def meant(data: CommandRequested, kept: Kept | None, tokens: Tokens) -> MachineEvent | None:
    """What a command is to the workflow; None for a redrive of what has gone on since. Raises Refused."""
    if kept is None or kept.entity_id != data.entityId:
        raise Refused("UNKNOWN_EXECUTION", f"no execution {data.workflowExecutionId} of this person")
    if data.command is ExecutionCommand.STOP:
        return Stop(data.error, data.cause)
    if data.command is ExecutionCommand.HEARTBEAT:
        return TaskHeartbeat(_task(data, tokens))
    if kept.kin.item:
        raise Refused("ITEM_OF_A_MAP", f"it goes on with a redrive of {kept.kin.parent_id}, whose Map it is an item of")
    if data.individual is None:
        raise Refused("NO_PERSON", "a redrive needs the person: of an execution that has ended none is kept")
    return Redrive() if data.sequence in (None, kept.sequence) else None


def take_person(kept: Kept, data: CommandRequested) -> None:
    """What is asked anew is asked of the person, and on the application, as the command has them; an execution that
    runs keeps its own."""
    if kept.execution.status == RUNNING:
        return
    assert data.individual is not None, "a redrive without a person is refused"
    kept.individual = data.individual.model_dump_json(exclude_defaults=True)
    kept.application = None if data.application is None else data.application.model_dump_json(exclude_defaults=True)
    kept.entity_version = kept.entity_version if data.entityVersion is None else data.entityVersion


def _task(data: CommandRequested, tokens: Tokens) -> int:
    try:
        execution_id, task_id = tokens.read(data.taskToken or "")
    except BadToken as error:
        raise Refused("BAD_TOKEN", str(error)) from None
    if execution_id != data.workflowExecutionId:
        raise Refused("BAD_TOKEN", "the task token is of another execution")
    return task_id
