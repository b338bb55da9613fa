"""Task."""

from typing import Any

import pytest

from tests.libs.asl.factory import Story, after, task


def test_parameters_are_what_the_resource_is_given() -> None:
    story = Story({"A": task(InputPath="$.person", Parameters={"name.$": "$.name"})}, {"person": {"name": "Ada"}})
    assert story.effects[0].parameters == {"name": "Ada"}


def test_timeouts_may_come_from_the_input() -> None:
    story = Story({"A": task(TimeoutSecondsPath="$.t", HeartbeatSecondsPath="$.h")}, {"t": 30, "h": 10})
    assert (story.effects[0].timeout_at, story.execution.next_due) == (after(30), after(10))


@pytest.mark.parametrize("seconds", [0, -1, 1.5, "9", None, True])
def test_a_timeout_that_is_none_is_an_error(seconds: Any) -> None:
    assert Story({"A": task(TimeoutSecondsPath="$.t")}, {"t": seconds}).error == "States.Runtime"


def test_the_answer_is_the_output() -> None:
    story = Story({"A": task()}, {"name": "Ada"})
    story.succeed("A", {"ok": True})
    assert (story.status, story.output) == ("SUCCEEDED", {"ok": True})


def test_a_failure_that_nothing_catches_fails_the_execution() -> None:
    story = Story({"A": task()})
    story.fail("A", "Down", "no answer")
    assert (story.status, story.error, story.execution.cause) == ("FAILED", "Down", "no answer")
    assert story.types[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert story.history[-2].details == {
        "resourceType": "task",
        "resource": "kyc",
        "error": "Down",
        "cause": "no answer",
    }
