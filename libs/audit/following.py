"""An execution's machine run again along its recorded story: the same events must lead to the same history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from libs.asl import (
    Event,
    Execution,
    HistoryEvent,
    Machine,
    Redrive,
    ScheduleTask,
    Step,
    Stop,
    TaskFailed,
    TaskSubmitted,
    TaskSucceeded,
    TimersDue,
    start,
    step,
)
from libs.asl.draft import TaskToken
from libs.asl.history import MIGRATED
from libs.asl.step import plain_token
from libs.events import models
from libs.events.models import StepResult, WorkflowProgressed

_TASKS = ("Task", "LambdaFunction", "Activity")


class NotRepeatable(ValueError):
    """The execution did something that cannot be run again from its own story."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An accepted answer, with the task that it answers."""

    sequence: int
    task: ScheduleTask
    result: StepResult


@dataclass(frozen=True, slots=True)
class Parted:
    """Where the machine told something else than what is recorded."""

    sequence: int
    recorded: str
    now: str


@dataclass
class Following:
    """A machine that follows a story, chapter by chapter."""

    machine: Machine
    chapters: tuple[WorkflowProgressed, ...]
    task_token: TaskToken = plain_token
    answered: list[Answered] = field(default_factory=list)
    parted: Parted | None = None
    _events: dict[int, models.HistoryEvent] = field(default_factory=dict)
    _tasks: dict[int, ScheduleTask] = field(default_factory=dict)

    def run(self) -> None:
        """Follow to the end, or to where the machine goes another way; raises NotRepeatable."""
        self._events = {event.id: event for chapter in self.chapters for event in chapter.history}
        execution: Execution | None = None
        for chapter in self.chapters:
            made = self._first(chapter) if execution is None else self._next(chapter, execution)
            history, execution = self._with_answers_at_once(chapter, made)
            if (parted := _parted(chapter, history)) is not None:
                self.parted = parted
                return

    def _first(self, chapter: WorkflowProgressed) -> Step:
        given = _details(chapter.history[0])
        return start(
            self.machine,
            execution_id=chapter.workflowExecutionId,
            input=given.get("input"),
            now=chapter.occurredAt,
            task_token=self.task_token,
        )

    def _next(self, chapter: WorkflowProgressed, execution: Execution) -> Step:
        event = self._cause(chapter)
        if isinstance(event, TaskSucceeded) and (task := self._tasks.get(event.task_id)) is not None:
            # Behind the answer stand the steps that were cancelled by it.
            self.answered += [Answered(chapter.sequence, task, result) for result in chapter.accepted[:1]]
        return step(self.machine, execution, event, chapter.occurredAt, task_token=self.task_token)

    def _cause(self, chapter: WorkflowProgressed) -> Event:
        """What happened to the execution, read from the first thing that was told of it."""
        first = chapter.history[0]
        details = _details(first)
        if first.type == MIGRATED:
            raise NotRepeatable(f"at step {chapter.sequence} it was moved to another definition")
        if first.type == "ExecutionAborted":
            return Stop(details.get("error"), details.get("cause"))
        if first.type == "ExecutionRedriven":
            return Redrive()
        return self._answer(first) or TimersDue()

    def _answer(self, event: models.HistoryEvent) -> Event | None:
        """The answer of a task that an event tells of; None where it tells of something else, or of a timeout."""
        if not event.type.startswith(_TASKS):
            return None
        details, task = _details(event), self._task_of(event)
        if event.type.endswith("Succeeded"):
            return TaskSucceeded(task, details.get("output"))
        if event.type.endswith("Submitted"):
            return TaskSubmitted(task, details.get("output"))
        if event.type.endswith("Failed"):
            return TaskFailed(task, details.get("error", ""), details.get("cause"))
        return None

    def _task_of(self, event: models.HistoryEvent) -> int:
        """The event by which a task was scheduled is what it is known by."""
        while not event.type.endswith("Scheduled") and event.previousEventId in self._events:
            event = self._events[event.previousEventId]
        return event.id

    def _with_answers_at_once(self, chapter: WorkflowProgressed, made: Step) -> tuple[list[HistoryEvent], Execution]:
        """Tasks for which nobody has to be asked are answered in the same chapter."""
        history, execution, waiting = list(made.history), made.execution, list(made.effects)
        told = {self._task_of(event): event for event in chapter.history if self._answer(event) is not None}
        while waiting:
            effect = waiting.pop(0)
            if not isinstance(effect, ScheduleTask):
                raise NotRepeatable(f"at step {chapter.sequence} it has more to do than to ask checks")
            self._tasks[effect.task_id] = effect
            answer = self._answer(told[effect.task_id]) if effect.task_id in told else None
            if answer is not None:
                after = step(self.machine, execution, answer, chapter.occurredAt, task_token=self.task_token)
                history, execution = [*history, *after.history], after.execution
                waiting += after.effects
        return history, execution


def _parted(chapter: WorkflowProgressed, history: list[HistoryEvent]) -> Parted | None:
    """The first thing told that is not as recorded."""
    recorded = [_told(one.id, one.previousEventId, one.type, _details(one)) for one in chapter.history]
    now = [_told(one.id, one.previous_event_id, one.type, one.details) for one in history]
    for number in range(max(len(recorded), len(now))):
        before, after = (one[number] if number < len(one) else "nothing more" for one in (recorded, now))
        if before != after:
            return Parted(chapter.sequence, before, after)
    return None


def _told(id: int, before: int, type: str, details: Mapping[str, Any]) -> str:
    """One line of the history; the order of names in its details does not matter."""
    return f"{id} {before} {type} {orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode()}"


def _details(event: models.HistoryEvent) -> dict[str, Any]:
    details: dict[str, Any] = orjson.loads(event.details)
    return details
