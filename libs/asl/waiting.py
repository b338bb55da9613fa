"""What a branch can stand still for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from libs.asl.outcomes import Start


class Timer(NamedTuple):
    """When something fires, in the order of firing; `branch_id` None is the execution's own timeout."""

    due: datetime
    id: int
    branch_id: int | None


@dataclass(frozen=True, slots=True)
class AwaitedTask:
    """The answer of a task, or one of its two timeouts."""

    task_id: int
    timeout_at: datetime | None
    heartbeat_at: datetime | None
    heartbeat_seconds: int | None

    @property
    def timer_id(self) -> int:
        """Both timeouts go by the task's id."""
        return self.task_id

    def dues(self) -> list[datetime]:
        """The open timers."""
        return [due for due in (self.timeout_at, self.heartbeat_at) if due is not None]

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "for": "task",
            "taskId": self.task_id,
            "timeoutAt": self.timeout_at and self.timeout_at.isoformat(),
            "heartbeatAt": self.heartbeat_at and self.heartbeat_at.isoformat(),
            "heartbeatSeconds": self.heartbeat_seconds,
        }


@dataclass(frozen=True, slots=True)
class Delay:
    """A time: the end of a Wait state, or (`retry`) of the backoff before another attempt."""

    due: datetime
    timer_id: int
    retry: bool

    def dues(self) -> list[datetime]:
        """The open timer."""
        return [self.due]

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        return {"for": "retry" if self.retry else "time", "due": self.due.isoformat(), "timerId": self.timer_id}


@dataclass(slots=True)
class Join:
    """The branches of a Parallel or Map: their outputs so far, how many run, and which are still to start."""

    results: list[Any]
    running: int
    width: int
    pending: tuple[Start, ...]
    next_pending: int = 0

    def copy(self) -> "Join":
        """The same join, to be changed."""
        return Join(list(self.results), self.running, self.width, self.pending, self.next_pending)

    def take(self) -> Start | None:
        """The next branch that may start now."""
        if self.next_pending == len(self.pending) or (self.width and self.running >= self.width):
            return None
        start = self.pending[self.next_pending]
        self.next_pending += 1
        self.running += 1
        return start

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        pending = [[s.index, s.start_at, s.input, s.item] for s in self.pending[self.next_pending :]]
        return {
            "for": "branches",
            "results": list(self.results),
            "running": self.running,
            "width": self.width,
            "pending": pending,
        }


Waiting = AwaitedTask | Delay | Join


def waiting_from_document(document: dict[str, Any] | None) -> Waiting | None:
    """What a document says that a branch waits for."""
    if document is None:
        return None
    kind = document["for"]
    if kind == "task":
        return AwaitedTask(
            document["taskId"],
            _time(document["timeoutAt"]),
            _time(document["heartbeatAt"]),
            document["heartbeatSeconds"],
        )
    if kind == "branches":
        pending = tuple(Start(*start) for start in document["pending"])
        return Join(list(document["results"]), document["running"], document["width"], pending)
    return Delay(datetime.fromisoformat(document["due"]), document["timerId"], kind == "retry")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
