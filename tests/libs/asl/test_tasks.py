"""Tasks that are handed over, and answered later."""

import pytest

from libs.asl import TaskSubmitted, TaskSucceeded
from tests.libs.asl.factory import Story, after, task

TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
SYNC = "arn:aws:states:::states:startExecution.sync:2"


@pytest.mark.parametrize("resource", [TOKEN, SYNC, "arn:aws:states:::batch:submitJob.sync"])
def test_handing_over_is_told(resource: str) -> None:
    story = Story({"A": task(resource)})
    assert story.tell(TaskSubmitted(story.open("A"), {"id": 7})).applied
    assert (story.types[-1], story.history[-1].details["output"]) == ("TaskSubmitted", {"id": 7})
    assert not story.tell(TaskSubmitted(story.open("A"), {"id": 7})).applied
    story.succeed("A", "done")
    assert story.types.count("TaskSubmitted") == 1
    assert story.output == "done"


def test_what_is_answered_was_handed_over() -> None:
    story = Story({"A": task(TOKEN)})
    story.succeed("A", "done")
    assert story.types[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


def test_what_fails_or_comes_too_late_was_handed_over() -> None:
    story = Story({"A": task(TOKEN)})
    story.fail("A")
    assert story.types[3:6] == ["TaskStarted", "TaskSubmitted", "TaskFailed"]
    story = Story({"A": task(TOKEN, TimeoutSeconds=5)})
    story.wait(5)
    assert story.types[3:6] == ["TaskStarted", "TaskSubmitted", "TaskTimedOut"]


def test_other_tasks_are_not_handed_over() -> None:
    story = Story({"A": task()})
    assert not story.tell(TaskSubmitted(story.open("A"), None)).applied


def test_handing_over_keeps_the_times() -> None:
    story = Story({"A": task(TOKEN, TimeoutSeconds=60, HeartbeatSeconds=5)})
    story.tell(TaskSubmitted(story.open("A"), None))
    assert story.execution.next_due == after(5)
    assert story.tell(TaskSucceeded(story.open("A"), 1)).applied
