"""A machine run on a virtual clock: answers come at once, and where nothing else is left the next timer fires."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from libs.asl.effects import Effect, ReadItems, ScheduleTask, StartChild, StopChild, WriteResults
from libs.asl.events import (
    ChildFailed,
    ChildSucceeded,
    Event,
    FileFailed,
    FileSucceeded,
    Stop,
    TaskFailed,
    TaskSucceeded,
    TimersDue,
)
from libs.asl.execution import RUNNING, SUCCEEDED, Execution
from libs.asl.history import HistoryEvent
from libs.asl.machine import Machine
from libs.asl.step import Step, start, step

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_ACCOUNT = "us-east-1:111111111111"
EXECUTION_ID = f"arn:aws:states:{_ACCOUNT}:execution:any-machine:any"
EXECUTION_IDS = {"STANDARD": EXECUTION_ID, "EXPRESS": f"arn:aws:states:{_ACCOUNT}:express:any-machine:any:any"}
CONTEXT: Mapping[str, Any] = {
    "Execution": {"Name": "any", "RoleArn": "arn:aws:iam::111111111111:role/any"},
    "StateMachine": {"Id": f"arn:aws:states:{_ACCOUNT}:stateMachine:any-machine", "Name": "any-machine"},
}

Asked = ScheduleTask | ReadItems | WriteResults
"""What somebody outside is asked to do."""

Answerer = Callable[[Asked], Iterable[Event]]
"""What comes of it; nothing where nobody answers, so that only a timeout can end it."""


@dataclass
class Run:
    """An execution as far as it went, with all that it told; `scheduled` has the tasks of its child executions, too."""

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
    machine: Machine,
    input: Any,
    answer: Answerer,
    *,
    answer_child: Answerer | None = None,
    execution_id: str = EXECUTION_ID,
    stop: bool = False,
) -> Run:
    """Run to the end, or until only answers are waited for that nobody gives; `stop` aborts it where it would wait."""
    simulation = _Simulation(machine, answer, answer_child or answer, stop)
    return simulation.run(execution_id, input, CONTEXT, None, BEGIN)


class _Simulation:
    """Runs an execution, and each child execution of it to its end before what comes after it."""

    def __init__(self, machine: Machine, answer: Answerer, answer_child: Answerer, stop: bool) -> None:
        self.machine = machine
        self.answer = answer
        self.answer_child = answer_child
        self.stop = stop
        self.scheduled: list[ScheduleTask] = []

    def run(
        self, execution_id: str, input: Any, context: Mapping[str, Any], map_state: str | None, now: datetime
    ) -> Run:
        first = start(
            self.machine, execution_id=execution_id, input=input, now=now, context=context, map_state=map_state
        )
        run = Run(first, scheduled=self.scheduled)
        waiting: deque[Event] = deque()
        while True:
            run.history += run.last.history
            for effect in run.last.effects:
                waiting.extend(self._events_of(effect, map_state, now))
            execution = run.execution
            if execution.status != RUNNING:
                return run
            if waiting:
                event = waiting.popleft()
            elif self.stop:
                event = Stop(None, None)
            elif execution.next_due is not None:
                now, event = max(now, execution.next_due), TimersDue()
            else:
                return run
            run.last = step(self.machine, execution, event, now)

    def _events_of(self, effect: Effect, map_state: str | None, now: datetime) -> Iterable[Event]:
        if isinstance(effect, StartChild):
            return self._child(effect, now)
        if isinstance(effect, StopChild):
            return ()
        if isinstance(effect, ScheduleTask):
            self.scheduled.append(effect)
        return self.answer(effect) if map_state is None else self.answer_child(effect)

    def _child(self, effect: StartChild, now: datetime) -> Iterator[Event]:
        ended = self.run(effect.execution_id, effect.input, effect.context, effect.state, now).execution
        if ended.status == SUCCEEDED:
            yield ChildSucceeded(effect.child_id, ended.output)
        elif ended.status != RUNNING:
            yield ChildFailed(effect.child_id, ended.error, ended.cause)


class Recorded:
    """Answers from a list of results, each `{"state", "output"}` or `{"state", "error", "cause", "timed_out"?}`.

    They stand in the order in which their tasks are scheduled; a result that names no state is for any. The file that a
    Map reads or writes is a result of that state: its text or list, or where it was written.
    """

    def __init__(self, results: Iterable[Mapping[str, Any]]) -> None:
        self._left = list(results)

    def __call__(self, asked: Asked) -> Iterator[Event]:
        for index, result in enumerate(self._left):
            if result.get("state", asked.state) == asked.state:
                return _answer(asked, self._left.pop(index))
        return iter(())

    def in_child(self, asked: Asked) -> Iterator[Event]:
        """For child executions: AWS's records do not hold their tasks; one without a result gives back its input."""
        named = any(result.get("state") == asked.state for result in self._left)
        if named or not isinstance(asked, ScheduleTask):
            return self(asked)
        return iter([TaskSucceeded(asked.task_id, asked.parameters)])


def _answer(asked: Asked, result: Mapping[str, Any]) -> Iterator[Event]:
    if result.get("timed_out"):
        return
    failed, cause = result.get("error") is not None, result.get("cause")
    told = cause if isinstance(cause, str | None) else json.dumps(cause)
    if not isinstance(asked, ScheduleTask):
        output = result.get("output")
        yield FileFailed(asked.file_id, told) if failed else FileSucceeded(asked.file_id, output)
    elif failed:
        yield TaskFailed(asked.task_id, result["error"], told)
    else:
        yield TaskSucceeded(asked.task_id, _output(asked, result.get("output")))


def _output(task: ScheduleTask, recorded: Any) -> Any:
    """A function answers in JSON text, which a record may hold as it came."""
    if isinstance(recorded, str) and ":function:" in task.resource:
        try:
            return json.loads(recorded)
        except ValueError:
            return recorded
    return recorded
