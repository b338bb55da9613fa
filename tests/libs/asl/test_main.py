"""`python -m libs.asl check`."""

import json
from pathlib import Path

import pytest

from libs.asl.__main__ import main
from tests.libs.asl.factory import END

GOOD = {"StartAt": "A", "States": {"A": END}}
BAD = {"StartAt": "B", "States": {"A": END}}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """One good definition, one bad, one that is no JSON."""
    texts = {"good": json.dumps(GOOD), "bad": json.dumps(BAD), "text": "StartAt"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name: str(tmp_path / name) for name in [*texts, "none"]}


def test_a_good_definition_is_passed_in_silence(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files["good"]]) == 0
    assert capsys.readouterr().out == ""


def test_the_problems_of_a_bad_one_are_printed(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files["bad"]]) == 1
    assert capsys.readouterr().out == '"StartAt" names no state ("B")\n'


def test_with_several_files_each_line_names_its_own(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", files["good"], files["bad"]]) == 1
    assert capsys.readouterr().out.startswith(files["bad"] + ": ")


@pytest.mark.parametrize("name", ["text", "none"])
def test_a_file_that_cannot_be_read_is_a_problem(name: str, files: dict[str, str]) -> None:
    assert main(["check", files[name]]) == 1


@pytest.mark.parametrize("arguments", [[], ["check"], ["run", "x"]])
def test_other_commands_are_not_understood(arguments: list[str]) -> None:
    assert main(arguments) == 2
