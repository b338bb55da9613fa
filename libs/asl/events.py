"""What happens to an execution."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TaskSucceeded:
    """A task answered with its output."""

    task_id: int
    output: Any


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A task answered with an error name."""

    task_id: int
    error: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class TaskHeartbeat:
    """A task is still being worked on."""

    task_id: int


@dataclass(frozen=True, slots=True)
class TimersDue:
    """Every open timer that is due fires, in (due, id) order, each at its own due time."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody aborts the execution."""

    error: str | None
    cause: str | None


Event = TaskSucceeded | TaskFailed | TaskHeartbeat | TimersDue | Stop
