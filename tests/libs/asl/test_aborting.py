"""What is told of branches that are cancelled because another one failed."""

import pytest

import libs.asl.draft
from libs.asl import Stop
from tests.libs.asl.factory import END, Story, branch, state, task

REFUSED = {"B": {"Type": "Fail", "Error": "Refused"}}
PAUSE = {"A": state("Wait", Seconds=1, Next="B"), **REFUSED}
LONG = state("Wait", Seconds=60)
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def told(story: Story, since: str) -> list[tuple[str, int]]:
    """The types of the events after one, with how far back their previous events are from there."""
    first = story.types.index(since)
    base = story.history[first].id
    return [(event.type, event.previous_event_id - base) for event in story.history[first + 1 :]]


def test_each_branch_is_told_where_it_stood_before_the_parallel_fails() -> None:
    story = Story({"P": state("Parallel", Branches=[branch(T=task()), branch(**PAUSE), branch(W=LONG), branch(D=END)])})
    story.wait(1)
    assert told(story, "FailStateEntered") == [
        ("TaskStateAborted", 0),
        ("WaitStateAborted", 0),
        ("ParallelStateFailed", 0),
        ("ExecutionFailed", 3),
    ]


def test_each_iteration_is_told_before_the_state_where_it_stood() -> None:
    route = {"R": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "A"}], "Default": "W"}}
    story = Story({"M": state("Map", ItemProcessor=branch(**route, **PAUSE, W=LONG))}, [0, 1, 2])
    story.wait(1)
    assert told(story, "FailStateEntered") == [
        ("MapIterationAborted", 0),
        ("WaitStateAborted", 0),
        ("MapIterationAborted", 0),
        ("WaitStateAborted", 0),
        ("MapIterationFailed", 0),
        ("MapStateFailed", 0),
        ("ExecutionFailed", 6),
    ]
    aborted = [event.details for event in story.history if event.type == "MapIterationAborted"]
    assert aborted == [{"name": "M", "index": 0}, {"name": "M", "index": 2}]


def test_an_iteration_that_did_not_start_is_not_told() -> None:
    story = Story({"M": state("Map", MaxConcurrency=1, ItemProcessor=branch(**REFUSED))}, [0, 1])
    assert "MapIterationAborted" not in story.types


def test_an_iteration_that_started_in_no_state_is_told_alone() -> None:
    story = Story({"M": state("Map", ItemProcessor=branch(**REFUSED))}, [0, 1])
    assert told(story, "FailStateEntered")[:2] == [("MapIterationAborted", 0), ("MapIterationFailed", 0)]


def test_what_is_inside_a_branch_is_told_after_it() -> None:
    inner = state("Map", ItemsPath="$.items", ItemProcessor=branch(T=task()))
    nested = state("Parallel", Branches=[branch(M=inner), branch(W=LONG)])
    story = Story({"P": state("Parallel", Branches=[branch(N=nested), branch(**PAUSE)])}, {"items": [1]})
    story.wait(1)
    assert [kind for kind, _ in told(story, "FailStateEntered")] == [
        *("ParallelStateAborted", "MapStateAborted", "MapIterationAborted", "TaskStateAborted", "WaitStateAborted"),
        *("ParallelStateFailed", "ExecutionFailed"),
    ]


def test_of_a_map_run_only_itself_is_told() -> None:
    inner = state("Map", ItemsPath="$.items", ItemProcessor=branch(T=task()) | DISTRIBUTED)
    story = Story({"P": state("Parallel", Branches=[branch(M=inner), branch(**PAUSE)])}, {"items": [1, 2]})
    story.wait(1)
    assert told(story, "FailStateEntered")[:3] == [
        ("MapStateAborted", 0),
        ("MapRunAborted", 0),
        ("ParallelStateFailed", 0),
    ]


def test_a_task_between_two_attempts_is_told_too() -> None:
    retried = task(Retry=[{"ErrorEquals": ["Down"], "IntervalSeconds": 60}])
    story = Story({"P": state("Parallel", Branches=[branch(T=retried), branch(**PAUSE)])})
    story.fail("T")
    story.wait(1)
    assert told(story, "FailStateEntered")[:2] == [("TaskStateAborted", 0), ("ParallelStateFailed", 0)]


def test_a_failure_that_nothing_catches_cancels_in_silence() -> None:
    nowhere = {"A": state("Wait", Seconds=1, Next="B"), "B": state("Pass", InputPath="$.nope")}
    story = Story({"P": state("Parallel", Branches=[branch(W=LONG), branch(**nowhere)])})
    story.wait(1)
    assert (story.error, story.types[-2:]) == ("States.Runtime", ["PassStateEntered", "ExecutionFailed"])


@pytest.mark.parametrize("end", ["ExecutionAborted", "ExecutionTimedOut"])
def test_an_execution_that_is_stopped_or_times_out_says_nothing_of_its_branches(end: str) -> None:
    story = Story({"P": state("Parallel", Branches=[branch(T=task()), branch(W=LONG)])}, TimeoutSeconds=5)
    if end == "ExecutionAborted":
        story.tell(Stop(None, None))
    else:
        story.wait(5)
    assert [name for name in story.types if name.endswith(("Aborted", "TimedOut"))] == [end]


def test_what_is_told_counts_towards_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libs.asl.draft, "EVENT_LIMIT", 12)
    story = Story({"P": state("Parallel", Branches=[branch(T=task()), branch(W=LONG), branch(**PAUSE)])})
    assert len(story.history) == 8
    story.wait(1)
    assert (len(story.history), story.types[-2:]) == (12, ["TaskStateAborted", "ExecutionFailed"])
    assert (story.status, story.error, story.execution.branches) == ("FAILED", "States.Runtime", {})
