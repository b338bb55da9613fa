"""The `States.*` error names, and the failure of a state.

The specification has States.ParameterPathFailure for a payload template whose path leads nowhere. AWS itself fails
such a state with States.Runtime, which nothing catches; so do we.
"""

ALL = "States.ALL"
TIMEOUT = "States.Timeout"
HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout"
TASK_FAILED = "States.TaskFailed"
RUNTIME = "States.Runtime"
RESULT_PATH_MATCH_FAILURE = "States.ResultPathMatchFailure"
BRANCH_FAILED = "States.BranchFailed"
INTRINSIC_FAILURE = "States.IntrinsicFailure"
DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded"
QUERY_EVALUATION_ERROR = "States.QueryEvaluationError"
EXCEED_TOLERATED_FAILURE_THRESHOLD = "States.ExceedToleratedFailureThreshold"
ITEM_READER_FAILED = "States.ItemReaderFailed"
RESULT_WRITER_FAILED = "States.ResultWriterFailed"


class StateFailure(Exception):
    """A state failed with an error name that Retry and Catch can match.

    `located`: the cause is the interpreter's own words, and wants the place put before it.
    `terminal`: States.ALL does not catch it.
    `of_branch`: it is the failure of a branch of the state.
    `location`: the field whose JSONata expression could not be evaluated; empty where it was no one field.
    """

    def __init__(
        self,
        error: str | None,
        cause: str | None,
        *,
        located: bool = False,
        terminal: bool = False,
        of_branch: bool = False,
        location: str | None = None,
    ) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.located = located
        self.terminal = terminal
        self.of_branch = of_branch
        self.location = location

    def around(self) -> "StateFailure":
        """The same failure as that of the Parallel or Map around it."""
        return StateFailure(self.error, self.cause, terminal=self.terminal, of_branch=True)


def runtime(cause: str) -> StateFailure:
    """The definition asks for something that this input cannot give; nothing catches it."""
    return StateFailure(RUNTIME, cause, located=True)


def query_evaluation_error(cause: str, location: str = "") -> StateFailure:
    """A JSONata expression, or what it gave, is of no use to its field."""
    return StateFailure(QUERY_EVALUATION_ERROR, cause, located=True, location=location)


def intrinsic_failure(cause: str) -> StateFailure:
    """An intrinsic function was given arguments it cannot work on."""
    return StateFailure(INTRINSIC_FAILURE, cause, located=True)


def data_limit_exceeded(what: str, *, terminal: bool) -> StateFailure:
    """A payload is larger than 256 KiB."""
    cause = "returned a result with a size exceeding the maximum number of bytes service limit."
    return StateFailure(DATA_LIMIT_EXCEEDED, f"The state/task '{what}' {cause}", terminal=terminal)
