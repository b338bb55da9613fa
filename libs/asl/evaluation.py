"""Evaluating the state where a branch stands: what comes of entering it, or of what it stopped for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from libs.asl.assign import MAX_VARIABLES_BYTES
from libs.asl.branch import Branch
from libs.asl.context import context_object
from libs.asl.draft import Draft
from libs.asl.errors import StateFailure, data_limit_exceeded, runtime
from libs.asl.execution import Execution
from libs.asl.outcomes import CallFile, CallTask, Fork, Leave, Outcome
from libs.asl.size import MAX_BYTES, Known, bytes_of
from libs.asl.states.map import Map
from libs.asl.states.task import Task


class BranchScope:
    """The scope of the state where a branch stands."""

    __slots__ = ("_branch", "_draft", "known")

    def __init__(self, draft: Draft, branch: Branch) -> None:
        self._draft = draft
        self._branch = branch
        self.known = Known(branch.input, branch.bytes)

    @property
    def now(self) -> datetime:
        """The time of the event that is being applied."""
        return self._draft.now

    def seed(self) -> str:
        """The ids that tell this draw from every other one."""
        return self._draft.seed()

    def variables(self) -> Mapping[str, Any]:
        """The variables that the branch sees."""
        return self._draft.execution.variables(self._branch)

    def context(self) -> Mapping[str, Any]:
        """The context object; the token is in it while a task that gives one is being scheduled."""
        execution, state = self._draft.execution, self._draft.state_of(self._branch)
        token = None
        if isinstance(state, Task) and state.resource.gives_token and self._branch.waiting is None:
            token = self._draft.task_token(execution.id, execution.last_event_id + 1)
        return context_object(execution, self._branch, state.kind, token)


def execute(draft: Draft, branch: Branch) -> Outcome | StateFailure:
    """What comes of entering the state, or of trying it again."""
    state = draft.machine.states[branch.state]
    try:
        outcome = state.execute(branch.input, BranchScope(draft, branch))
        check_limits(draft, branch, outcome)
        return outcome
    except StateFailure as failure:
        return failure


def finish(draft: Draft, branch: Branch, result: Any, size: int) -> Leave | StateFailure:
    """What comes of the result that the state stopped for, which takes at most so many bytes."""
    scope = BranchScope(draft, branch)
    scope.known.add(result, size)
    try:
        leave = draft.state_of(branch).finish(branch.input, result, scope)
        check_limits(draft, branch, leave)
        return leave
    except StateFailure as failure:
        return failure


def items_read(draft: Draft, branch: Branch, content: Any) -> Fork | StateFailure:
    """What comes of the file that the items of a Map stand in."""
    try:
        fork = _map(draft, branch).items_read(branch.input, content, BranchScope(draft, branch))
        check_limits(draft, branch, fork)
        return fork
    except StateFailure as failure:
        return failure


def results_joined(draft: Draft, branch: Branch, results: list[Any]) -> CallFile | StateFailure | None:
    """How the results of a Map are to be written; None where they are not."""
    try:
        return _map(draft, branch).results_joined(branch.input, results, BranchScope(draft, branch))
    except StateFailure as failure:
        return failure


def _map(draft: Draft, branch: Branch) -> Map:
    state = draft.state_of(branch)
    assert isinstance(state, Map)
    return state


def check_limits(draft: Draft, branch: Branch, outcome: Outcome) -> None:
    """Refuse payloads and variables that are too large; what is only bounded is measured when its bound is."""
    if type(outcome) is Leave:
        if outcome.bytes > MAX_BYTES:
            outcome.bytes = _measured(branch, outcome.output)
        if outcome.assigned is not None:
            _check_variables(draft, branch, outcome.assigned)
    elif isinstance(outcome, CallTask):
        if outcome.bytes > MAX_BYTES:
            _measured(branch, outcome.parameters)
    elif isinstance(outcome, Fork) and outcome.bytes > MAX_BYTES:
        for start in outcome.starts:
            start.bytes = _measured(branch, start.input)


def _measured(branch: Branch, payload: Any) -> int:
    size = bytes_of(payload)
    if size > MAX_BYTES:
        raise data_limit_exceeded(branch.state, terminal=True)
    return size


def _check_variables(draft: Draft, branch: Branch, assigned: dict[str, Any]) -> None:
    execution = draft.execution
    name = next((name for name in assigned if branch.parent and name in _around(execution, branch)), None)
    if name is not None:
        raise runtime(f"The variable '{name}' was already assigned in an outer scope.")
    size = bytes_of(assigned)
    if size > MAX_BYTES:
        raise data_limit_exceeded(branch.state, terminal=True)
    execution.variables_bytes += size
    if execution.variables_bytes > MAX_VARIABLES_BYTES:
        # What was assigned over, or in branches that ended, was counted as well.
        kept = [{**other.variables, **(assigned if other is branch else {})} for other in execution.branches.values()]
        execution.variables_bytes = sum(bytes_of(variables) for variables in kept)
        if execution.variables_bytes > MAX_VARIABLES_BYTES:
            raise data_limit_exceeded(branch.state, terminal=True)


def _around(execution: Execution, branch: Branch) -> Mapping[str, Any]:
    assert branch.parent is not None
    return execution.variables(execution.branches[branch.parent])
