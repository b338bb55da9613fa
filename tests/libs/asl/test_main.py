"""The commands: `python -m libs.asl check|run|draw`."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from libs.asl.__main__ import main
from tests.libs.asl.factory import END, branch, task

GOOD = {"StartAt": "A", "States": {"A": END}}
BAD = {"StartAt": "B", "States": {"A": END}}
RISKY = branch(A=task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Reject"}]), Reject=END)
POLICY = {"passes": [{"Type": "Pass"}], "requires": {"KYC": [{"Resource": "kyc"}]}}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Definitions good, bad and risky, one that is no JSON, one that is not there."""
    texts = {"good": json.dumps(GOOD), "bad": json.dumps(BAD), "risky": json.dumps(RISKY), "text": "StartAt"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name: str(tmp_path / name) for name in [*texts, "none", "history"]}


def write(folder: Path, name: str, document: Any) -> str:
    (folder / name).write_text(json.dumps(document))
    return str(folder / name)


def lines_in(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_a_good_definition_is_passed_in_silence(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files["good"]]) == 0
    assert capsys.readouterr().out == ""


def test_the_problems_of_a_bad_one_are_printed(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files["bad"]]) == 1
    assert capsys.readouterr().out == '"StartAt" names no state ("B")\n'


def test_a_warning_is_printed_as_one_and_is_no_failure(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", files["risky"]]) == 0
    assert capsys.readouterr().out.startswith('States.A.Catch[0]: warning: "States.ALL" catches outages too')


def test_with_several_files_each_line_names_its_own(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files["good"], files["bad"]]) == 1
    assert capsys.readouterr().out.startswith(files["bad"] + ": ")


@pytest.mark.parametrize("name", ["text", "none"])
def test_a_file_that_cannot_be_read_is_a_problem(name: str, files: dict[str, str]) -> None:
    assert main(["check", files[name]]) == 1
    assert main(["run", files[name]]) == 1
    assert main(["run", files["good"], "--input", files[name]]) == 1


def test_a_policy_is_given_or_stands_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    definition, policy = write(tmp_path, "one.asl.json", GOOD), write(tmp_path, "other.json", POLICY)
    assert main(["check", definition, "--policy", policy]) == 1
    assert main(["check", definition]) == 0
    write(tmp_path, "one.policy.json", POLICY)
    assert main(["check", definition]) == 1
    assert capsys.readouterr().out == "States.A: somebody can pass without KYC: A\n" * 2


def test_a_policy_that_is_none_is_a_problem(files: dict[str, str]) -> None:
    assert main(["check", files["good"], "--policy", files["good"]]) == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["check"], ["run"], ["judge", "x"], ["check", "x", "--jsonl"], ["run", "x", "--jsonl"], ["run", "x", "y"]],
)
def test_other_commands_are_not_understood(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_help_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "check" in capsys.readouterr().out


def test_a_run_prints_its_trace_and_its_outcome(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", files["good"], "--input", write(tmp_path, "input", {"a": 1})]) == 0
    *lines, outcome = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == [
        *("ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded")
    ]
    assert json.loads(outcome) == {"status": "SUCCEEDED", "output": {"a": 1}}


def test_a_run_can_be_given_results_and_write_its_history(files: dict[str, str], tmp_path: Path) -> None:
    results = write(tmp_path, "results", [{"state": "A", "error": "Down", "cause": None}])
    assert main(["run", files["risky"], "--results", results, "--history", files["history"]]) == 0
    events = json.loads(Path(files["history"]).read_text())["events"]
    assert [event["type"] for event in events if event["type"].startswith("Task")][-2] == "TaskFailed"


def test_a_run_that_does_not_succeed_is_a_failure(files: dict[str, str]) -> None:
    assert main(["run", files["risky"]]) == 1
    assert main(["run", files["bad"]]) == 1
    assert main(["run", files["good"], "--results", files["good"]]) == 1


def test_each_line_is_answered_by_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = b'{"definition": ' + json.dumps(GOOD).encode() + b', "input": 1}\n\nnonsense\n{"definition": {}}'
    for command, answers in (("run", ["SUCCEEDED", *["INVALID"] * 3]), ("check", [True, *[False] * 3])):
        lines_in(monkeypatch, text)
        assert main([command, "--jsonl"]) == 0
        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line.get("status", line.get("valid")) for line in told] == answers


def test_a_machine_is_drawn_to_a_file_or_printed(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.svg"
    assert main(["draw", files["bad"]]) == 0
    assert main(["draw", files["bad"], "-o", str(out)]) == 0
    assert out.read_text() == capsys.readouterr().out
    assert out.read_text().startswith("<svg ")


def test_what_a_run_writes_colours_the_picture(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", files["good"], "--history", files["history"]]) == 0
    capsys.readouterr()
    assert main(["draw", files["good"], "--history", files["history"]]) == 0
    assert '<g class="state Pass done">' in capsys.readouterr().out


def test_what_cannot_be_drawn_is_said(files: dict[str, str], tmp_path: Path) -> None:
    assert main(["draw", files["text"]]) == 1
    assert main(["draw", write(tmp_path, "empty", {})]) == 1
    assert main(["draw", files["good"], "--history", files["good"]]) == 1


@pytest.mark.parametrize("arguments", [["draw", "-o"], ["run", "--history"]])
def test_what_cannot_be_written_is_said(
    arguments: list[str], files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command, option = arguments
    nowhere = str(tmp_path / "none" / "file")
    assert main([command, files["good"], option, nowhere]) == 1
    assert capsys.readouterr().err.startswith(f"{nowhere} cannot be written: ")


@pytest.mark.parametrize("command", ["check", "run", "draw"])
def test_a_state_that_is_written_twice_is_not_lost(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "twice"
    file.write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Fail"}}}')
    assert main([command, str(file)]) == 1
    told = capsys.readouterr()
    assert '"A" stands twice in one object' in told.out + told.err
