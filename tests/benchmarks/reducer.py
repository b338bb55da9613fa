"""What the workflow language costs on its own: executions a second on one core, history and limits on."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from libs.asl import Execution, Machine, TaskFailed, TaskSucceeded, TimersDue, start, step

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PERSON = {"name": {"given": "Ada", "family": "Lovelace"}, "country": "GB", "documents": [1, 2, 3, 4, 5]}


def _pass(**fields: Any) -> dict[str, Any]:
    return {"Type": "Pass", **({} if "Next" in fields else {"End": True}), **fields}


FIVE_PASS = {"StartAt": "A", "States": {a: _pass(Next=b) for a, b in zip("ABCD", "BCDE", strict=True)} | {"E": _pass()}}
# Choice, Parallel, a Map of five and a Task that is tried again, twelve states in all.
TWELVE = {
    "StartAt": "Prepare",
    "States": {
        "Prepare": _pass(Parameters={"country.$": "$.country", "documents.$": "$.documents"}, Next="Where"),
        "Where": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.country", "StringEquals": "XX", "Next": "Done"}],
            "Default": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Kyc", "States": {"Kyc": _pass(Next="Kyc2"), "Kyc2": _pass()}},
                {"StartAt": "Aml", "States": {"Aml": _pass()}},
            ],
            "ResultPath": "$.both",
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.documents",
            "ItemProcessor": {"StartAt": "Read", "States": {"Read": _pass(Next="Judge"), "Judge": _pass()}},
            "ResultPath": "$.read",
            "Next": "Decide",
        },
        "Decide": {
            "Type": "Task",
            "Resource": "decision",
            "Retry": [{"ErrorEquals": ["Down"]}],
            "ResultPath": "$.decision",
            "Next": "Mark",
        },
        "Mark": _pass(Result=True, ResultPath="$.done", Next="Done"),
        "Done": {"Type": "Succeed"},
    },
}
JSONATA = {
    "QueryLanguage": "JSONata",
    "StartAt": "A",
    "States": {
        "A": _pass(Assign={"name": "{% $states.input.name.given & ' ' & $states.input.name.family %}"}, Next="B"),
        "B": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.country = 'GB' %}", "Next": "C"}],
            "Default": "D",
        },
        "C": _pass(Output={"name": "{% $name %}", "n": "{% $count($states.input.documents) %}"}, Next="D"),
        "D": _pass(),
    },
}
LOOP = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Task", "Resource": "kyc", "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": True, "Next": "C"}], "Default": "A"},
        "C": {"Type": "Succeed"},
    },
}


def run() -> dict[str, Any]:
    """The figures."""
    five, twelve, jsonata = (Machine.load(definition) for definition in (FIVE_PASS, TWELVE, JSONATA))
    return {
        "five_pass_per_second": _rate(lambda: start(five, execution_id="e", input=PERSON, now=NOW), 20_000),
        "twelve_states_per_second": _rate(lambda: _answered(twelve), 3_000),
        "jsonata_per_second": _rate(lambda: start(jsonata, execution_id="e", input=PERSON, now=NOW), 5_000),
        "step_us_by_history": _by_history(),
    }


def _rate(once: Callable[[], Any], count: int) -> int:
    once()
    begun = time.process_time()
    for _ in range(count):
        once()
    return round(count / (time.process_time() - begun))


def _task(execution: Execution) -> int:
    (task_id,) = execution.open_tasks
    return task_id


def _answered(machine: Machine) -> Execution:
    """The task fails, is tried again, and answers."""
    execution = start(machine, execution_id="e", input=PERSON, now=NOW).execution
    execution = step(machine, execution, TaskFailed(_task(execution), "Down", None), NOW).execution
    later = execution.next_due
    assert later is not None
    execution = step(machine, execution, TimersDue(), later).execution
    execution = step(machine, execution, TaskSucceeded(_task(execution), {"ok": True}), later).execution
    assert execution.status == "SUCCEEDED"
    return execution


def _by_history() -> dict[str, float]:
    """µs of a step, by how many events there were before it: it does not grow."""
    machine, taken = Machine.load(LOOP), {}
    execution = start(machine, execution_id="e", input={}, now=NOW).execution
    for events in (1_000, 10_000, 20_000):
        while execution.last_event_id < events:
            execution = step(machine, execution, TaskSucceeded(_task(execution), {}), NOW).execution
        begun, count = time.process_time(), 500
        for _ in range(count):
            execution = step(machine, execution, TaskSucceeded(_task(execution), {}), NOW).execution
        taken[str(events)] = round((time.process_time() - begun) / count * 1e6, 1)
    return taken
