"""The whole state of one execution, as a plain value."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from libs.asl.branch import Branch
from libs.asl.waiting import AwaitedChild, AwaitedFile, AwaitedTask, Timer

# 2 added variables, sizes, child executions and what a redrive goes on from; documents of 1 are read as well.
FORMAT = 2

# Raised with every change after which the same events may give another history or output than before.
REDUCER = 2

RUNNING = "RUNNING"
SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"
TIMED_OUT = "TIMED_OUT"
ABORTED = "ABORTED"


class NewerFormat(ValueError):
    """The document was written by a newer version of this library; older code must leave it alone."""


class Execution:
    """A running or ended execution. Treat it as immutable: a step gives a new one."""

    __slots__ = (
        "branches",
        "cause",
        "context",
        "error",
        "id",
        "input",
        "last_branch_id",
        "last_event_id",
        "machine_hash",
        "map_state",
        "output",
        "redriven_at",
        "redrives",
        "reducer",
        "started_at",
        "status",
        "stopped",
        "timeout_at",
        "variables_bytes",
    )

    def __init__(
        self, execution_id: str, machine_hash: str, value: Any, context: Mapping[str, Any], started_at: datetime
    ) -> None:
        self.id = execution_id
        self.machine_hash = machine_hash
        self.input = value
        self.context = context
        self.started_at = started_at
        # The version of the reducer that made the last step.
        self.reducer = REDUCER
        # The distributed Map that a child execution works on an item of.
        self.map_state: str | None = None
        self.timeout_at: datetime | None = None
        self.status = RUNNING
        self.output: Any = None
        self.error: str | None = None
        self.cause: str | None = None
        self.last_event_id = 0
        self.last_branch_id = 0
        self.branches: dict[int, Branch] = {}
        # At most so many bytes the variables take together.
        self.variables_bytes = 0
        self.redrives = 0
        self.redriven_at: datetime | None = None
        # Where an execution that ended badly stood: a redrive goes on from there.
        self.stopped: dict[int, Branch] = {}

    def copy(self) -> "Execution":
        """The same execution, to be changed: its branches are shared until they are copied."""
        twin = Execution.__new__(Execution)
        for name in Execution.__slots__:
            setattr(twin, name, getattr(self, name))
        twin.branches = dict(self.branches)
        twin.reducer = REDUCER
        return twin

    @property
    def open_tasks(self) -> Mapping[int, str]:
        """task id → state name of every task that awaits its answer."""
        return {
            branch.waiting.task_id: branch.state
            for branch in self.branches.values()
            if isinstance(branch.waiting, AwaitedTask)
        }

    @property
    def open_children(self) -> Mapping[int, str]:
        """child id → execution id of every child execution that has not ended."""
        return {
            branch.id: branch.waiting.execution_id
            for branch in self.branches.values()
            if isinstance(branch.waiting, AwaitedChild) and not branch.waiting.failed
        }

    @property
    def open_files(self) -> Mapping[int, str]:
        """file id → state name of every Map whose items are being read or whose results are being written."""
        return {
            branch.waiting.file_id: branch.state
            for branch in self.branches.values()
            if isinstance(branch.waiting, AwaitedFile)
        }

    def variables(self, branch: Branch) -> Mapping[str, Any]:
        """The variables that a branch sees: its own, and those of the branches around it."""
        if branch.parent is None:
            return branch.variables
        around = self.variables(self.branches[branch.parent])
        return {**around, **branch.variables} if branch.variables else around

    @property
    def next_due(self) -> datetime | None:
        """When the earliest open timer is due."""
        return min((timer.due for timer in self.timers()), default=None)

    def timers(self) -> list[Timer]:
        """The open timers; the execution's own timeout has id 0, so that it comes first of its time."""
        timers = [timer for branch in self.branches.values() for timer in branch.timers()]
        if self.timeout_at is not None and self.status == RUNNING:
            timers.append(Timer(self.timeout_at, 0, None))
        return timers

    def to_document(self) -> dict[str, Any]:
        """The execution as JSON."""
        return {
            "format": FORMAT,
            "reducer": self.reducer,
            "id": self.id,
            "machine": self.machine_hash,
            "status": self.status,
            "input": self.input,
            "context": dict(self.context),
            "startedAt": self.started_at.isoformat(),
            "timeoutAt": self.timeout_at and self.timeout_at.isoformat(),
            "output": self.output,
            "error": self.error,
            "cause": self.cause,
            "lastEventId": self.last_event_id,
            "lastBranchId": self.last_branch_id,
            "branches": [branch.to_document() for branch in self.branches.values()],
            "mapState": self.map_state,
            "variablesBytes": self.variables_bytes,
            "redrives": self.redrives,
            "redrivenAt": self.redriven_at and self.redriven_at.isoformat(),
            "stopped": [branch.to_document() for branch in self.stopped.values()],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Execution":
        """The execution that a document describes; raises NewerFormat for one of a later version."""
        version = document.get("format")
        if type(version) is not int or version < 1:
            raise ValueError(f"not an execution document: its format is {version!r}")
        if version > FORMAT:
            raise NewerFormat(f"the execution has format {version}, this code knows formats up to {FORMAT}")
        execution = cls(
            document["id"],
            document["machine"],
            document["input"],
            document["context"],
            datetime.fromisoformat(document["startedAt"]),
        )
        # It is written down since version 1.
        execution.reducer = document.get("reducer", 1)
        timeout_at = document["timeoutAt"]
        execution.timeout_at = timeout_at and datetime.fromisoformat(timeout_at)
        execution.status = document["status"]
        execution.output = document["output"]
        execution.error, execution.cause = document["error"], document["cause"]
        execution.last_event_id = document["lastEventId"]
        execution.last_branch_id = document["lastBranchId"]
        execution.branches = _branches(document["branches"])
        execution.map_state = document.get("mapState")
        execution.variables_bytes = document.get("variablesBytes", 0)
        execution.redrives = document.get("redrives", 0)
        redriven_at = document.get("redrivenAt")
        execution.redriven_at = redriven_at and datetime.fromisoformat(redriven_at)
        execution.stopped = _branches(document.get("stopped", ()))
        return execution


def _branches(documents: Iterable[dict[str, Any]]) -> dict[int, Branch]:
    branches = map(Branch.from_document, documents)
    return {branch.id: branch for branch in branches}
