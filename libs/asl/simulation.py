"""A machine run on a virtual clock: answers come at once, child executions end when they would, timers fire between.

Of what happens at one time answers come first, in the order in which they were asked for.
"""

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
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

Coming = tuple[datetime, int, Event]
"""When something happens, in which order of what happens then, and what."""

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
        self.order = count()

    def run(
        self, execution_id: str, input: Any, context: Mapping[str, Any], map_state: str | None, now: datetime
    ) -> Run:
        first = start(
            self.machine, execution_id=execution_id, input=input, now=now, context=context, map_state=map_state
        )
        run = Run(first, scheduled=self.scheduled)
        coming: list[Coming] = []
        while True:
            run.history += run.last.history
            for effect in run.last.effects:
                for at, event in self._events_of(effect, map_state, now):
                    heapq.heappush(coming, (at, next(self.order), event))
            execution = run.execution
            if execution.status != RUNNING:
                return run
            due = execution.next_due
            if self.stop and not (coming and coming[0][0] <= now):
                event = Stop(None, None)
            elif coming and (due is None or coming[0][0] <= due):
                at, _, event = heapq.heappop(coming)
                now = max(now, at)
            elif due is not None:
                now, event = max(now, due), TimersDue()
            else:
                return run
            run.last = step(self.machine, execution, event, now)

    def _events_of(self, effect: Effect, map_state: str | None, now: datetime) -> Iterable[tuple[datetime, Event]]:
        if isinstance(effect, StartChild):
            return self._child(effect, now)
        if isinstance(effect, StopChild):
            return ()
        if isinstance(effect, ScheduleTask):
            self.scheduled.append(effect)
        answer = self.answer if map_state is None else self.answer_child
        return ((now, event) for event in answer(effect))

    def _child(self, effect: StartChild, now: datetime) -> Iterator[tuple[datetime, Event]]:
        child = self.run(effect.execution_id, effect.input, effect.context, effect.state, now)
        ended, at = child.execution, child.history[-1].timestamp
        if ended.status == SUCCEEDED:
            yield at, ChildSucceeded(effect.child_id, ended.output)
        elif ended.status != RUNNING:
            yield at, ChildFailed(effect.child_id, ended.error, ended.cause)


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
