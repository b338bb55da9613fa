"""Machines and executions for tests: a test shows only the fields that matter to it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from libs.asl import (
    Effect,
    Event,
    Execution,
    HistoryEvent,
    InvalidDefinition,
    Machine,
    ScheduleTask,
    Step,
    TaskFailed,
    TaskSucceeded,
    TimersDue,
    start,
    step,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
END = {"Type": "Pass", "End": True}


def machine(states: Mapping[str, Any], **fields: Any) -> Machine:
    """A machine that starts at the first of its states."""
    return Machine.load({"StartAt": next(iter(states)), "States": states, **fields})


def state(kind: str, **fields: Any) -> dict[str, Any]:
    """A state that ends its branch, unless it says where to go."""
    ends = {} if kind in ("Choice", "Succeed", "Fail") or "Next" in fields else {"End": True}
    return {"Type": kind, **ends, **fields}


def task(resource: str = "kyc", **fields: Any) -> dict[str, Any]:
    """A task that ends its branch, unless it says where to go."""
    return state("Task", Resource=resource, **fields)


def jsonata(kind: str, **fields: Any) -> dict[str, Any]:
    """A state in JSONata that ends its branch, unless it says where to go."""
    return state(kind, QueryLanguage="JSONata", **fields)


def branch(**states: Any) -> dict[str, Any]:
    """A machine inside a Parallel or Map."""
    return {"StartAt": next(iter(states)), "States": states}


def problems(states: Mapping[str, Any], **fields: Any) -> list[str]:
    """What is wrong with a machine of these states."""
    try:
        machine(states, **fields)
    except InvalidDefinition as invalid:
        return [str(problem) for problem in invalid.problems]
    return []


class Story:
    """An execution on a virtual clock, told event by event."""

    def __init__(self, states: Mapping[str, Any], input: Any = None, **fields: Any) -> None:
        self.machine = machine(states, **fields)
        self.now = NOW
        self.history: list[HistoryEvent] = []
        # Tasks, and whatever else the execution asks for.
        self.effects: list[ScheduleTask] = []
        self.asked: list[Effect] = []
        self._take(start(self.machine, execution_id="e1", input={} if input is None else input, now=NOW))

    def _take(self, taken: Step) -> Step:
        self.last = taken
        self.history += taken.history
        self.effects += [effect for effect in taken.effects if isinstance(effect, ScheduleTask)]
        self.asked += [effect for effect in taken.effects if not isinstance(effect, ScheduleTask)]
        return taken

    @property
    def execution(self) -> Execution:
        return self.last.execution

    @property
    def status(self) -> str:
        return self.execution.status

    @property
    def output(self) -> Any:
        return self.execution.output

    @property
    def error(self) -> str | None:
        return self.execution.error

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.history]

    @property
    def entered(self) -> list[str]:
        return [event.details["name"] for event in self.history if event.type.endswith("StateEntered")]

    def open(self, name: str) -> int:
        """The id of the one open task of a state."""
        (task_id,) = [task_id for task_id, state in self.execution.open_tasks.items() if state == name]
        return task_id

    def tell(self, event: Event) -> Step:
        """Something happens now."""
        return self._take(step(self.machine, self.execution, event, self.now))

    def succeed(self, name: str, output: Any = None) -> Step:
        """The open task of a state answers."""
        return self.tell(TaskSucceeded(self.open(name), output))

    def fail(self, name: str, error: str = "Down", cause: str | None = None) -> Step:
        """The open task of a state fails."""
        return self.tell(TaskFailed(self.open(name), error, cause))

    def wait(self, seconds: float) -> Step:
        """Time passes, then what is due fires."""
        self.now += timedelta(seconds=seconds)
        return self.tell(TimersDue())


def after(seconds: float) -> datetime:
    """So long after the start of the story."""
    return NOW + timedelta(seconds=seconds)
