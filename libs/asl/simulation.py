"""A machine run on a virtual clock: answers come at once, and where nothing else is left the next timer fires."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from libs.asl.effects import ScheduleTask
from libs.asl.events import Event, Stop, TaskFailed, TaskSucceeded, TimersDue
from libs.asl.execution import RUNNING, Execution
from libs.asl.history import HistoryEvent
from libs.asl.machine import Machine
from libs.asl.step import Step, start, step

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_ACCOUNT = "us-east-1:111111111111"
EXECUTION_ID = f"arn:aws:states:{_ACCOUNT}:execution:any-machine:any"
CONTEXT: Mapping[str, Any] = {
    "Execution": {"Name": "any", "RoleArn": "arn:aws:iam::111111111111:role/any"},
    "StateMachine": {"Id": f"arn:aws:states:{_ACCOUNT}:stateMachine:any-machine", "Name": "any-machine"},
}

Answerer = Callable[[ScheduleTask], Iterable[Event]]
"""What comes of a task; nothing where nobody answers, so that only a timeout can end it."""


@dataclass
class Run:
    """An execution as far as it went, with all that it told."""

    last: Step
    history: list[HistoryEvent] = field(default_factory=list)
    scheduled: list[ScheduleTask] = field(default_factory=list)

    @property
    def execution(self) -> Execution:
        return self.last.execution

    @property
    def event_types(self) -> list[str]:
        """The types of its history events, in order."""
        return [event.type for event in self.history]

    @property
    def states_entered(self) -> list[str]:
        """The names of the states that were entered, in order."""
        return [event.details["name"] for event in self.history if event.type.endswith("StateEntered")]


def simulate(
    machine: Machine, input: Any, answer: Answerer, *, execution_id: str = EXECUTION_ID, stop: bool = False
) -> Run:
    """Run to the end, or until only answers are waited for that nobody gives; `stop` aborts it where it would wait."""
    now = BEGIN
    run = Run(start(machine, execution_id=execution_id, input=input, now=now, context=CONTEXT))
    waiting: deque[Event] = deque()
    while True:
        run.history += run.last.history
        for effect in run.last.effects:
            run.scheduled.append(effect)
            waiting.extend(answer(effect))
        execution = run.execution
        if execution.status != RUNNING:
            return run
        if waiting:
            event = waiting.popleft()
        elif stop:
            event = Stop(None, None)
        elif execution.next_due is not None:
            now, event = max(now, execution.next_due), TimersDue()
        else:
            return run
        run.last = step(machine, execution, event, now)


class Recorded:
    """Answers from a list of results, each `{"state", "output"}` or `{"state", "error", "cause", "timed_out"?}`.

    They stand in the order in which their tasks are scheduled; a result that names no state is for any.
    """

    def __init__(self, results: Iterable[Mapping[str, Any]]) -> None:
        self._left = list(results)

    def __call__(self, effect: ScheduleTask) -> Iterator[Event]:
        for index, result in enumerate(self._left):
            if result.get("state", effect.state) == effect.state:
                return _answer(effect, self._left.pop(index))
        return iter(())


def _answer(effect: ScheduleTask, result: Mapping[str, Any]) -> Iterator[Event]:
    if result.get("timed_out"):
        return
    if result.get("error") is not None:
        cause = result.get("cause")
        yield TaskFailed(effect.task_id, result["error"], cause if isinstance(cause, str | None) else json.dumps(cause))
    else:
        yield TaskSucceeded(effect.task_id, _output(effect, result.get("output")))


def _output(effect: ScheduleTask, recorded: Any) -> Any:
    """A function answers in JSON text, which a record may hold as it came."""
    if isinstance(recorded, str) and ":function:" in effect.resource:
        try:
            return json.loads(recorded)
        except ValueError:
            return recorded
    return recorded
