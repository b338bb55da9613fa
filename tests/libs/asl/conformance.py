"""Runs recorded cases on a virtual clock, and says where this interpreter and the record differ."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from libs.asl import (
    ChildFailed,
    ChildSucceeded,
    Effect,
    Event,
    HistoryEvent,
    Machine,
    ScheduleTask,
    StartChild,
    Step,
    Stop,
    TaskFailed,
    TaskSucceeded,
    TimersDue,
    start,
    step,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHARED = Path(__file__).parents[4] / "shared" / "asl"
EXECUTION_IDS = {
    "STANDARD": "arn:aws:states:us-east-1:111111111111:execution:any-machine:any",
    "EXPRESS": "arn:aws:states:us-east-1:111111111111:express:any-machine:any:any",
}
CONTEXT = {
    "Execution": {"Name": "any", "RoleArn": "arn:aws:iam::111111111111:role/any"},
    "StateMachine": {"Id": "arn:aws:states:us-east-1:111111111111:stateMachine:any-machine", "Name": "any-machine"},
}

Case = Mapping[str, Any]


def read_cases(file: Path) -> list[Case]:
    """The cases of a file, one a line."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@dataclass
class Run:
    """An execution run to its end, with all it told."""

    last: Step
    history: list[HistoryEvent] = field(default_factory=list)
    scheduled: list[ScheduleTask] = field(default_factory=list)


def run(case: Case) -> Run:
    """Run a case to its end, answering its tasks from the record."""
    execution_id = EXECUTION_IDS[case.get("type", "STANDARD")]
    return _Runner(case).run(execution_id, case["input"], CONTEXT, None, NOW)


class _Runner:
    """Runs an execution and the child executions of it, each to its end before what comes after it."""

    def __init__(self, case: Case) -> None:
        self.machine = Machine.load(case["definition"])
        self.is_aborted = case["expected"]["status"] == "ABORTED"
        self.answers = iter(case.get("task_results") or ())
        self.scheduled: list[ScheduleTask] = []

    def run(
        self, execution_id: str, value: Any, context: Mapping[str, Any], map_state: str | None, now: datetime
    ) -> Run:
        current = start(
            self.machine, execution_id=execution_id, input=value, now=now, context=context, map_state=map_state
        )
        done = Run(current, scheduled=self.scheduled)
        waiting: deque[Event] = deque()
        while True:
            done.history += current.history
            for effect in current.effects:
                waiting.extend(self._answers_to(effect, now))
            done.last = current
            execution = current.execution
            if execution.status != "RUNNING":
                return done
            if waiting:
                event = waiting.popleft()
            elif self.is_aborted:
                event = Stop(None, None)
            elif execution.next_due is not None:
                now, event = max(now, execution.next_due), TimersDue()
            else:
                raise AssertionError("the execution waits for ever")
            current = step(self.machine, execution, event, now)

    def _answers_to(self, effect: Effect, now: datetime) -> Iterator[Event]:
        if isinstance(effect, ScheduleTask):
            self.scheduled.append(effect)
            yield from _answer(effect, self.answers)
        elif isinstance(effect, StartChild):
            ended = self.run(effect.execution_id, effect.input, effect.context, effect.state, now).last.execution
            if ended.status == "SUCCEEDED":
                yield ChildSucceeded(effect.child_id, ended.output)
            else:
                yield ChildFailed(effect.child_id, ended.error, ended.cause)


def _answer(effect: ScheduleTask, answers: Iterator[Any]) -> Iterator[Event]:
    """The recorded answer of a task; none where it timed out.

    Tasks of child executions are in no record; the functions called there gave back what they were given.
    """
    answer = next(answers, None)
    if answer is None:
        yield TaskSucceeded(effect.task_id, effect.parameters)
        return
    if answer.get("timed_out"):
        return
    if answer.get("error") is not None:
        cause = answer["cause"]
        yield TaskFailed(effect.task_id, answer["error"], cause if isinstance(cause, str | None) else json.dumps(cause))
    else:
        yield TaskSucceeded(effect.task_id, _output(effect, answer.get("output")))


def _output(effect: ScheduleTask, recorded: Any) -> Any:
    """What a function gave was recorded as JSON text, of which only arrays and objects were parsed."""
    is_text = isinstance(recorded, str) and ":function:" in effect.resource
    return json.loads(recorded) if is_text else recorded


def differences(case: Case) -> list[str]:
    """Where the run and the record differ; empty means agreement."""
    done, expected = run(case), case["expected"]
    execution = done.last.execution
    found = []

    def compare(what: str, actual: Any, wanted: Any) -> None:
        if not agrees(actual, wanted):
            found.append(f"{what}: {json.dumps(actual)[:500]} instead of {json.dumps(wanted)[:500]}")

    compare("status", execution.status, expected["status"])
    for what, actual in (("output", execution.output), ("error", execution.error), ("cause", execution.cause)):
        if what in expected:
            compare(what, actual, expected[what])
    if not expected.get("history_merged"):
        types = [event.type for event in done.history]
        entered = [event.details["name"] for event in done.history if event.type.endswith("StateEntered")]
        compare("event types", types, expected.get("event_types", types))
        compare("states entered", entered, expected.get("states_entered", entered))
        for wanted, event in zip(case.get("history", ()), done.history, strict=False):
            actual, comparable = _as_recorded(event), _comparable(wanted)
            if event.type == "MapStateExited" and "MapRunStarted" in types:
                # Since November 2024 this is the start of the Map run; in earlier records it is the end.
                comparable["previousEventId"] = actual["previousEventId"]
            compare(f"history {event.id}", actual, comparable)
    for answer, effect in zip(case.get("task_results") or (), done.scheduled, strict=False):
        compare(f"input of {effect.state}", effect.parameters, answer.get("input", effect.parameters))
    return found


def _as_recorded(event: HistoryEvent) -> dict[str, Any]:
    return {"id": event.id, "previousEventId": event.previous_event_id, "type": event.type, **event.details}


# What AWS tells and we do not: the account's own, and whether a log was cut.
_NOT_OURS = ("region", "inputDetails", "outputDetails", "assignedVariablesDetails", "timestamp", "resource")


def _comparable(recorded: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in recorded.items():
        flat.update(value if name.endswith("EventDetails") else {name: value})
    return {name: value for name, value in flat.items() if name not in _NOT_OURS}


# What not every record has: RedriveCount came in November 2023, and never to Express executions.
_NOT_THEIRS = {"RedriveCount", *_NOT_OURS}

_PLACEHOLDER = re.compile(
    r"<[^<>]*>|^(?:timestamp|date|start-time|entered-time|snf_role_arn|sfn_role_arn|lambda_function_name|map_run_arn)$"
)


def agrees(actual: Any, wanted: Any) -> bool:
    """The values are equal, where a placeholder stands for any text, and JSON text for its value."""
    if isinstance(wanted, str):
        return _text_agrees(actual, wanted)
    if isinstance(actual, str) and isinstance(wanted, dict | list):
        return _is_json(actual) and agrees(json.loads(actual), wanted)
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and actual.keys() >= wanted.keys() and _same_members(actual, wanted)
    if isinstance(wanted, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(wanted)
            and all(agrees(a, w) for a, w in zip(actual, wanted, strict=True))
        )
    return type(actual) is type(wanted) and bool(actual == wanted)


def _same_members(actual: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    extra = actual.keys() - wanted.keys() - _NOT_THEIRS
    return not extra and all(agrees(actual[name], value) for name, value in wanted.items())


def _text_agrees(actual: Any, wanted: str) -> bool:
    if actual == wanted:
        return True
    if not isinstance(actual, str):
        # Arrays and scalars were recorded as JSON text.
        return (_is_json(wanted) and agrees(actual, json.loads(wanted))) or bool(_PLACEHOLDER.fullmatch(wanted))
    if _is_object(wanted) and _is_object(actual):
        return agrees(json.loads(actual), json.loads(wanted))
    if wanted.startswith('"') and _is_json(wanted):
        return _text_agrees(actual, json.loads(wanted))
    pattern = ".*".join(re.escape(part) for part in _PLACEHOLDER.split(wanted))
    return re.fullmatch(pattern, actual, re.DOTALL) is not None


def _is_object(text: str) -> bool:
    return text.startswith("{") and _is_json(text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
