"""Child executions: the items of a distributed Map, each an execution of its own, together a Map run."""

from collections.abc import Sequence
from dataclasses import replace

from libs.asl import seeded
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.effects import StartChild
from libs.asl.errors import StateFailure, data_limit_exceeded
from libs.asl.history import without_nones
from libs.asl.outcomes import Start
from libs.asl.size import bytes_of
from libs.asl.states.map import Map
from libs.asl.tolerance import Tolerance, threshold_exceeded
from libs.asl.waiting import AwaitedChild, Join

# So many child executions of a Map run at once, whatever its MaxConcurrency.
MOST_AT_ONCE = 1000
# So much may be given to all of them together, and come from them: it stands in the document of the execution.
MOST_BYTES = 32 * 1024 * 1024


def start_map_run(draft: Draft, branch: Branch) -> str:
    """Name a Map run, and tell of its start."""
    state = draft.state_of(branch)
    assert isinstance(state, Map)
    name = f"{_base(draft)}/{state.label or state.name}:{seeded.uuid(draft.seed())}"
    map_run = name.replace(":execution:", ":mapRun:")
    draft.record(branch, "MapRunStarted", {"mapRunArn": map_run})
    return map_run


def inputs_too_large(state: str, starts: Sequence[Start]) -> StateFailure | None:
    """The failure of a Map whose items are given too much; their sizes are bounds, so that it may be measured."""
    if sum(start.bytes for start in starts) <= MOST_BYTES:
        return None
    return _too_large(state, bytes_of([start.input for start in starts]))


def results_too_large(state: str, join: Join) -> StateFailure | None:
    """The failure of a Map whose items have given too much."""
    return _too_large(state, join.bytes)


def _too_large(state: str, size: int) -> StateFailure | None:
    return data_limit_exceeded(state, terminal=True) if size > MOST_BYTES else None


def is_awaited(draft: Draft, child_id: int) -> bool:
    """The end of a child execution is still waited for."""
    child = draft.execution.branches.get(child_id)
    return child is not None and isinstance(child.waiting, AwaitedChild) and not child.waiting.failed


def start(draft: Draft, child: Branch, state: str, map_run: str) -> None:
    """Have the caller start a child execution, and wait for its end."""
    name = seeded.uuid(f"{map_run}/{child.index}")
    execution_id = f"{map_run.replace(':mapRun:', ':execution:').rpartition(':')[0]}:{name}"
    child.waiting = AwaitedChild(execution_id)
    draft.effects.append(_effect(draft, child, state, execution_id, redriven=False))


def restart(draft: Draft, child: Branch) -> None:
    """Have the caller go on with a child execution that failed or was stopped, and tell of it under a new id."""
    waiting = child.waiting
    assert isinstance(waiting, AwaitedChild)
    assert child.parent is not None
    child.waiting = replace(waiting, failed=False)
    draft.rename(child)
    state = draft.execution.branches[child.parent].state
    draft.effects.append(_effect(draft, child, state, waiting.execution_id, redriven=True))


def fail(child: Branch, join: Join) -> StateFailure | None:
    """A child execution has failed; the failure of its Map where that is one too many."""
    waiting = child.waiting
    assert isinstance(waiting, AwaitedChild)
    child.waiting = replace(waiting, failed=True)
    join.failed = (*join.failed, child.index)
    join.running -= 1
    tolerance = join.tolerance or Tolerance(None, None)
    return threshold_exceeded() if tolerance.exceeded(len(join.failed), len(join.results)) else None


def fail_map_run(draft: Draft, branch: Branch, failure: StateFailure) -> None:
    """Tell that a Map run has failed."""
    draft.record(branch, "MapRunFailed", without_nones(error=failure.error, cause=failure.cause))


def _effect(draft: Draft, child: Branch, state: str, execution_id: str, *, redriven: bool) -> StartChild:
    given = draft.execution.context
    around = {name: value for name, value in given.get("Execution", {}).items() if name not in ("Id", "Name")}
    return StartChild(child.id, execution_id, state, child.input, {**given, "Execution": around}, redriven)


def _base(draft: Draft) -> str:
    """`…:execution:machine:name` has Map runs `…:mapRun:machine/label:id`; any other id is put before the label."""
    execution_id = draft.execution.id
    return execution_id.rpartition(":")[0] if ":execution:" in execution_id else execution_id
