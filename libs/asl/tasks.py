"""Scheduling tasks, and taking their answers."""

from dataclasses import replace
from typing import Any

from libs.asl import errors
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.effects import ScheduleTask
from libs.asl.errors import StateFailure, data_limit_exceeded
from libs.asl.history import without_nones
from libs.asl.outcomes import CallTask
from libs.asl.resource import Resource
from libs.asl.size import MAX_BYTES
from libs.asl.states.task import Task
from libs.asl.timestamps import after
from libs.asl.waiting import AwaitedTask


def schedule(draft: Draft, branch: Branch, call: CallTask) -> None:
    """Have the caller start a task, and wait for it."""
    resource, now = _resource(draft, branch), draft.now
    details = resource.scheduled_details(call.parameters, call.timeout_seconds, call.heartbeat_seconds)
    task_id = draft.record(branch, f"{resource.prefix}Scheduled", details)
    draft.record(branch, f"{resource.prefix}Started", resource.details())
    timeout_at = None if call.timeout_seconds is None else after(now, call.timeout_seconds)
    heartbeat_at = None if call.heartbeat_seconds is None else after(now, call.heartbeat_seconds)
    branch.waiting = AwaitedTask(task_id, timeout_at, heartbeat_at, call.heartbeat_seconds)
    draft.opened.append(branch)
    attempt = branch.retry_count
    draft.effects.append(ScheduleTask(task_id, branch.state, resource.name, call.parameters, attempt, timeout_at))


def awaiting(draft: Draft, task_id: int) -> Branch | None:
    """The branch that waits for a task; None for a task that is closed, or never was."""
    for branch in draft.execution.branches.values():
        if isinstance(branch.waiting, AwaitedTask) and branch.waiting.task_id == task_id:
            return draft.own(branch.id)
    return None


def submitted(draft: Draft, branch: Branch, output: Any) -> bool:
    """Record that a task was handed over; False where it was before, or is answered at once."""
    awaited, resource = branch.waiting, _resource(draft, branch)
    assert isinstance(awaited, AwaitedTask)
    if awaited.submitted or not resource.is_answered_later:
        return False
    draft.record(branch, "TaskSubmitted", resource.details() | without_nones(output=output))
    branch.waiting = replace(awaited, submitted=True)
    return True


def succeeded(draft: Draft, branch: Branch, output: Any, size: int) -> StateFailure | None:
    """Record the answer; a failure where it is too large, which counts as the task's own."""
    resource = _resource(draft, branch)
    if size > MAX_BYTES:
        return failed(draft, branch, data_limit_exceeded(resource.shown(), terminal=False))
    _tell_submitted(draft, branch)
    draft.record(branch, f"{resource.prefix}Succeeded", resource.details() | {"output": output})
    return None


def failed(draft: Draft, branch: Branch, failure: StateFailure, how: str = "Failed") -> StateFailure:
    """Record that the task failed."""
    resource = _resource(draft, branch)
    _tell_submitted(draft, branch)
    details = resource.details() | without_nones(error=failure.error, cause=failure.cause)
    draft.record(branch, f"{resource.prefix}{how}", details)
    return failure


def timed_out(draft: Draft, branch: Branch, awaited: AwaitedTask) -> StateFailure:
    """Record that the task's time is over, or that it fell silent."""
    over = awaited.timeout_at is not None and awaited.timeout_at <= draft.now
    failure = StateFailure(errors.TIMEOUT if over else errors.HEARTBEAT_TIMEOUT, None)
    return failed(draft, branch, failure, "TimedOut")


def _tell_submitted(draft: Draft, branch: Branch) -> None:
    """What is answered, or not in time, was handed over, though nobody may have told."""
    submitted(draft, branch, None)


def beat(draft: Draft, branch: Branch) -> bool:
    """Put the heartbeat's timeout off; False where the task has none."""
    awaited = branch.waiting
    assert isinstance(awaited, AwaitedTask)
    if awaited.heartbeat_seconds is None or awaited.heartbeat_at is None:
        return False
    # A heartbeat that comes out of order never shortens the time that a later one gave.
    heartbeat_at = max(awaited.heartbeat_at, after(draft.now, awaited.heartbeat_seconds))
    branch.waiting = replace(awaited, heartbeat_at=heartbeat_at)
    return True


def _resource(draft: Draft, branch: Branch) -> Resource:
    task = draft.state_of(branch)
    assert isinstance(task, Task)
    return task.resource
