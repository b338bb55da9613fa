"""start and step: what every execution has in common."""

from datetime import datetime

import pytest

from libs.asl import ScheduleTask, Stop, TaskFailed, TaskHeartbeat, TaskSucceeded, TimersDue, start, step
from tests.libs.asl.factory import END, NOW, Story, after, machine, state, task


def test_an_execution_without_tasks_ends_in_its_first_step() -> None:
    story = Story({"A": state("Pass", Next="B"), "B": END}, {"name": "Ada"})
    assert (story.status, story.output) == ("SUCCEEDED", {"name": "Ada"})
    assert story.types == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert [event.id for event in story.history] == [1, 2, 3, 4, 5, 6]
    assert [event.previous_event_id for event in story.history] == [0, 0, 2, 3, 4, 5]


def test_it_stops_at_a_task_and_says_what_is_to_be_done() -> None:
    story = Story({"Kyc": task("kyc", TimeoutSeconds=30)}, {"name": "Ada"})
    assert story.effects == [ScheduleTask(3, "Kyc", "kyc", {"name": "Ada"}, 0, after(30))]
    assert story.execution.open_tasks == {3: "Kyc"}
    assert story.history[2].type == "TaskScheduled"
    assert story.execution.next_due == after(30)


@pytest.mark.parametrize(
    "event", [TaskSucceeded(3, "again"), TaskFailed(3, "E", None), TaskHeartbeat(3), TimersDue(), Stop(None, None)]
)
def test_an_ended_execution_changes_no_more(event: object) -> None:
    story = Story({"Kyc": task()})
    story.succeed("Kyc", "first")
    before = story.execution
    late = story.tell(event)  # type: ignore[arg-type]
    assert late.execution is before
    assert (late.applied, late.effects, late.history) == (False, (), ())


@pytest.mark.parametrize("event", [TaskSucceeded(99, None), TaskFailed(99, "E", None), TaskHeartbeat(99), TimersDue()])
def test_an_event_that_nobody_waits_for_changes_nothing(event: object) -> None:
    story = Story({"Kyc": task()})
    assert story.tell(event).applied is False  # type: ignore[arg-type]


def test_the_execution_given_to_step_stays_as_it_is() -> None:
    story = Story({"Kyc": task(Next="Aml"), "Aml": task()})
    before, document = story.execution, story.execution.to_document()
    story.succeed("Kyc", 1)
    assert before.to_document() == document
    assert (
        step(story.machine, before, TaskSucceeded(3, 1), NOW).execution.to_document() == story.execution.to_document()
    )


def test_stop_aborts() -> None:
    story = Story({"Kyc": task()})
    story.tell(Stop("Operator", "asked for"))
    assert (story.status, story.error, story.execution.cause) == ("ABORTED", "Operator", "asked for")
    assert story.execution.open_tasks == {}
    assert story.types[-1] == "ExecutionAborted"


def test_an_execution_is_not_stepped_with_another_machine() -> None:
    story = Story({"Kyc": task()})
    with pytest.raises(ValueError, match="another machine"):
        step(machine({"Aml": task()}), story.execution, TimersDue(), NOW)


def test_now_has_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        start(machine({"A": END}), execution_id="e", input={}, now=datetime(2026, 1, 1))


def loop(body: dict[str, object]) -> dict[str, object]:
    """A machine that does a thing until "$.done" is there, which it never is."""
    choices = [{"Variable": "$.done", "IsPresent": True, "Next": "End"}]
    return {"Body": body, "Until": state("Choice", Choices=choices, Default="Body"), "End": END}


@pytest.mark.parametrize("states", [loop(state("Pass", Next="Until")), {"A": state("Pass", Next="A")}])
def test_a_machine_that_loops_for_ever_is_ended_at_25000_events(states: dict[str, object]) -> None:
    story = Story(states)
    assert (story.status, story.error) == ("FAILED", "States.Runtime")
    assert "maximum number of history events" in (story.execution.cause or "")
    assert (story.history[-1].type, story.history[-1].id) == ("ExecutionFailed", 25_000)


def test_a_loop_of_timers_is_ended_too() -> None:
    story = Story(loop(state("Wait", Seconds=1, Next="Until")))
    story.wait(10_000_000)
    assert (story.status, len(story.history)) == ("FAILED", 25_000)


def test_an_execution_has_a_time_to_be_done_in() -> None:
    story = Story({"Kyc": task()}, TimeoutSeconds=60)
    assert story.execution.next_due == after(60)
    story.wait(60)
    assert (story.status, story.error, story.types[-1]) == ("TIMED_OUT", None, "ExecutionTimedOut")
    assert story.history[-1].details == {"error": "States.Timeout"}
    assert story.execution.next_due is None


def test_too_large_an_input_fails_at_once() -> None:
    story = Story({"A": END}, {"text": "x" * 262_144})
    assert (story.status, story.error) == ("FAILED", "States.DataLimitExceeded")


def test_too_large_an_output_fails_and_nothing_says_otherwise() -> None:
    huge = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    parameters = {"Parameters": {"a.$": "$.text", "b.$": "$.text"}}
    story = Story(
        {"A": task(ResultSelector=parameters["Parameters"], Catch=huge), "B": END},
    )
    story.succeed("A", {"text": "x" * 200_000})
    assert (story.status, story.error) == ("FAILED", "States.DataLimitExceeded")


def test_too_large_parameters_are_never_sent() -> None:
    story = Story({"A": task(Parameters={"a.$": "$.text", "b.$": "$.text"})}, {"text": "x" * 200_000})
    assert (story.status, story.error, story.effects) == ("FAILED", "States.DataLimitExceeded", [])


def test_too_large_an_answer_counts_as_the_tasks_own_failure() -> None:
    """As AWS recorded it: there States.ALL does catch it."""
    story = Story({"A": task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), "B": END})
    story.succeed("A", "x" * 262_144)
    assert story.output["Error"] == "States.DataLimitExceeded"
    assert "TaskFailed" in story.types


def test_a_task_cancelled_in_the_step_that_scheduled_it_is_never_asked_for() -> None:
    branches = [
        {"StartAt": "Kyc", "States": {"Kyc": task()}},
        {"StartAt": "No", "States": {"No": state("Fail", Error="No")}},
    ]
    story = Story({"Both": state("Parallel", Branches=branches)})
    assert (story.status, story.effects) == ("FAILED", [])
