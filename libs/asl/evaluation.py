"""Evaluating the state where a branch stands: what comes of entering it, or of what it stopped for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from libs.asl.branch import Branch
from libs.asl.context import context_object
from libs.asl.draft import Draft
from libs.asl.errors import StateFailure, data_limit_exceeded
from libs.asl.outcomes import CallTask, Leave, Outcome
from libs.asl.size import exceeds_limit
from libs.asl.states.state import State
from libs.asl.states.task import Task


class BranchScope:
    """The scope of the state where a branch stands."""

    __slots__ = ("_branch", "_draft")

    def __init__(self, draft: Draft, branch: Branch) -> None:
        self._draft = draft
        self._branch = branch

    @property
    def now(self) -> datetime:
        """The time of the event that is being applied."""
        return self._draft.now

    def seed(self) -> str:
        """The ids that tell this draw from every other one."""
        return self._draft.seed()

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
        return _within_limit(state, branch, state.execute(branch.input, BranchScope(draft, branch)))
    except StateFailure as failure:
        return failure


def finish(draft: Draft, branch: Branch, result: Any) -> Outcome | StateFailure:
    """What comes of the result that the state stopped for."""
    state = draft.state_of(branch)
    try:
        return _within_limit(state, branch, state.finish(branch.input, result, BranchScope(draft, branch)))
    except StateFailure as failure:
        return failure


def _within_limit(state: State, branch: Branch, outcome: Outcome) -> Outcome:
    payload = outcome.output if type(outcome) is Leave else _parameters(outcome, branch)
    # What is handed on unchanged was checked where it came from.
    if payload is not branch.input and exceeds_limit(payload):
        raise data_limit_exceeded(state.name, terminal=True)
    return outcome


def _parameters(outcome: Outcome, branch: Branch) -> Any:
    return outcome.parameters if isinstance(outcome, CallTask) else branch.input
