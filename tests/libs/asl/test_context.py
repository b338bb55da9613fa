"""The context object."""

from libs.asl import Machine, ScheduleTask, TaskSucceeded, start, step
from tests.libs.asl.factory import NOW, Story, after, branch, state, task

WHOLE = {"Parameters": {"all.$": "$$"}}


def test_what_a_pass_state_sees() -> None:
    assert Story({"A": state("Pass", **WHOLE)}, {"name": "Ada"}).output["all"] == {
        "Execution": {
            "Id": "e1",
            "Name": "e1",
            "Input": {"name": "Ada"},
            "StartTime": "2026-01-01T00:00:00.000Z",
            "RedriveCount": 0,
        },
        "State": {"Name": "A", "EnteredTime": "2026-01-01T00:00:00.000Z"},
    }


def test_the_callers_context_is_merged_in() -> None:
    definition = {"StartAt": "A", "States": {"A": state("Pass", **WHOLE)}}
    context = {"StateMachine": {"Name": "kyc"}, "Execution": {"Name": "run 7"}}
    made = start(Machine.load(definition), execution_id="e1", input={}, now=NOW, context=context)
    seen = made.execution.output["all"]
    assert seen["StateMachine"] == {"Name": "kyc"}
    assert (seen["Execution"]["Id"], seen["Execution"]["Name"]) == ("e1", "run 7")


def test_a_task_sees_how_often_it_was_tried_again() -> None:
    story = Story({"A": task(Parameters={"n.$": "$$.State.RetryCount"}, Retry=[{"ErrorEquals": ["Down"]}])})
    story.fail("A")
    story.wait(1)
    assert [effect.parameters for effect in story.effects] == [{"n": 0}, {"n": 1}]


def test_the_entered_time_is_that_of_the_state() -> None:
    story = Story(
        {"W": state("Wait", Seconds=5, Next="A"), "A": state("Pass", Parameters={"t.$": "$$.State.EnteredTime"})}
    )
    story.wait(7)
    assert story.output == {"t": "2026-01-01T00:00:05.000Z"}
    assert story.history[-1].timestamp == after(5)


def test_an_item_is_seen_in_the_branches_inside_it() -> None:
    inner = state("Parallel", Branches=[branch(B=state("Pass", Parameters={"i.$": "$$.Map.Item.Index"}))])
    story = Story({"M": state("Map", ItemProcessor=branch(P=inner))}, ["a", "b"])
    assert story.output == [[{"i": 0}], [{"i": 1}]]


def test_a_task_that_waits_for_a_token_is_given_one() -> None:
    machine = Machine.load(
        {
            "StartAt": "A",
            "States": {
                "A": task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters={"t.$": "$$.Task.Token"})
            },
        }
    )
    made = start(
        machine, execution_id="e1", input={}, now=NOW, task_token=lambda execution, task_id: f"<{execution} {task_id}>"
    )
    (effect,) = made.effects
    assert isinstance(effect, ScheduleTask)
    assert effect.parameters == {"t": "<e1 3>"}
    assert step(machine, made.execution, TaskSucceeded(3, 1), NOW).execution.output == 1


def test_the_token_is_gone_when_the_answer_has_come() -> None:
    selector = {"t.$": "$$.Task.Token"}
    story = Story({"A": task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", ResultSelector=selector)})
    story.succeed("A", 1)
    assert story.error == "States.Runtime"


def test_other_tasks_have_no_token() -> None:
    assert Story({"A": task(Parameters={"t.$": "$$.Task.Token"})}).error == "States.Runtime"
