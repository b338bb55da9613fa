"""Redrive: an execution that ended badly goes on with what did not succeed."""

from libs.asl import child_executions, running
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.execution import ABORTED, FAILED, RUNNING, TIMED_OUT
from libs.asl.history import EVENT_LIMIT
from libs.asl.timestamps import after
from libs.asl.waiting import AwaitedChild, Delay, Join


def redrive(draft: Draft) -> bool:
    """False where the execution cannot be redriven: it runs, has succeeded, or has no room for more history."""
    execution = draft.execution
    bad = execution.status in (FAILED, TIMED_OUT, ABORTED)
    if not bad or not execution.stopped or execution.last_event_id >= EVENT_LIMIT - 1:
        return False
    _reopen(draft)
    event_id = draft.emit("ExecutionRedriven", 0, {"redriveCount": execution.redrives})
    for branch_id in sorted(execution.branches):
        # An earlier one may have failed again, and the whole execution with it.
        if branch_id in execution.branches:
            _go_on(draft, draft.own(branch_id), event_id)
    running.run_ready(draft)
    return True


def _reopen(draft: Draft) -> None:
    execution = draft.execution
    execution.branches, execution.stopped = dict(execution.stopped), {}
    execution.status, execution.error, execution.cause = RUNNING, None, None
    execution.redrives += 1
    execution.redriven_at = draft.now
    if draft.machine.timeout_seconds is not None and execution.map_state is None:
        execution.timeout_at = after(draft.now, draft.machine.timeout_seconds)


def _go_on(draft: Draft, branch: Branch, event_id: int) -> None:
    waiting = branch.waiting
    if isinstance(waiting, AwaitedChild):
        child_executions.restart(draft, branch)
    elif isinstance(waiting, Join) and (waiting.running or waiting.failed):
        _go_on_with_branches(draft, branch, waiting, event_id)
    elif isinstance(waiting, Delay) and not waiting.retry:
        # A Wait state waits until the time that it was to wait for.
        draft.opened.append(branch)
    elif not branch.entered_id:
        # It was opened in the step that cancelled it.
        draft.ready.append(branch.id)
    else:
        branch.waiting, branch.attempts, branch.previous_event_id = None, (), event_id
        running.try_again(draft, branch)


def _go_on_with_branches(draft: Draft, branch: Branch, join: Join, event_id: int) -> None:
    """The branches that succeeded keep their results, the others go on below."""
    branch.attempts = ()
    if join.map_run is not None:
        join.running += len(join.failed)
        join.failed = ()
        branch.previous_event_id = event_id
        draft.record(branch, "MapRunRedriven", {"mapRunArn": join.map_run, "redriveCount": draft.execution.redrives})
