"""What is told of a failure on its way out."""

from typing import Any

from tests.libs.asl.factory import END, Story, branch, jsonata, state, task

ALL = [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]


def told(story: Story, first: int = 3) -> list[tuple[str, int]]:
    """The types of the events from the nth on, with their previous events."""
    return [(event.type, event.previous_event_id) for event in story.history[first:]]


def both(inner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A Parallel of one branch of one state."""
    return state("Parallel", Branches=[branch(B=inner)], **fields)


def test_a_failure_that_nothing_catches_is_told_once() -> None:
    nowhere = state("Pass", InputPath="$.nope")
    assert told(Story({"P": both(nowhere, Catch=ALL), "Done": END})) == [
        ("PassStateEntered", 3),
        ("ExecutionFailed", 4),
    ]
    story = Story({"M": state("Map", ItemProcessor=branch(B=nowhere))}, [{}])
    assert told(story) == [("MapIterationStarted", 3), ("PassStateEntered", 4), ("ExecutionFailed", 5)]


def test_a_fail_state_fails_what_is_around_it() -> None:
    story = Story({"P": both(state("Fail", Error="No"))})
    assert told(story) == [("FailStateEntered", 3), ("ParallelStateFailed", 4), ("ExecutionFailed", 5)]


def test_a_branch_that_its_task_ends_is_aborted() -> None:
    story = Story({"P": both(task(), Catch=ALL), "Done": END})
    story.fail("B")
    assert told(story, 6)[:4] == [
        ("TaskFailed", 6),
        ("TaskStateAborted", 7),
        ("ParallelStateFailed", 7),
        ("ParallelStateExited", 9),
    ]


def test_a_failure_that_is_caught_in_the_branch_aborts_nothing() -> None:
    branches = [branch(B=task(Catch=[{"ErrorEquals": ["Down"], "Next": "C"}]), C=END)]
    story = Story({"P": state("Parallel", Branches=branches)})
    story.fail("B")
    assert (story.status, "TaskStateAborted" in story.types) == ("SUCCEEDED", False)


def test_an_iteration_that_fails_is_passed_by() -> None:
    inner = jsonata("Pass", Output="{% $states.input.none %}")
    story = Story({"M": jsonata("Map", Items=[1], ItemProcessor=branch(B=inner))})
    assert [(kind, previous) for kind, previous in told(story, 6)] == [
        ("MapIterationFailed", 6),
        ("MapStateFailed", 6),
        ("ExecutionFailed", 8),
    ]


def test_a_parallel_whose_own_result_is_of_no_use() -> None:
    story = Story({"P": both(END, ResultSelector={"m.$": "$.nope"})})
    assert told(story, 5) == [("ParallelStateSucceeded", 5), ("ExecutionFailed", 6)]


def test_a_catcher_that_fails_itself_fails_the_state_once_more() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.input.none %}", "Next": "Done"}]
    story = Story({"P": both(state("Fail", Error="No"), QueryLanguage="JSONata", Catch=catch), "Done": END})
    assert told(story, 4) == [
        ("ParallelStateFailed", 4),
        ("EvaluationFailed", 4),
        ("ParallelStateFailed", 6),
        ("ExecutionFailed", 7),
    ]
    assert "'Catch[0]/Output'" in (story.execution.cause or "")
