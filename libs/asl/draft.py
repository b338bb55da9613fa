"""An execution while a step is being made: a private copy, with what the step does and tells."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from libs.asl.branch import Branch
from libs.asl.effects import Effect, StopChild
from libs.asl.execution import Execution
from libs.asl.history import EVENT_LIMIT, HistoryEvent
from libs.asl.machine import Machine
from libs.asl.outcomes import Start
from libs.asl.states.state import State
from libs.asl.waiting import AwaitedChild

TaskToken = Callable[[str, int], str]
"""(execution id, task id) → the token that `$$.Task.Token` gives to whoever works on the task."""


class HistoryFull(Exception):
    """The execution has reached the limit of history events."""


class Draft:
    """The next execution in the making. Only branches that it opened or copied may be changed."""

    __slots__ = (
        "_draws",
        "_own",
        "cancelled",
        "effects",
        "execution",
        "history",
        "machine",
        "now",
        "opened",
        "ready",
        "task_token",
    )

    def __init__(self, machine: Machine, execution: Execution, now: datetime, task_token: TaskToken) -> None:
        self.machine = machine
        self.execution = execution
        self.now = now
        self.task_token = task_token
        self.history: list[HistoryEvent] = []
        self.effects: list[Effect] = []
        # Branches that were opened and have not entered their first state.
        self.ready: deque[int] = deque()
        # Branches that a failure on its way up has cancelled.
        self.cancelled: dict[int, Branch] = {}
        # Branches in which timers were opened.
        self.opened: list[Branch] = []
        self._own: set[int] = set()
        self._draws = 0

    def state_of(self, branch: Branch) -> State:
        """The state where a branch stands."""
        return self.machine.states[branch.state]

    def seed(self) -> str:
        """Another one at each call, the same ones at each replay."""
        self._draws += 1
        return f"{self.execution.id}/{self.execution.last_event_id}/{self._draws}"

    # Branches

    def open_branch(self, parent: Branch | None, start: Start, previous_event_id: int) -> Branch:
        """A new branch."""
        branch = Branch(self.new_id(), parent.id if parent else None, start, previous_event_id)
        if branch.item is None and parent is not None:
            branch.item = parent.item
        self.execution.branches[branch.id] = branch
        self._own.add(branch.id)
        return branch

    def new_id(self) -> int:
        """An id for a branch, or for a file that a branch waits for."""
        self.execution.last_branch_id += 1
        return self.execution.last_branch_id

    def rename(self, branch: Branch) -> None:
        """Give a branch a new id, so that what is said to the old one finds nobody."""
        del self.execution.branches[branch.id]
        branch.id = self.new_id()
        self.execution.branches[branch.id] = branch
        self._own.add(branch.id)

    def close_branch(self, branch: Branch) -> None:
        """A branch is no more; a child execution that it waits for is to be stopped."""
        del self.execution.branches[branch.id]
        if isinstance(branch.waiting, AwaitedChild) and not branch.waiting.failed:
            self.effects.append(StopChild(branch.id, branch.waiting.execution_id))

    def own(self, branch_id: int) -> Branch:
        """A branch as one that this step may change."""
        branch = self.execution.branches[branch_id]
        if branch_id not in self._own:
            self._own.add(branch_id)
            branch = self.execution.branches[branch_id] = branch.copy()
        return branch

    # History

    def record(self, branch: Branch, event_type: str, details: Mapping[str, Any]) -> int:
        """The next event of a branch; its id."""
        branch.previous_event_id = self.emit(event_type, branch.previous_event_id, details)
        return branch.previous_event_id

    def emit(self, event_type: str, previous_event_id: int, details: Mapping[str, Any]) -> int:
        """An event beside the chain of its branch; its id."""
        if self.execution.last_event_id >= EVENT_LIMIT - 1:
            raise HistoryFull
        return self.emit_last(event_type, previous_event_id, details)

    def emit_last(self, event_type: str, previous_event_id: int, details: Mapping[str, Any]) -> int:
        """The event that ends the execution, for which there is always room."""
        event_id = self.execution.last_event_id + 1
        self.execution.last_event_id = event_id
        self.history.append(HistoryEvent(event_id, previous_event_id, event_type, self.now, details))
        return event_id
