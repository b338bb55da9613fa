"""ErrorEquals: which errors a retrier or a catcher is for."""

from collections.abc import Sequence

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields

_TIMEOUTS = (errors.TIMEOUT, errors.HEARTBEAT_TIMEOUT)


def read_error_equals(fields: Fields) -> frozenset[str]:
    """The error names of one retrier or catcher."""
    names = fields.require("ErrorEquals")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        if fields.has("ErrorEquals"):
            fields.problem('"ErrorEquals" must be a non-empty list of error names')
        return frozenset()
    if errors.ALL in names and len(names) > 1:
        fields.problem(f'"{errors.ALL}" must stand alone in "ErrorEquals"')
    return frozenset(names)


def check_all_is_last(listed: Sequence[Fields], names: Sequence[frozenset[str]]) -> None:
    """A retrier or catcher after the one for States.ALL would never be reached."""
    for fields, errors_equal in zip(listed[:-1], names[:-1], strict=True):
        if errors.ALL in errors_equal:
            fields.problem(f'"{errors.ALL}" must be in the last one of the list')


def matches(names: frozenset[str], failure: StateFailure) -> bool:
    """The names include this failure; nothing catches States.Runtime."""
    error = failure.error
    if error == errors.RUNTIME:
        return False
    if error in names:
        return True
    if errors.ALL in names:
        return not failure.terminal
    if errors.TIMEOUT in names and error == errors.HEARTBEAT_TIMEOUT:
        return True
    if errors.TASK_FAILED in names and error not in _TIMEOUTS:
        return not failure.terminal
    return failure.of_branch and errors.BRANCH_FAILED in names
