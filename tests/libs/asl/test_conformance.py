"""Agreement with executions that AWS itself recorded: a few committed here, all of them where they are at hand."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from libs.asl import InvalidDefinition, Machine
from tests.libs.asl.conformance import SHARED, Case, differences, read_cases, unsupported

COMMITTED = Path(__file__).parent / "cases.jsonl"
EXECUTIONS = ("executions.jsonl", "executions_with_tasks.jsonl")

# What must be run, and not only agree: a machine refused by mistake would else count as "not supported".
SUPPORTED = {"executions.jsonl": 426, "executions_with_tasks.jsonl": 40}

# Templates of another tool, which that tool fills in before anybody runs them.
NOT_RUNNABLE = {"asl-validator/valid-task-intrisic-function.json"}


@pytest.mark.parametrize("case", read_cases(COMMITTED), ids=lambda case: str(case["id"]))
def test_a_committed_case_agrees(case: Case) -> None:
    assert differences(case) == []


def recorded(file: str) -> list[Case]:
    """The recorded cases of a file, or a loud skip."""
    if not (SHARED / file).exists():
        message = f"THE LARGER CONFORMANCE RUN WAS NOT MADE: {SHARED / file} is missing; only {COMMITTED.name} was run"
        print(message, file=sys.stderr)
        pytest.skip(message)
    return read_cases(SHARED / file)


@pytest.mark.parametrize("file", EXECUTIONS)
def test_every_recorded_execution_that_is_supported_agrees(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        cases = recorded(file)
    supported = [case for case in cases if unsupported(case) is None]
    found = {str(case["id"]): differences(case) for case in supported}
    disagreeing = {name: lines for name, lines in found.items() if lines}
    with capsys.disabled():
        print(f"\n{file}: {len(supported) - len(disagreeing)} of {len(supported)} supported agree, {len(cases)} in all")
    assert disagreeing == {}
    assert len(supported) >= SUPPORTED[file]


def test_every_recorded_definition_is_judged_as_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        cases = recorded("definitions.jsonl")
    wrong, judged = [], Counter[str]()
    for case in cases:
        if unsupported(case) is not None:
            judged["not supported"] += 1
            continue
        valid = _is_valid(case)
        judged["valid" if valid else "invalid"] += 1
        if valid != case["valid"] and case["id"] not in NOT_RUNNABLE:
            wrong.append(case["id"])
    assert wrong == []
    assert judged["valid"] >= 26


def _is_valid(case: Case) -> bool:
    try:
        Machine.load(case["definition"])
    except InvalidDefinition:
        return False
    return True
