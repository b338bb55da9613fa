"""What is told of branches that are cancelled because another one failed: the state where each of them stood.

AWS tells of them before it tells that the Parallel or Map around them failed. They all have the event with which the
branch failed as their previous one.
"""

from collections.abc import Iterable

from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.states.state import State
from libs.asl.waiting import AwaitedFile, Join


def tell(draft: Draft, parent: Branch, cancelled: Iterable[Branch], event_id: int) -> None:
    """Tell of the branches of a Parallel or Map, and of those inside them, outer ones first."""
    inside: dict[int | None, list[Branch]] = {}
    for branch in cancelled:
        inside.setdefault(branch.parent, []).append(branch)
    _tell_inside(draft, parent, inside, event_id)


def _tell_inside(draft: Draft, parent: Branch, inside: dict[int | None, list[Branch]], event_id: int) -> None:
    around = draft.state_of(parent)
    for branch in inside.get(parent.id, ()):
        _tell_of(draft, around, branch, event_id)
        if not _has_map_run(branch):
            _tell_inside(draft, branch, inside, event_id)


def _tell_of(draft: Draft, around: State, branch: Branch, event_id: int) -> None:
    if around.kind == "Map":
        draft.emit("MapIterationAborted", event_id, {"name": around.name, "index": branch.index})
    if branch.entered_id:
        draft.emit(f"{draft.state_of(branch).kind}StateAborted", event_id, {})
    if _has_map_run(branch):
        # Its items are executions of their own, which tell of themselves.
        draft.emit("MapRunAborted", event_id, {})


def _has_map_run(branch: Branch) -> bool:
    return isinstance(branch.waiting, Join | AwaitedFile) and branch.waiting.map_run is not None
