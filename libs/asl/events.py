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
class TaskSubmitted:
    """A task that is answered later (`.sync`, `.waitForTaskToken`) was handed over, with this output."""

    task_id: int
    output: Any


@dataclass(frozen=True, slots=True)
class ChildSucceeded:
    """A child execution ended well."""

    child_id: int
    output: Any


@dataclass(frozen=True, slots=True)
class ChildFailed:
    """A child execution failed, timed out or was aborted."""

    child_id: int
    error: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class FileSucceeded:
    """A file was read (its content) or written (where it is)."""

    file_id: int
    output: Any


@dataclass(frozen=True, slots=True)
class FileFailed:
    """A file could not be read or written."""

    file_id: int
    cause: str | None


@dataclass(frozen=True, slots=True)
class TimersDue:
    """Every open timer that is due fires, in (due, id) order, each at its own due time."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody aborts the execution."""

    error: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Redrive:
    """Somebody has an execution that ended badly go on where it stood."""


TaskEvent = TaskSubmitted | TaskHeartbeat | TaskSucceeded | TaskFailed
ChildEvent = ChildSucceeded | ChildFailed
FileEvent = FileSucceeded | FileFailed
Event = TaskEvent | ChildEvent | FileEvent | TimersDue | Stop | Redrive
