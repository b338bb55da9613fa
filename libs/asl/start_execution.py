"""A Task that starts another execution: what it answers with, in AWS's three shapes.

`states:startExecution` answers at once, `.sync` and `.sync:2` when the other execution has ended. The caller, who
starts it, hands its answer to the execution that waits.
"""

import json
from datetime import datetime
from typing import Any

from libs.asl import errors
from libs.asl.effects import ScheduleTask
from libs.asl.events import TaskFailed, TaskSucceeded
from libs.asl.execution import SUCCEEDED, Execution
from libs.asl.history import without_nones

_RESOURCE = "states:startExecution"
# Nothing is left out of a payload for its size.
_INCLUDED = {"Included": True}


def starts_execution(effect: ScheduleTask) -> bool:
    """The task is to start another execution: its parameters name the machine and the input."""
    return f":{_RESOURCE}" in effect.resource


def awaits_end(effect: ScheduleTask) -> bool:
    """The task is answered only when the other execution has ended."""
    return effect.resource.endswith((".sync", ".sync:2"))


def started(effect: ScheduleTask, other: Execution) -> TaskSucceeded:
    """The answer to a task that does not wait."""
    return TaskSucceeded(effect.task_id, {"ExecutionArn": other.id, "StartDate": _milliseconds(other.started_at)})


def ended(effect: ScheduleTask, other: Execution, stopped_at: datetime) -> TaskSucceeded | TaskFailed:
    """The answer to a task that waited for the end."""
    description = _described(effect, other, stopped_at, as_json=effect.resource.endswith(":2"))
    if other.status == SUCCEEDED:
        return TaskSucceeded(effect.task_id, description)
    return TaskFailed(effect.task_id, errors.TASK_FAILED, _text(description))


def _described(effect: ScheduleTask, other: Execution, stopped_at: datetime, *, as_json: bool) -> dict[str, Any]:
    """In the order of the names, as AWS has it."""
    shown = (lambda value: value) if as_json else _text
    description = {
        "ExecutionArn": other.id,
        "Input": shown(other.input),
        "InputDetails": _INCLUDED,
        "Name": effect.parameters.get("Name", other.id),
        "RedriveCount": other.redrives,
        "StartDate": _milliseconds(other.started_at),
        "StateMachineArn": effect.parameters.get("StateMachineArn"),
        "Status": other.status,
        "StopDate": _milliseconds(stopped_at),
        **without_nones(Error=other.error, Cause=other.cause),
        **_redrivable(other),
    }
    if other.status == SUCCEEDED:
        description |= {"Output": shown(other.output), "OutputDetails": _INCLUDED}
    return dict(sorted(description.items()))


def _redrivable(other: Execution) -> dict[str, str]:
    if other.status != SUCCEEDED:
        return {"RedriveStatus": "REDRIVABLE"}
    reason = f"Execution is {SUCCEEDED} and cannot be redriven"
    return {"RedriveStatus": "NOT_REDRIVABLE", "RedriveStatusReason": reason}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
