"""One line in, one line out: what `run --jsonl` and `check --jsonl` make of each line of JSON."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from libs.asl.checker import check
from libs.asl.execution import RUNNING, SUCCEEDED
from libs.asl.history import without_nones
from libs.asl.machine import Machine
from libs.asl.plain_json import parse
from libs.asl.policy import InvalidPolicy, Policy
from libs.asl.problems import InvalidDefinition, Problem
from libs.asl.simulation import EXECUTION_IDS, Recorded, Run, simulate

Answer = dict[str, Any]


class BadLine(ValueError):
    """A line that is not what the command reads."""


def run_line(line: bytes) -> str:
    """`{"definition", "input"?, "task_results"?, "type"?, "stop"?}` → how the execution ended, as JSON."""
    return _guarded(line, lambda asked: outcome(_simulated(asked)), lambda problems: {"status": "INVALID", **problems})


def check_line(line: bytes) -> str:
    """`{"definition", "policy"?}` → what is wrong with it, as JSON."""
    return _guarded(line, _checked, lambda problems: {"valid": False, **problems, "warnings": []})


def outcome(run: Run) -> Answer:
    """How an execution ended, or which states wait for an answer that nobody gave."""
    execution = run.execution
    answer: Answer = {"status": execution.status}
    if execution.status == SUCCEEDED:
        answer["output"] = execution.output
    answer |= without_nones(error=execution.error, cause=execution.cause)
    if execution.status == RUNNING:
        answer["waiting_for"] = sorted(
            {*execution.open_tasks.values(), *execution.open_children.values(), *execution.open_files.values()}
        )
    return {**answer, "events": run.event_types, "states_entered": run.states_entered}


def recorded(results: Any) -> Recorded:
    """The answers of tasks that a document lists; raises BadLine."""
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise BadLine("the results of tasks must be a list of objects")
    for index, result in enumerate(results):
        for name, (kinds, wanted) in _RESULT.items():
            if not isinstance(result.get(name), kinds | None):
                raise BadLine(f'task_results[{index}]: "{name}" must be {wanted}')
    return Recorded(results)


_RESULT: Mapping[str, tuple[type, str]] = {
    "state": (str, "the name of a state"),
    "error": (str, "the name of an error"),
    "timed_out": (bool, "true or false"),
}


def as_documents(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """Problems as JSON."""
    return [{"path": problem.path, "message": problem.message} for problem in problems]


def _simulated(asked: Mapping[str, Any]) -> Run:
    machine, results = Machine.load(asked["definition"]), recorded(asked.get("task_results") or [])
    kind, stop = asked.get("type", "STANDARD"), asked.get("stop", False)
    if not isinstance(kind, str) or kind not in EXECUTION_IDS:
        raise BadLine('"type" must be "STANDARD" or "EXPRESS"')
    if not isinstance(stop, bool):
        raise BadLine('"stop" must be true or false')
    return simulate(
        machine,
        asked.get("input", {}),
        results,
        answer_child=results.in_child,
        execution_id=EXECUTION_IDS[kind],
        stop=stop,
    )


def _checked(asked: Mapping[str, Any]) -> Answer:
    policy = Policy.load(asked["policy"]) if "policy" in asked else None
    found = check(asked["definition"], policy)
    return {
        "valid": not found.problems,
        "problems": as_documents(found.problems),
        "warnings": as_documents(found.warnings),
    }


def _guarded(line: bytes, work: Callable[[Mapping[str, Any]], Answer], refuse: Callable[[Answer], Answer]) -> str:
    """One line never ends the run: whatever is wrong with it is said in its own answer."""
    try:
        return json.dumps(work(_asked(line)), allow_nan=False)
    except InvalidDefinition as invalid:
        problems = invalid.problems
    except (BadLine, InvalidPolicy) as bad:
        problems = (Problem("", str(bad)),)
    except Exception as bug:
        problems = (Problem("", f"this line cannot be worked on: {type(bug).__name__}: {bug}"),)
    return json.dumps(refuse({"problems": as_documents(problems)}))


def _asked(line: bytes) -> Mapping[str, Any]:
    if not line.strip():
        raise BadLine("a line must be JSON: it is empty")
    try:
        asked = parse(line)
    except ValueError as error:
        raise BadLine(f"a line must be JSON: {error}") from None
    if not isinstance(asked, dict) or "definition" not in asked:
        raise BadLine('a line must be an object with a "definition"')
    return asked
