"""The reducer: an execution and an event give the next execution, what is to be done, and what there is to tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from libs.asl import ending, running, tasks, timers
from libs.asl.branch import Branch
from libs.asl.draft import Draft, HistoryFull, TaskToken
from libs.asl.effects import Effect
from libs.asl.errors import StateFailure, data_limit_exceeded
from libs.asl.events import Event, Stop, TaskFailed, TaskHeartbeat, TaskSucceeded
from libs.asl.execution import RUNNING, Execution
from libs.asl.history import HistoryEvent, without_nones
from libs.asl.machine import Machine
from libs.asl.outcomes import Start
from libs.asl.size import exceeds_limit
from libs.asl.timestamps import after


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
) -> Step:
    """A new execution, run until every branch of it stands still. `context` is merged into `$$`."""
    execution = Execution(execution_id, machine.content_hash, input, context or {}, _aware(now))
    draft = Draft(machine, execution, now, task_token)
    return _made(draft, _begin)


def step(
    machine: Machine, execution: Execution, event: Event, now: datetime, *, task_token: TaskToken = plain_token
) -> Step:
    """The execution after an event. The execution given stays as it is."""
    if execution.machine_hash != machine.content_hash:
        raise ValueError(f"execution {execution.id} was started with another machine ({execution.machine_hash})")
    if execution.status == RUNNING:
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
    effects = tuple(draft.effects)
    if effects:
        # A task scheduled by this step may have been cancelled by it, too.
        still_open = draft.execution.open_tasks
        effects = tuple(effect for effect in effects if effect.task_id in still_open)
    return Step(draft.execution, effects, tuple(draft.history), applied)


def _begin(draft: Draft) -> bool:
    execution, machine = draft.execution, draft.machine
    role = execution.context.get("Execution", {}).get("RoleArn")
    draft.emit("ExecutionStarted", 0, {"input": execution.input} | without_nones(roleArn=role))
    if exceeds_limit(execution.input):
        ending.fail(draft, data_limit_exceeded(execution.id, terminal=True), 1)
        return True
    if machine.timeout_seconds is not None:
        execution.timeout_at = after(draft.now, machine.timeout_seconds)
    draft.open_branch(None, Start(0, machine.start_at, execution.input, None), 0)
    running.run_ready(draft)
    return True


def _apply(draft: Draft, event: Event) -> bool:
    """False where the event changes nothing."""
    if isinstance(event, TaskSucceeded | TaskFailed | TaskHeartbeat):
        branch = tasks.awaiting(draft, event.task_id)
        return branch is not None and _answer(draft, branch, event)
    if isinstance(event, Stop):
        ending.abort(draft, event.error, event.cause)
        return True
    return timers.fire_due(draft)


def _answer(draft: Draft, branch: Branch, event: TaskSucceeded | TaskFailed | TaskHeartbeat) -> bool:
    if isinstance(event, TaskHeartbeat):
        return tasks.beat(draft, branch)
    if isinstance(event, TaskFailed):
        running.go_on(draft, branch, tasks.failed(draft, branch, StateFailure(event.error, event.cause)))
    elif (failure := tasks.succeeded(draft, branch, event.output)) is not None:
        running.go_on(draft, branch, failure)
    else:
        running.resume(draft, branch, event.output)
    return True


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    return now
