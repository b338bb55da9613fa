"""A Task that starts another execution."""

import json

import pytest

from libs.asl import TaskFailed, TaskSucceeded
from libs.asl.start_execution import awaits_end, ended, started, starts_execution
from tests.libs.asl.factory import NOW, Story, after, state, task

START = "arn:aws:states:::states:startExecution"
PARAMETERS = {"StateMachineArn": "kyc", "Input": {"name": "Ada"}}
OTHER = Story({"A": state("Pass", Result={"ok": True})}, {"name": "Ada"}).execution
FAILED = Story({"A": state("Fail", Error="Down", Cause="so")}).execution


def asking(pattern: str) -> Story:
    """An execution that starts another one."""
    return Story({"A": task(START + pattern, Parameters=PARAMETERS)})


@pytest.mark.parametrize(("pattern", "waits"), [("", False), (".sync", True), (".sync:2", True)])
def test_which_tasks_start_an_execution(pattern: str, waits: bool) -> None:
    (effect,) = asking(pattern).effects
    assert (starts_execution(effect), awaits_end(effect)) == (True, waits)


def test_other_tasks_start_none() -> None:
    (effect,) = Story({"A": task()}).effects
    assert not starts_execution(effect)


def test_one_that_does_not_wait_is_told_of_the_start() -> None:
    story = asking("")
    story.tell(started(story.effects[0], OTHER))
    assert story.output == {"ExecutionArn": "e1", "StartDate": int(NOW.timestamp() * 1000)}


@pytest.mark.parametrize(("pattern", "output"), [(".sync", '{"ok":true}'), (".sync:2", {"ok": True})])
def test_one_that_waits_is_told_of_the_end(pattern: str, output: object) -> None:
    answer = ended(asking(pattern).effects[0], OTHER, after(5))
    assert isinstance(answer, TaskSucceeded)
    assert (answer.output["Status"], answer.output["Output"]) == ("SUCCEEDED", output)
    assert answer.output["StopDate"] - answer.output["StartDate"] == 5000
    assert list(answer.output) == [
        *("ExecutionArn", "Input", "InputDetails", "Name", "Output", "OutputDetails", "RedriveCount", "RedriveStatus"),
        *("RedriveStatusReason", "StartDate", "StateMachineArn", "Status", "StopDate"),
    ]


def test_one_that_failed_fails_the_task() -> None:
    answer = ended(asking(".sync:2").effects[0], FAILED, after(5))
    assert isinstance(answer, TaskFailed)
    assert answer.error == "States.TaskFailed"
    cause = json.loads(answer.cause or "")
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "Down", "so")
    assert (cause["RedriveStatus"], "Output" in cause, "OutputDetails" in cause) == ("REDRIVABLE", False, False)
