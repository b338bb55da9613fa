"""Forking into the branches of a Parallel or Map, and joining them."""

from typing import Any

from libs.asl import ending
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.outcomes import Fork, Joined, Move
from libs.asl.waiting import Join


def fork(draft: Draft, branch: Branch, forked: Fork) -> Move | None:
    """Open the branches that a state waits for."""
    kind = draft.state_of(branch).kind
    join = branch.waiting = Join([None] * len(forked.starts), 0, forked.width, tuple(forked.starts))
    draft.record(branch, f"{kind}StateStarted", {"length": len(forked.starts)} if kind == "Map" else {})
    _start_pending(draft, branch, join)
    return None if forked.starts else _joined(draft, branch, join)


def end(draft: Draft, branch: Branch, output: Any) -> Move | None:
    """A branch has ended well: so has the execution, or the branch's part in its Parallel or Map."""
    del draft.execution.branches[branch.id]
    if branch.parent is None:
        ending.succeed(draft, output, branch.previous_event_id)
        return None
    parent = draft.own(branch.parent)
    join = parent.waiting
    assert isinstance(join, Join)
    join.results[branch.index] = output
    join.running -= 1
    last_event_id = _iteration_event(draft, parent, branch, "Succeeded")
    parent.previous_event_id = branch.previous_event_id
    _start_pending(draft, parent, join)
    if join.running:
        return None
    parent.previous_event_id = last_event_id
    return _joined(draft, parent, join)


def fail(draft: Draft, branch: Branch) -> Branch:
    """A branch has failed: its siblings are cancelled; the branch of the Parallel or Map, which fails with it."""
    assert branch.parent is not None
    parent = draft.own(branch.parent)
    _cancel_children(draft, parent)
    parent.previous_event_id = branch.previous_event_id
    _iteration_event(draft, parent, branch, "Failed")
    return parent


def _start_pending(draft: Draft, branch: Branch, join: Join) -> None:
    state = draft.state_of(branch)
    while (start := join.take()) is not None:
        child = draft.open_branch(branch, start, branch.previous_event_id)
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
    draft.emit(f"{draft.state_of(branch).kind}StateSucceeded", branch.previous_event_id, {})
    return branch, Joined(join.results)


def _cancel_children(draft: Draft, branch: Branch) -> None:
    """The branches stop where they are: late answers to their tasks find nobody."""
    branches, parents = draft.execution.branches, {branch.id}
    # A branch is always younger than its parent, so that one pass in the order of ids finds all.
    for branch_id in sorted(branches):
        if branches[branch_id].parent in parents:
            parents.add(branch_id)
            del branches[branch_id]
