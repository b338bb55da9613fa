"""Moving branches on until every one of them stands still: the one place that decides what comes next."""

from typing import Any

from libs.asl import branching, failing, files, tasks
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.errors import StateFailure
from libs.asl.evaluation import execute, finish
from libs.asl.outcomes import CallFile, CallTask, Fork, Gathered, Joined, Leave, Move, Pause, Result
from libs.asl.waiting import Delay


def try_again(draft: Draft, branch: Branch) -> None:
    """Execute the state where a branch stands."""
    go_on(draft, branch, execute(draft, branch))


def resume(draft: Draft, branch: Branch, result: Any, size: int) -> None:
    """What a branch stopped for has come."""
    go_on(draft, branch, finish(draft, branch, result, size))


def go_on(draft: Draft, branch: Branch, result: Result) -> None:
    """Move a branch on, then those that it opened."""
    _run(draft, (branch, result))
    run_ready(draft)


def run_ready(draft: Draft) -> None:
    """Give every branch that was opened its turn."""
    while draft.ready:
        opened = draft.execution.branches.get(draft.ready.popleft())
        # A branch may have been cancelled before its turn came.
        if opened is not None:
            _enter(draft, opened)
            _run(draft, (opened, execute(draft, opened)))


def move(draft: Draft, moved: Move | None) -> None:
    """Make a move, and those that follow from it."""
    _run(draft, moved)
    run_ready(draft)


def _run(draft: Draft, move: Move | None) -> None:
    while move is not None:
        move = _next_move(draft, *move)


def _next_move(draft: Draft, branch: Branch, result: Result) -> Move | None:
    """Apply a result to its branch; None where the branch then stands still."""
    if type(result) is Leave:
        return _leave(draft, branch, result)
    if isinstance(result, StateFailure):
        return failing.fail(draft, branch, result)
    if isinstance(result, Joined):
        return branch, finish(draft, branch, result.outputs, result.bytes)
    if isinstance(result, CallTask):
        tasks.schedule(draft, branch, result)
    elif isinstance(result, Pause):
        branch.waiting = Delay(result.until, branch.entered_id, retry=False)
        draft.opened.append(branch)
    elif isinstance(result, Fork):
        return branching.fork(draft, branch, result)
    elif isinstance(result, Gathered):
        return files.write_or_complete(draft, branch, result)
    elif isinstance(result, CallFile):
        files.read(draft, branch, result)
    return None


def _enter(draft: Draft, branch: Branch) -> None:
    """A branch has come to a state."""
    state = draft.machine.states[branch.state]
    branch.entered_previous_id = branch.previous_event_id
    branch.entered_id = draft.record(branch, state.entered_type, {"name": state.name, "input": branch.input})
    branch.entered_at = draft.now


def _leave(draft: Draft, branch: Branch, leave: Leave) -> Move | None:
    state = draft.machine.states[branch.state]
    details = {"name": state.name, "output": leave.output}
    if leave.assigned is not None:
        details["assignedVariables"] = leave.assigned
        branch.variables = {**branch.variables, **leave.assigned}
    draft.record(branch, state.exited_type, details)
    if leave.next is None:
        return branching.end(draft, branch, leave.output, leave.bytes)
    branch.move(leave.next, leave.output, leave.bytes)
    _enter(draft, branch)
    return branch, execute(draft, branch)
