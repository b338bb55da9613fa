"""Agreement with executions that AWS itself recorded: a few committed here, all of them where they are at hand."""

import sys
from pathlib import Path

import pytest

from libs.asl import InvalidDefinition, Machine
from tests.libs.asl.conformance import SHARED, Case, differences, read_cases

COMMITTED = Path(__file__).parent / "cases.jsonl"
EXECUTIONS = ("executions.jsonl", "executions_with_tasks.jsonl")


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
def test_every_recorded_execution_agrees(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        cases = recorded(file)
    found = {str(case["id"]): differences(case) for case in cases}
    disagreeing = {name: lines for name, lines in found.items() if lines}
    with capsys.disabled():
        print(f"\n{file}: {len(cases) - len(disagreeing)} of {len(cases)} agree")
    assert disagreeing == {}


def test_every_recorded_definition_is_judged_as_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        cases = recorded("definitions.jsonl")
    assert [case["id"] for case in cases if _is_valid(case) != case["valid"]] == []


def _is_valid(case: Case) -> bool:
    try:
        Machine.load(case["definition"])
    except InvalidDefinition:
        return False
    return True
