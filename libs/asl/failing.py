"""What becomes of a failure: another attempt, a catcher's state, or the failure of what is around."""

from libs.asl import branching, ending, errors
from libs.asl.branch import Branch
from libs.asl.draft import Draft
from libs.asl.error_equals import matches
from libs.asl.errors import StateFailure
from libs.asl.evaluation import BranchScope, check_limits
from libs.asl.history import without_nones
from libs.asl.outcomes import Leave, Move
from libs.asl.timestamps import after
from libs.asl.waiting import Delay


def fail(draft: Draft, branch: Branch, failure: StateFailure) -> Move | None:
    """The state where a branch stands has failed."""
    failure = _at_its_place(branch, failure)
    if failure.location is not None:
        _tell_evaluation(draft, branch, failure)
    if _retry(draft, branch, failure):
        draft.cancelled.clear()
        return None
    before = branch.previous_event_id
    _tell_of_state(draft, branch, failure)
    try:
        caught = _caught(draft, branch, failure)
    except StateFailure as worse:
        # What catching failed with is not caught here again: that might go on for ever.
        failure, caught = _at_its_place(branch, worse), None
        branch.previous_event_id = before
        if failure.location is not None:
            _tell_evaluation(draft, branch, failure)
        _tell_of_state(draft, branch, failure)
    if caught is not None:
        draft.cancelled.clear()
        return branch, caught
    if branch.parent is None:
        ending.fail(draft, failure, draft.execution.last_event_id)
        return None
    return branching.fail(draft, branch, failure), failure.around()


def _tell_of_state(draft: Draft, branch: Branch, failure: StateFailure) -> None:
    """A Map or Parallel tells of its failure, unless that is one that nothing catches."""
    kind = draft.state_of(branch).kind
    of_state = failure.of_branch or (failure.location is not None and kind in ("Map", "Parallel"))
    if of_state and failure.error != errors.RUNTIME:
        draft.record(branch, f"{kind}StateFailed", {})


def _at_its_place(branch: Branch, failure: StateFailure) -> StateFailure:
    if not failure.located:
        return failure
    place = f"the state '{branch.state}' (entered at the event id #{branch.entered_id})"
    cause = f"An error occurred while executing {place}. {failure.cause}"
    return StateFailure(failure.error, cause, terminal=failure.terminal, location=failure.location)


def _tell_evaluation(draft: Draft, branch: Branch, failure: StateFailure) -> None:
    """AWS hangs the event on what came before the state where nothing has happened in it yet."""
    details = without_nones(
        error=failure.error, cause=failure.cause, location=failure.location or None, state=branch.state
    )
    before = branch.entered_previous_id if branch.previous_event_id == branch.entered_id else branch.previous_event_id
    branch.previous_event_id = draft.emit("EvaluationFailed", before, details)


def _retry(draft: Draft, branch: Branch, failure: StateFailure) -> bool:
    """Open the timer of another attempt. A retrier that is used up leaves the failure to the catchers."""
    retriers = draft.state_of(branch).retriers
    index = next((i for i, retrier in enumerate(retriers) if matches(retrier.error_equals, failure)), None)
    if index is None:
        return False
    attempts = list(branch.attempts or [0] * len(retriers))
    if attempts[index] >= retriers[index].max_attempts:
        return False
    due = after(draft.now, retriers[index].delay(attempts[index], draft.seed()))
    attempts[index] += 1
    branch.attempts = tuple(attempts)
    branch.waiting = Delay(due, draft.execution.last_event_id, retry=True)
    draft.opened.append(branch)
    return True


def _caught(draft: Draft, branch: Branch, failure: StateFailure) -> Leave | None:
    state = draft.state_of(branch)
    catcher = next((catcher for catcher in state.catchers if matches(catcher.error_equals, failure)), None)
    if catcher is None:
        return None
    error = {"Error": failure.error or "", "Cause": failure.cause or ""}
    scope = BranchScope(draft, branch)
    leave = catcher.leave(branch.input, error, scope)
    check_limits(draft, branch, leave)
    return leave
