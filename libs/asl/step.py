"""The reducer: an execution and an event give the next execution, what is to be done, and what there is to tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from libs.asl import branching, child_executions, ending, files, redriving, running, tasks, timers
from libs.asl.branch import Branch
from libs.asl.draft import Draft, HistoryFull, TaskToken
from libs.asl.effects import Effect, ScheduleTask, StartChild, StopChild
from libs.asl.errors import StateFailure, data_limit_exceeded
from libs.asl.events import (
    ChildEvent,
    ChildSucceeded,
    Event,
    FileEvent,
    FileSucceeded,
    Redrive,
    Stop,
    TaskEvent,
    TaskFailed,
    TaskHeartbeat,
    TaskSubmitted,
)
from libs.asl.execution import RUNNING, Execution
from libs.asl.history import HistoryEvent, without_nones
from libs.asl.machine import Machine
from libs.asl.outcomes import Start
from libs.asl.size import MAX_BYTES, bytes_of
from libs.asl.timestamps import after
from libs.asl.waiting import AwaitedFile


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an event. Not `applied`: it was late, repeated or for a closed attempt, and changed nothing."""

    execution: Execution
    effects: tuple[Effect, ...]
    history: tuple[HistoryEvent, ...]
    applied: bool


def plain_token(execution_id: str, task_id: int) -> str:
    """A token that anybody could guess; a caller who gives tokens away passes one with a MAC."""
    return f"{execution_id}:{task_id}"


def start(
    machine: Machine,
    *,
    execution_id: str,
    input: Any,
    now: datetime,
    context: Mapping[str, Any] | None = None,
    task_token: TaskToken = plain_token,
    map_state: str | None = None,
) -> Step:
    """A new execution, run until every branch of it stands still. `context` is merged into `$$`.

    With a `map_state` it is a child execution, which works on one item of that distributed Map.
    """
    execution = Execution(execution_id, machine.content_hash, input, context or {}, _aware(now))
    execution.map_state = map_state
    draft = Draft(machine, execution, now, task_token)
    return _made(draft, _begin)


def step(
    machine: Machine, execution: Execution, event: Event, now: datetime, *, task_token: TaskToken = plain_token
) -> Step:
    """The execution after an event. The execution given stays as it is."""
    if execution.machine_hash != machine.content_hash:
        raise ValueError(f"execution {execution.id} was started with another machine ({execution.machine_hash})")
    if execution.status == RUNNING or isinstance(event, Redrive):
        made = _made(Draft(machine, execution.copy(), _aware(now), task_token), lambda draft: _apply(draft, event))
        if made.applied:
            return made
    return Step(execution, (), (), applied=False)


def _made(draft: Draft, change: Callable[[Draft], bool]) -> Step:
    try:
        applied = change(draft)
    except HistoryFull:
        ending.history_full(draft)
        applied = True
    effects = tuple(effect for effect in draft.effects if _is_wanted(draft, effect))
    return Step(draft.execution, effects, tuple(draft.history), applied)


def _is_wanted(draft: Draft, effect: Effect) -> bool:
    """What this step asked for it may have cancelled, too."""
    execution = draft.execution
    if isinstance(effect, ScheduleTask):
        return effect.task_id in execution.open_tasks
    if isinstance(effect, StartChild):
        return child_executions.is_awaited(draft, effect.child_id)
    if isinstance(effect, StopChild):
        started = (other.child_id for other in draft.effects if isinstance(other, StartChild))
        return effect.child_id not in started
    return effect.file_id in execution.open_files


def _begin(draft: Draft) -> bool:
    execution, machine = draft.execution, draft.machine
    role = execution.context.get("Execution", {}).get("RoleArn")
    draft.emit("ExecutionStarted", 0, {"input": execution.input} | without_nones(roleArn=role))
    size = bytes_of(execution.input)
    if size > MAX_BYTES:
        ending.fail(draft, data_limit_exceeded(execution.id, terminal=True), 1)
        return True
    start_at = machine.start_at_of(execution.map_state)
    if machine.timeout_seconds is not None and execution.map_state is None:
        execution.timeout_at = after(draft.now, machine.timeout_seconds)
    draft.ready.append(draft.open_branch(None, Start(0, start_at, execution.input, None, size), 0).id)
    running.run_ready(draft)
    return True


def _apply(draft: Draft, event: Event) -> bool:
    """False where the event changes nothing."""
    if isinstance(event, TaskEvent):
        branch = tasks.awaiting(draft, event.task_id)
        return branch is not None and _apply_to_task(draft, branch, event)
    if isinstance(event, ChildEvent):
        return _apply_to_child(draft, event)
    if isinstance(event, FileEvent):
        return _apply_to_file(draft, event)
    if isinstance(event, Stop):
        ending.abort(draft, event.error, event.cause)
        return True
    return redriving.redrive(draft) if isinstance(event, Redrive) else timers.fire_due(draft)


def _apply_to_task(draft: Draft, branch: Branch, event: TaskEvent) -> bool:
    if isinstance(event, TaskHeartbeat):
        return tasks.beat(draft, branch)
    if isinstance(event, TaskSubmitted):
        return tasks.submitted(draft, branch, event.output)
    if isinstance(event, TaskFailed):
        running.go_on(draft, branch, tasks.failed(draft, branch, StateFailure(event.error, event.cause)))
        return True
    size = bytes_of(event.output)
    failure = tasks.succeeded(draft, branch, event.output, size)
    if failure is not None:
        running.go_on(draft, branch, failure)
    else:
        running.resume(draft, branch, event.output, size)
    return True


def _apply_to_child(draft: Draft, event: ChildEvent) -> bool:
    if not child_executions.is_awaited(draft, event.child_id):
        return False
    branch = draft.own(event.child_id)
    if isinstance(event, ChildSucceeded):
        running.move(draft, branching.end_child(draft, branch, event.output, bytes_of(event.output)))
    else:
        running.move(draft, branching.fail_child(draft, branch))
    return True


def _apply_to_file(draft: Draft, event: FileEvent) -> bool:
    branch = files.awaiting(draft, event.file_id)
    if branch is None:
        return False
    awaited = branch.waiting
    assert isinstance(awaited, AwaitedFile)
    if isinstance(event, FileSucceeded):
        running.move(draft, files.succeeded(draft, branch, awaited, event.output))
    else:
        running.move(draft, files.failed(draft, branch, awaited, event.cause))
    return True


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    return now
