"""Timers: in the order of their due times, each at its own."""

from libs.asl import TaskHeartbeat, TaskSucceeded
from tests.libs.asl.factory import END, Story, after, branch, state, task


def test_timers_fire_in_the_order_of_their_due_times() -> None:
    branches = [branch(**{name: state("Wait", Seconds=seconds)}) for name, seconds in (("A", 3), ("B", 1), ("C", 2))]
    story = Story({"All": state("Parallel", Branches=branches)})
    assert story.execution.next_due == after(1)
    story.wait(10)
    left = [(event.details["name"], event.timestamp) for event in story.history if event.type == "WaitStateExited"]
    assert left == [("B", after(1)), ("C", after(2)), ("A", after(3))]


def test_a_timer_opened_by_another_fires_in_its_turn() -> None:
    branches = [
        branch(A=state("Wait", Seconds=1, Next="B"), B=state("Wait", Seconds=1)),
        branch(C=state("Wait", Seconds=3)),
    ]
    story = Story({"All": state("Parallel", Branches=branches)})
    story.wait(10)
    assert story.status == "SUCCEEDED"
    left = [(event.details["name"], event.timestamp) for event in story.history if event.type == "WaitStateExited"]
    assert left == [("A", after(1)), ("B", after(2)), ("C", after(3))]


def test_a_task_that_takes_too_long_times_out() -> None:
    story = Story({"A": task(TimeoutSeconds=5)})
    task_id = story.open("A")
    story.wait(60)
    assert (story.status, story.error, story.types[-2]) == ("FAILED", "States.Timeout", "TaskTimedOut")
    assert story.history[-1].timestamp == after(5)
    assert not story.tell(TaskSucceeded(task_id, 1)).applied


def test_a_task_that_falls_silent_times_out() -> None:
    story = Story({"A": task(HeartbeatSeconds=5, TimeoutSeconds=60)})
    story.now = after(4)
    assert story.tell(TaskHeartbeat(story.open("A"))).applied
    assert story.execution.next_due == after(9)
    assert not story.wait(3).applied
    story.wait(3)
    assert (story.status, story.error) == ("FAILED", "States.HeartbeatTimeout")


def test_a_late_heartbeat_never_shortens_the_time() -> None:
    story = Story({"A": task(HeartbeatSeconds=5)})
    for seconds in (4, 2):
        story.now = after(seconds)
        story.tell(TaskHeartbeat(story.open("A")))
    assert story.execution.next_due == after(9)


def test_a_heartbeat_to_a_task_that_has_none_changes_nothing() -> None:
    story = Story({"A": task()})
    assert not story.tell(TaskHeartbeat(story.open("A"))).applied


def test_a_closed_attempt_has_no_timer() -> None:
    story = Story({"A": task(TimeoutSeconds=5, Next="B"), "B": task()})
    story.succeed("A", {})
    assert story.execution.next_due is None
    assert not story.wait(60).applied


def test_a_timer_of_an_attempt_closed_by_another_timer_does_not_fire() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    story = Story({"A": task(HeartbeatSeconds=3, TimeoutSeconds=5, Catch=catch), "B": task()})
    story.wait(10)
    assert (story.status, list(story.execution.open_tasks.values())) == ("RUNNING", ["B"])
    assert story.types.count("TaskTimedOut") == 1


def test_a_timed_out_task_is_caught_and_tried_again() -> None:
    retry, catch = (
        [{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}],
        [{"ErrorEquals": ["States.ALL"], "Next": "B"}],
    )
    story = Story({"A": task(TimeoutSeconds=5, Retry=retry, Catch=catch), "B": END})
    story.wait(100)
    assert story.types.count("TaskTimedOut") == 2
    assert story.history[-1].timestamp == after(5 + 1 + 5)
    assert story.output == {"Error": "States.Timeout", "Cause": ""}


def test_a_timer_of_a_cancelled_branch_does_not_fire() -> None:
    branches = [branch(A=task(TimeoutSeconds=1)), branch(B=state("Wait", Seconds=2))]
    story = Story({"All": state("Parallel", Branches=branches)})
    story.wait(5)
    assert story.error == "States.Timeout"
    assert "WaitStateExited" not in story.types


def test_the_executions_own_timeout_comes_first_of_its_time() -> None:
    story = Story({"A": state("Wait", Seconds=5)}, TimeoutSeconds=5)
    story.wait(5)
    assert story.status == "TIMED_OUT"
