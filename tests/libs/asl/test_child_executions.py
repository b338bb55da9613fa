"""A distributed Map: its items are child executions."""

from typing import Any

import pytest

from libs.asl import ChildFailed, ChildSucceeded, StartChild, StopChild, start
from tests.libs.asl.factory import END, NOW, Story, branch, problems, state, task

CONFIG = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def each(**fields: Any) -> dict[str, Any]:
    """A distributed Map whose items each go to one task."""
    return state("Map", **{"ItemProcessor": {**CONFIG, **branch(Kyc=task())}, **fields})


def children(story: Story) -> list[StartChild]:
    """The child executions that were asked for so far."""
    return [effect for effect in story.asked if isinstance(effect, StartChild)]


def stopped(story: Story) -> list[int]:
    """The child executions that were to be stopped."""
    return [effect.child_id for effect in story.asked if isinstance(effect, StopChild)]


def test_each_item_is_asked_for_and_gathered_in_order() -> None:
    story = Story({"M": each()}, ["Ada", "Bob"])
    one, other = children(story)
    assert [(child.state, child.input, child.redriven) for child in (one, other)] == [
        ("M", "Ada", False),
        ("M", "Bob", False),
    ]
    story.tell(ChildSucceeded(other.child_id, "b"))
    assert story.execution.open_children == {one.child_id: one.execution_id}
    story.tell(ChildSucceeded(one.child_id, "a"))
    assert (story.status, story.output) == ("SUCCEEDED", ["a", "b"])
    assert story.types[1:] == [
        "MapStateEntered",
        "MapStateStarted",
        "MapRunStarted",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ]


def test_what_comes_after_goes_on_from_the_start_of_the_map_run() -> None:
    story = Story({"M": each()}, [])
    assert [event.previous_event_id for event in story.history] == [0, 0, 2, 3, 4, 5, 4, 7]


def test_a_child_execution_is_started_with_the_same_machine() -> None:
    story = Story({"M": each()}, ["Ada"], TimeoutSeconds=5)
    (child,) = children(story)
    made = start(
        story.machine,
        execution_id=child.execution_id,
        input=child.input,
        now=NOW,
        context=child.context,
        map_state=child.state,
    )
    assert list(made.execution.open_tasks.values()) == ["Kyc"]
    assert made.execution.timeout_at is None
    with pytest.raises(ValueError, match="no distributed Map"):
        start(story.machine, execution_id="e", input=1, now=NOW, map_state="Kyc")


def test_the_map_run_and_its_executions_are_named_as_on_aws() -> None:
    arn = "arn:aws:states:us-east-1:111111111111:execution:machine:run"
    machine = Story({"M": each(Label="people")}, [1]).machine
    made = start(machine, execution_id=arn, input=[1], now=NOW)
    (child,) = made.effects
    assert isinstance(child, StartChild)
    assert child.execution_id.startswith("arn:aws:states:us-east-1:111111111111:execution:machine/people:")
    run = made.history[3].details["mapRunArn"]
    assert run.startswith("arn:aws:states:us-east-1:111111111111:mapRun:machine/people:")


def test_no_more_than_max_concurrency_run_at_once() -> None:
    story = Story({"M": each(MaxConcurrency=2)}, [1, 2, 3])
    assert len(children(story)) == 2
    story.tell(ChildSucceeded(children(story)[0].child_id, 1))
    assert len(children(story)) == 3


@pytest.mark.parametrize("fields", [{}, {"MaxConcurrency": 0}, {"MaxConcurrency": 5000}])
def test_a_thousand_run_at_once_at_most(fields: dict[str, Any]) -> None:
    story = Story({"M": each(**fields)}, [None] * 1002)
    assert len(children(story)) == 1000
    story.tell(ChildSucceeded(children(story)[0].child_id, 1))
    assert len(children(story)) == 1001


def test_items_that_are_given_too_much_together_are_refused() -> None:
    fields = {"ItemsPath": "$.items", "ItemSelector": {"all.$": "$.large"}}
    large = "x" * 250_000
    story = Story({"M": each(**fields)}, {"items": [None] * 140, "large": large})
    assert (story.execution.error, story.types[-2:]) == (
        "States.DataLimitExceeded",
        ["MapStateStarted", "ExecutionFailed"],
    )
    assert children(Story({"M": each(**fields)}, {"items": [None] * 120, "large": large}))


def test_items_that_give_too_much_together_fail_the_map() -> None:
    story = Story({"M": each()}, [None] * 140)
    for child in children(story):
        if story.tell(ChildSucceeded(child.child_id, "x" * 250_000)).execution.status == "FAILED":
            break
    assert story.execution.error == "States.DataLimitExceeded"
    assert story.types[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]
    assert len(stopped(story)) == 140 - 1 - 32 * 2**20 // 250_000


def test_children_do_not_see_the_variables_around_them_and_may_use_their_names() -> None:
    inner = {**CONFIG, **branch(B=state("Pass", Assign={"x": 2}))}
    assert problems({"A": state("Pass", Assign={"x": 1}, Next="M"), "M": each(ItemProcessor=inner)}) == []


def test_a_child_that_fails_fails_the_map_and_stops_the_others() -> None:
    story = Story({"M": each(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "A"}]), "A": END}, [1, 2])
    one, other = children(story)
    story.tell(ChildFailed(one.child_id, "Down", None))
    assert story.output == {
        "Error": "States.ExceedToleratedFailureThreshold",
        "Cause": "The specified tolerated failure threshold was exceeded",
    }
    assert stopped(story) == [other.child_id]
    assert story.types[4:7] == ["MapRunFailed", "MapStateFailed", "MapStateExited"]


@pytest.mark.parametrize(
    ("fields", "failures", "status"),
    [
        ({"ToleratedFailureCount": 1}, 1, "SUCCEEDED"),
        ({"ToleratedFailureCount": 1}, 2, "FAILED"),
        ({"ToleratedFailurePercentage": 50}, 2, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 49.5}, 2, "FAILED"),
        ({"ToleratedFailureCount": 3, "ToleratedFailurePercentage": 25}, 2, "FAILED"),
        ({"ToleratedFailureCountPath": "$[0]"}, 1, "SUCCEEDED"),
    ],
)
def test_failures_are_tolerated(fields: dict[str, Any], failures: int, status: str) -> None:
    story = Story({"M": each(**fields)}, [1, 2, 3, 4])
    for number, child in enumerate(children(story)):
        failed = number < failures
        story.tell(ChildFailed(child.child_id, "E", None) if failed else ChildSucceeded(child.child_id, number))
    assert story.status == status
    if status == "SUCCEEDED":
        assert story.output == list(range(failures, 4))


def test_a_tolerance_that_is_none_is_an_error_once_the_map_has_started() -> None:
    story = Story({"M": each(ToleratedFailureCountPath="$[0]")}, [-1])
    assert story.types[-2:] == ["MapStateStarted", "ExecutionFailed"]
    assert (story.execution.cause or "").endswith("ToleratedFailureCount cannot be negative.")


def test_an_execution_that_is_stopped_stops_its_children() -> None:
    story = Story({"M": each()}, [1], TimeoutSeconds=9)
    story.wait(9)
    assert (story.status, stopped(story)) == ("TIMED_OUT", [children(story)[0].child_id])


def test_a_late_or_repeated_end_changes_nothing() -> None:
    story = Story({"M": each(ToleratedFailureCount=2)}, [1, 2])
    one, _ = children(story)
    story.tell(ChildFailed(one.child_id, "E", None))
    assert not story.tell(ChildFailed(one.child_id, "E", None)).applied
    assert not story.tell(ChildSucceeded(one.child_id, 1)).applied


def test_nothing_to_do_is_done() -> None:
    story = Story({"M": each()}, [])
    assert (story.status, story.output) == ("SUCCEEDED", [])


def test_a_child_started_and_cancelled_in_one_step_is_never_asked_for() -> None:
    no = state("Fail", Error="No")
    story = Story({"P": state("Parallel", Branches=[branch(M=each()), branch(N=no)])}, [1])
    assert (story.status, story.asked) == ("FAILED", [])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"Label": "x" * 41}, '"Label" has 1 to 40 characters'),
        ({"Label": "a b"}, '"Label" has 1 to 40 characters, and no blanks'),
        ({"ToleratedFailureCount": -1}, '"ToleratedFailureCount" must be a whole number of at least 0'),
        ({"ToleratedFailurePercentage": 101}, '"ToleratedFailurePercentage" must not be more than 100'),
        ({"ToleratedFailureCount": 1, "ToleratedFailureCountPath": "$"}, "exclude each other"),
        ({"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **branch(B=END)}}, '"ExecutionType" must be'),
        ({"ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **branch(B=END)}, "Label": "x"}, "needs an Item"),
        ({"ItemProcessor": {"ProcessorConfig": {"Mode": "OTHER"}, **branch(B=END)}}, '"Mode" must be'),
    ],
)
def test_a_fault_is_refused(fields: dict[str, Any], problem: str) -> None:
    found = problems({"M": each(**fields)})
    assert any(problem in line for line in found), found
