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
    return TaskFailed(effect.task_id, errors.TASK_FAILED, json.dumps(description, ensure_ascii=False))


def _described(effect: ScheduleTask, other: Execution, stopped_at: datetime, *, as_json: bool) -> dict[str, Any]:
    shown = (lambda value: value) if as_json else (lambda value: json.dumps(value, ensure_ascii=False))
    return {
        "ExecutionArn": other.id,
        "StateMachineArn": effect.parameters.get("StateMachineArn"),
        "Name": effect.parameters.get("Name", other.id),
        "Status": other.status,
        "StartDate": _milliseconds(other.started_at),
        "StopDate": _milliseconds(stopped_at),
        "Input": shown(other.input),
        **({"Output": shown(other.output)} if other.status == SUCCEEDED else {}),
        **without_nones(Error=other.error, Cause=other.cause),
    }


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
