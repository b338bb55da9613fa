"""Redrive."""

import pytest

from libs.asl import ChildFailed, ChildSucceeded, Redrive, StartChild, Stop, TaskFailed, TaskSucceeded
from libs.asl.history import EVENT_LIMIT
from tests.libs.asl.factory import END, Story, after, branch, state, task


def test_the_state_that_failed_is_tried_again_and_is_not_entered_again() -> None:
    story = Story({"A": state("Pass", Result=1, Next="B"), "B": task(Next="C"), "C": END})
    task_id = story.open("B")
    story.fail("B", "Down", "no answer")
    assert story.tell(Redrive()).applied
    assert (story.status, story.error, story.execution.cause) == ("RUNNING", None, None)
    assert story.types[-3:] == ["ExecutionRedriven", "TaskScheduled", "TaskStarted"]
    assert not story.tell(TaskSucceeded(task_id, "late")).applied
    story.succeed("B", 2)
    assert (story.status, story.output) == ("SUCCEEDED", 2)


def test_attempts_are_counted_anew() -> None:
    story = Story({"A": task(Retry=[{"ErrorEquals": ["Down"], "MaxAttempts": 1}])})
    for _ in range(2):
        story.fail("A")
        story.wait(1)
    assert story.status == "FAILED"
    story.tell(Redrive())
    story.fail("A")
    assert story.status == "RUNNING"


def test_the_context_counts_redrives() -> None:
    story = Story({"A": task(Parameters={"n.$": "$$.Execution.RedriveCount"})})
    for _ in range(2):
        story.fail("A")
        story.tell(Redrive())
    assert [effect.parameters for effect in story.effects] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert [event.details["redriveCount"] for event in story.history if event.type == "ExecutionRedriven"] == [1, 2]


def test_branches_that_succeeded_keep_their_results() -> None:
    branches = [branch(A=task("a")), branch(B=task("b")), branch(C=task("c"))]
    story = Story({"P": state("Parallel", Branches=branches)})
    story.succeed("A", "a")
    story.fail("B")
    story.tell(Redrive())
    assert sorted(story.execution.open_tasks.values()) == ["B", "C"]
    story.succeed("B", "b")
    story.succeed("C", "c")
    assert story.output == ["a", "b", "c"]


def test_a_branch_whose_turn_had_not_come_is_entered() -> None:
    branches = [branch(A=state("Fail", Error="No")), branch(B=task("b"))]
    story = Story({"P": state("Parallel", Branches=branches)})
    assert "B" not in story.entered
    story.tell(Redrive())
    assert story.status == "FAILED"
    story = Story({"P": state("Parallel", Branches=list(reversed(branches)))})
    story.tell(Redrive())
    assert story.entered == ["P", "B", "A"]


def test_what_a_catcher_caught_is_not_gone_back_to() -> None:
    branches = [branch(A=task("a")), branch(B=task("b"))]
    catch = [{"ErrorEquals": ["Down"], "Next": "C"}]
    story = Story({"P": state("Parallel", Branches=branches, Catch=catch), "C": task("c")})
    story.fail("A")
    story.fail("C")
    story.tell(Redrive())
    assert list(story.execution.open_tasks.values()) == ["C"]


def test_a_wait_that_was_stopped_waits_until_its_time() -> None:
    story = Story({"A": state("Wait", Seconds=9)}, TimeoutSeconds=60)
    story.now = after(5)
    story.tell(Stop(None, None))
    story.now = after(7)
    story.tell(Redrive())
    assert story.execution.next_due == after(9)
    assert story.execution.timeout_at == after(7 + 60)


def test_child_executions_that_did_not_succeed_go_on() -> None:
    story = Story({"M": state("Map", ItemProcessor=branch(B=END), Label="m")}, [1, 2, 3])
    one, two, three = (effect for effect in story.asked if isinstance(effect, StartChild))
    story.tell(ChildSucceeded(one.child_id, "one"))
    story.tell(ChildFailed(two.child_id, "Down", None))
    story.asked.clear()
    story.tell(Redrive())
    again = [effect for effect in story.asked if isinstance(effect, StartChild)]
    assert [(effect.execution_id, effect.redriven) for effect in again] == [
        (two.execution_id, True),
        (three.execution_id, True),
    ]
    assert story.types[-2:] == ["ExecutionRedriven", "MapRunRedriven"]
    assert not story.tell(ChildFailed(two.child_id, "Down", None)).applied
    for effect in again:
        story.tell(ChildSucceeded(effect.child_id, effect.input))
    assert story.output == ["one", 2, 3]


def test_a_map_whose_own_output_failed_is_run_again_as_a_whole() -> None:
    selector = {"x.$": "$[0].x"}
    story = Story(
        {"M": state("Map", ItemProcessor=branch(B=END), ToleratedFailureCount=1, Label="m", ResultSelector=selector)},
        [1],
    )
    (child,) = (effect for effect in story.asked if isinstance(effect, StartChild))
    story.tell(ChildFailed(child.child_id, "Down", None))
    assert story.error == "States.Runtime"
    story.tell(Redrive())
    assert len(story.execution.open_children) == 1


@pytest.mark.parametrize("states", [{"A": task()}, {"A": END}])
def test_what_runs_or_has_succeeded_is_not_redriven(states: dict[str, object]) -> None:
    story = Story(states)
    assert not story.tell(Redrive()).applied


def test_an_execution_whose_history_is_full_is_not_redriven() -> None:
    story = Story({"A": state("Pass", Next="A")})
    assert story.history[-1].id == EVENT_LIMIT
    assert not story.tell(Redrive()).applied


def test_what_fails_again_can_be_redriven_again() -> None:
    story = Story({"A": state("Fail", Error="No")})
    story.tell(Redrive())
    assert (story.status, story.error, story.types[-2:]) == ("FAILED", "No", ["ExecutionRedriven", "ExecutionFailed"])
    assert story.tell(Redrive()).applied


def test_a_task_that_timed_out_with_its_execution_is_asked_for_again() -> None:
    story = Story({"A": task()}, TimeoutSeconds=5)
    story.wait(5)
    story.tell(Redrive())
    story.tell(TaskFailed(story.open("A"), "Down", None))
    assert (story.status, len(story.effects)) == ("FAILED", 2)
