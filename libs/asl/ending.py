"""The four ways in which an execution ends."""

from typing import Any

from libs.asl import errors, execution
from libs.asl.draft import Draft
from libs.asl.errors import StateFailure
from libs.asl.history import EVENT_LIMIT_CAUSE, without_nones


def succeed(draft: Draft, output: Any, previous_event_id: int) -> None:
    """The last state has been left."""
    _end(draft, execution.SUCCEEDED, None, None)
    draft.execution.output = output
    draft.emit_last("ExecutionSucceeded", previous_event_id, {"output": output})


def fail(draft: Draft, failure: StateFailure, previous_event_id: int) -> None:
    """A failure that nothing caught."""
    _end(draft, execution.FAILED, failure.error, failure.cause)
    details = without_nones(error=failure.error, cause=failure.cause)
    draft.emit_last("ExecutionFailed", previous_event_id, details)


def history_full(draft: Draft) -> None:
    """The execution has run away."""
    fail(draft, StateFailure(errors.RUNTIME, EVENT_LIMIT_CAUSE), draft.execution.last_event_id)


def time_out(draft: Draft) -> None:
    """The time that the machine gives an execution is over; on AWS only the event says with which error."""
    _end(draft, execution.TIMED_OUT, None, None)
    draft.emit_last("ExecutionTimedOut", 0, {"error": errors.TIMEOUT})


def abort(draft: Draft, error: str | None, cause: str | None) -> None:
    """Somebody stopped the execution."""
    _end(draft, execution.ABORTED, error, cause)
    draft.emit_last("ExecutionAborted", 0, without_nones(error=error, cause=cause))


def _end(draft: Draft, status: str, error: str | None, cause: str | None) -> None:
    ended = draft.execution
    ended.status, ended.error, ended.cause = status, error, cause
    if status != execution.SUCCEEDED:
        ended.stopped = {**draft.cancelled, **ended.branches}
    for branch in list(ended.branches.values()):
        draft.close_branch(branch)
    ended.timeout_at = None
