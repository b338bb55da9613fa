"""A branch: one thread of control through a machine, standing at one state.

An execution begins with one; a Parallel opens one for each of its branches, a Map one for each item.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from libs.asl.outcomes import Start
from libs.asl.size import bytes_of
from libs.asl.waiting import AwaitedTask, Delay, Join, Timer, Waiting, waiting_from_document


class Branch:
    """Where a branch stands. A step changes only branches that it made or copied itself."""

    __slots__ = (
        "attempts",
        "bytes",
        "entered_at",
        "entered_id",
        "entered_previous_id",
        "id",
        "index",
        "input",
        "item",
        "parent",
        "previous_event_id",
        "state",
        "variables",
        "waiting",
    )

    def __init__(self, branch_id: int, parent: int | None, start: Start, previous_event_id: int) -> None:
        self.id = branch_id
        self.parent = parent
        self.index = start.index
        self.item = start.item
        self.previous_event_id = previous_event_id
        self.state = start.start_at
        self.input = start.input
        # At most so many bytes of JSON the input takes.
        self.bytes = start.bytes
        # Those that were assigned in this branch; it also sees those of the branches around it.
        self.variables: Mapping[str, Any] = {}
        self.entered_id = 0
        self.entered_previous_id = 0
        self.entered_at: datetime | None = None
        # How often each retrier of the state has been used; empty means never.
        self.attempts: tuple[int, ...] = ()
        self.waiting: Waiting | None = None

    def copy(self) -> "Branch":
        """The same branch, to be changed."""
        twin = Branch.__new__(Branch)
        for name in Branch.__slots__:
            setattr(twin, name, getattr(self, name))
        if isinstance(self.waiting, Join):
            twin.waiting = self.waiting.copy()
        return twin

    def move(self, state: str, value: Any, size: int) -> None:
        """Go to the next state."""
        self.state = state
        self.input = value
        self.bytes = size
        self.attempts = ()
        self.waiting = None

    @property
    def retry_count(self) -> int:
        """How often the state has been tried again."""
        return sum(self.attempts)

    def timers(self) -> list[Timer]:
        """The open timers."""
        if isinstance(self.waiting, AwaitedTask | Delay):
            return [Timer(due, self.waiting.timer_id, self.id) for due in self.waiting.dues()]
        return []

    def to_document(self) -> dict[str, Any]:
        """The branch as JSON."""
        return {
            "id": self.id,
            "parent": self.parent,
            "index": self.index,
            "item": self.item,
            "previousEventId": self.previous_event_id,
            "state": self.state,
            "input": self.input,
            "bytes": self.bytes,
            "variables": dict(self.variables),
            "enteredId": self.entered_id,
            "enteredPreviousId": self.entered_previous_id,
            "enteredAt": self.entered_at and self.entered_at.isoformat(),
            "attempts": list(self.attempts),
            "waiting": self.waiting and self.waiting.to_document(),
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Branch":
        """The branch that a document describes."""
        value = document["input"]
        size = document["bytes"] if "bytes" in document else bytes_of(value)
        start = Start(document["index"], document["state"], value, document["item"], size)
        branch = cls(document["id"], document["parent"], start, document["previousEventId"])
        branch.variables = document.get("variables", {})
        branch.entered_id = document["enteredId"]
        branch.entered_previous_id = document.get("enteredPreviousId", 0)
        entered_at = document["enteredAt"]
        branch.entered_at = entered_at and datetime.fromisoformat(entered_at)
        branch.attempts = tuple(document["attempts"])
        branch.waiting = waiting_from_document(document["waiting"])
        return branch
