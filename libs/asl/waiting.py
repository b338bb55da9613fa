"""What a branch can stand still for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from libs.asl.outcomes import Start
from libs.asl.size import bytes_of
from libs.asl.tolerance import Tolerance


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
    submitted: bool = False

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
            "submitted": self.submitted,
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


@dataclass(frozen=True, slots=True)
class AwaitedFile:
    """The items of a Map in a file, or (`writing`) that its results are in one."""

    file_id: int
    writing: bool
    map_run: str | None

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        return {"for": "file", "fileId": self.file_id, "writing": self.writing, "mapRun": self.map_run}


@dataclass(frozen=True, slots=True)
class AwaitedChild:
    """A child execution; one that `failed` is awaited no more, unless the execution is redriven."""

    execution_id: str
    failed: bool = False

    def to_document(self) -> dict[str, Any]:
        """As JSON."""
        return {"for": "child", "executionId": self.execution_id, "failed": self.failed}


@dataclass(slots=True)
class Join:
    """The branches of a Parallel or Map: their outputs so far, how many run, and which are still to start.

    The outputs take at most so many bytes. The branches of a `map_run` are child executions, and `failed` are the
    indexes of those that failed.
    """

    results: list[Any]
    width: int
    pending: tuple[Start, ...]
    map_run: str | None = None
    tolerance: Tolerance | None = None
    failed: tuple[int, ...] = ()
    running: int = 0
    bytes: int = 2
    next_pending: int = 0

    def copy(self) -> "Join":
        """The same join, to be changed."""
        return replace(self, results=list(self.results))

    def take_result(self, index: int, output: Any, size: int) -> None:
        """A branch has ended well."""
        self.results[index] = output
        self.bytes += size + 1
        self.running -= 1

    def outputs(self) -> list[Any]:
        """The outputs in order, without those of branches that failed."""
        if not self.failed:
            return self.results
        failed = set(self.failed)
        return [output for index, output in enumerate(self.results) if index not in failed]

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
        pending = [[s.index, s.start_at, s.input, s.item, s.bytes] for s in self.pending[self.next_pending :]]
        return {
            "for": "branches",
            "results": list(self.results),
            "running": self.running,
            "width": self.width,
            "pending": pending,
            "bytes": self.bytes,
            "mapRun": self.map_run,
            "failed": list(self.failed),
            "tolerance": self.tolerance and [self.tolerance.count, self.tolerance.percentage],
        }


Waiting = AwaitedTask | AwaitedFile | AwaitedChild | Delay | Join


def waiting_from_document(document: dict[str, Any] | None) -> Waiting | None:
    """What a document says that a branch waits for."""
    if document is None:
        return None
    return _READERS[document["for"]](document)


def _task(document: dict[str, Any]) -> AwaitedTask:
    timeout_at, heartbeat_at = _time(document["timeoutAt"]), _time(document["heartbeatAt"])
    submitted = document.get("submitted", False)
    return AwaitedTask(document["taskId"], timeout_at, heartbeat_at, document["heartbeatSeconds"], submitted)


def _file(document: dict[str, Any]) -> AwaitedFile:
    return AwaitedFile(document["fileId"], document["writing"], document["mapRun"])


def _child(document: dict[str, Any]) -> AwaitedChild:
    return AwaitedChild(document["executionId"], document["failed"])


def _delay(document: dict[str, Any]) -> Delay:
    return Delay(datetime.fromisoformat(document["due"]), document["timerId"], document["for"] == "retry")


def _join(document: dict[str, Any]) -> Join:
    """What format 1 did not have is measured, or is as it was for every Map of its time."""
    results = list(document["results"])
    tolerance = document.get("tolerance")
    return Join(
        results,
        document["width"],
        tuple(_start(*start) for start in document["pending"]),
        document.get("mapRun"),
        tolerance and Tolerance(*tolerance),
        tuple(document.get("failed", ())),
        document["running"],
        document["bytes"] if "bytes" in document else bytes_of(results),
    )


def _start(index: int, start_at: str, value: Any, item: dict[str, Any] | None, size: int | None = None) -> Start:
    return Start(index, start_at, value, item, bytes_of(value) if size is None else size)


_READERS: dict[str, Callable[[dict[str, Any]], Waiting]] = {
    "task": _task,
    "file": _file,
    "child": _child,
    "time": _delay,
    "retry": _delay,
    "branches": _join,
}


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
