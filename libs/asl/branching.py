"""Forking into the branches of a Parallel or Map, and joining them."""

from typing import Any

from libs.asl import aborting, child_executions, ending, errors
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.errors import StateFailure
from libs.asl.outcomes import Fork, Gathered, Joined, Move
from libs.asl.waiting import AwaitedTask, Join


def fork(draft: Draft, branch: Branch, forked: Fork) -> Move | None:
    """Open the branches that a state waits for."""
    kind = draft.state_of(branch).kind
    draft.record(branch, f"{kind}StateStarted", {"length": len(forked.starts)} if kind == "Map" else {})
    if forked.failure is not None:
        return branch, forked.failure
    if forked.tolerance is not None and (failure := child_executions.inputs_too_large(branch.state, forked.starts)):
        return branch, failure
    join = branch.waiting = Join([None] * len(forked.starts), forked.width, tuple(forked.starts))
    if forked.tolerance is not None:
        join.tolerance = forked.tolerance
        join.width = min(forked.width or child_executions.MOST_AT_ONCE, child_executions.MOST_AT_ONCE)
        join.map_run = child_executions.start_map_run(draft, branch)
    return _go_on(draft, branch, join)


def end(draft: Draft, branch: Branch, output: Any, size: int) -> Move | None:
    """A branch has ended well: so has the execution, or the branch's part in its Parallel or Map."""
    if branch.parent is None:
        draft.close_branch(branch)
        ending.succeed(draft, output, branch.previous_event_id)
        return None
    parent, join = _take_result(draft, branch, output, size)
    last_event_id = _iteration_event(draft, parent, branch, "Succeeded")
    parent.previous_event_id = branch.previous_event_id
    _start_pending(draft, parent, join)
    if join.running:
        return None
    parent.previous_event_id = last_event_id
    return _joined(draft, parent, join)


def end_child(draft: Draft, branch: Branch, output: Any, size: int) -> Move | None:
    """A child execution has ended well."""
    parent, join = _take_result(draft, branch, output, size)
    failure = child_executions.results_too_large(parent.state, join)
    return _go_on(draft, parent, join) if failure is None else _fail_map_run(draft, parent, failure)


def fail_child(draft: Draft, branch: Branch) -> Move | None:
    """A child execution has failed: so has its Map, unless that tolerates it."""
    assert branch.parent is not None
    parent = draft.own(branch.parent)
    join = parent.waiting
    assert isinstance(join, Join)
    failure = child_executions.fail(branch, join)
    return _go_on(draft, parent, join) if failure is None else _fail_map_run(draft, parent, failure)


def _fail_map_run(draft: Draft, branch: Branch, failure: StateFailure) -> Move:
    child_executions.fail_map_run(draft, branch, failure)
    cancel_children(draft, branch)
    return branch, failure.around()


def fail(draft: Draft, branch: Branch, failure: StateFailure) -> Branch:
    """A branch has failed: its siblings are cancelled; the branch of the Parallel or Map, which fails with it."""
    assert branch.parent is not None
    parent = draft.own(branch.parent)
    cancelled = cancel_children(draft, parent)
    parent.previous_event_id = branch.previous_event_id
    if failure.error == errors.RUNTIME:
        # AWS tells of nothing more on the way out.
        return parent
    if isinstance(branch.waiting, AwaitedTask):
        draft.emit("TaskStateAborted", branch.previous_event_id, {})
    aborting.tell(draft, parent, [other for other in cancelled if other is not branch], branch.previous_event_id)
    _iteration_event(draft, parent, branch, "Failed")
    return parent


def cancel_children(draft: Draft, branch: Branch) -> list[Branch]:
    """The branches stop where they are: late answers to their tasks find nobody."""
    branches, parents = draft.execution.branches, {branch.id}
    cancelled = []
    # A branch is always younger than its parent, so that one pass in the order of ids finds all.
    for branch_id in sorted(branches):
        child = branches[branch_id]
        if child.parent in parents:
            parents.add(branch_id)
            draft.cancelled[branch_id] = child
            draft.close_branch(child)
            cancelled.append(child)
    return cancelled


def complete(draft: Draft, branch: Branch, result: Any, size: int, map_run: str | None) -> Move:
    """All that a Parallel or Map waited for has come."""
    last_event_id = branch.previous_event_id
    if map_run is not None:
        last_event_id = draft.emit("MapRunSucceeded", last_event_id, {})
    draft.emit(f"{draft.state_of(branch).kind}StateSucceeded", last_event_id, {})
    return branch, Joined(result, size)


def _take_result(draft: Draft, branch: Branch, output: Any, size: int) -> tuple[Branch, Join]:
    del draft.execution.branches[branch.id]
    assert branch.parent is not None
    parent = draft.own(branch.parent)
    join = parent.waiting
    assert isinstance(join, Join)
    join.take_result(branch.index, output, size)
    return parent, join


def _go_on(draft: Draft, branch: Branch, join: Join) -> Move | None:
    _start_pending(draft, branch, join)
    return None if join.running else _joined(draft, branch, join)


def _start_pending(draft: Draft, branch: Branch, join: Join) -> None:
    state = draft.state_of(branch)
    while (start := join.take()) is not None:
        child = draft.open_branch(branch, start, branch.previous_event_id)
        if join.map_run is not None:
            child_executions.start(draft, child, state.name, join.map_run)
            continue
        draft.ready.append(child.id)
        if state.kind == "Map":
            draft.record(child, "MapIterationStarted", {"name": state.name, "index": child.index})


def _iteration_event(draft: Draft, parent: Branch, branch: Branch, how: str) -> int:
    """Only a Map tells of each of its branches; the id of the last event."""
    state = draft.state_of(parent)
    if state.kind != "Map":
        return branch.previous_event_id
    details = {"name": state.name, "index": branch.index}
    return draft.emit(f"MapIteration{how}", branch.previous_event_id, details)


def _joined(draft: Draft, branch: Branch, join: Join) -> Move:
    if join.map_run is None:
        return complete(draft, branch, join.outputs(), join.bytes, None)
    outputs = join.outputs()
    for child in [child for child in draft.execution.branches.values() if child.parent == branch.id]:
        # What is left are child executions whose failure was tolerated.
        draft.close_branch(child)
    join.failed = ()
    return branch, Gathered(outputs, join.bytes, join.map_run)
