"""Runs recorded cases on a virtual clock, and says where this interpreter and the record differ."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from libs.asl import HistoryEvent, Machine
from libs.asl.simulation import EXECUTION_IDS, Recorded, Run, simulate

SHARED = Path(__file__).parents[4] / "shared" / "asl"

Case = Mapping[str, Any]


def read_cases(file: Path) -> list[Case]:
    """The cases of a file, one a line."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def run(case: Case) -> Run:
    """Run a case to its end, answering its tasks from the record."""
    recorded = Recorded(case.get("task_results") or ())
    return simulate(
        Machine.load(case["definition"]),
        case["input"],
        recorded,
        answer_child=recorded.in_child,
        execution_id=EXECUTION_IDS[case.get("type", "STANDARD")],
        stop=case["expected"]["status"] == "ABORTED",
    )


def differences(case: Case) -> list[str]:
    """Where the run and the record differ; empty means agreement."""
    done, expected = run(case), case["expected"]
    execution = done.execution
    found = []

    def compare(what: str, actual: Any, wanted: Any) -> None:
        if not agrees(actual, wanted):
            found.append(f"{what}: {json.dumps(actual)[:500]} instead of {json.dumps(wanted)[:500]}")

    compare("status", execution.status, expected["status"])
    for what, actual in (("output", execution.output), ("error", execution.error), ("cause", execution.cause)):
        if what in expected:
            compare(what, actual, expected[what])
    if not expected.get("history_merged"):
        types, entered = done.event_types, done.states_entered
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
