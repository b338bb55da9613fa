"""`states:startExecution`: a Task starts another workflow of this project, and is answered as on AWS."""

import json
from datetime import timedelta
from typing import Any

import pytest

from libs.asl import ScheduleTask
from services.orchestration.definitions import shipped_resources
from services.orchestration.nested import Refused, wanted
from tests.factory import person, requested
from tests.services.orchestration.conftest import Alone, answer, outcome
from tests.services.orchestration.test_children import ADA, children, ended, execution_of, story, types
from tests.services.orchestration.test_commands import commanded
from tests.services.orchestration.test_service import KYC

START = "arn:aws:states:::states:startExecution"


def asking(pattern: str, **parameters: Any) -> dict[str, Any]:
    """The states of a workflow that starts another."""
    given = {"StateMachineArn": "Other", "Input": {"of": "Ada"}, **parameters}
    return {"Ask": {"Type": "Task", "Resource": START + pattern, "Parameters": given, "End": True}}


async def both(alone: Alone, pattern: str, **parameters: Any) -> None:
    await alone.define("Other", {"Check": {**KYC, "ResultPath": "$.kyc", "OutputPath": "$.of"}})
    await alone.define("Asking", asking(pattern, **parameters))


async def test_one_that_does_not_wait_is_told_of_the_start(alone: Alone) -> None:
    await both(alone, "")
    start = requested("Asking", individual=ADA)
    await alone.settle(start)
    ((child, chapters),) = children(alone, start).items()
    state, output = ended(alone, start)
    assert (state, json.loads(output or "").keys()) == ("SUCCEEDED", {"ExecutionArn", "StartDate"})
    assert json.loads(output or "")["ExecutionArn"] == child
    assert chapters[0].started is not None
    assert (chapters[0].started.workflowName, chapters[0].state) == ("Other", "RUNNING")
    assert alone.requests("kyc")[0].individual == ADA
    # It goes on without the one that started it.
    await alone.settle(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    assert story(alone, child)[-1].output == '"Ada"'


@pytest.mark.parametrize(("pattern", "output"), [(".sync", '"Ada"'), (".sync:2", "Ada")])
async def test_one_that_waits_is_told_of_the_end(alone: Alone, pattern: str, output: str) -> None:
    await both(alone, pattern)
    start = requested("Asking")
    await alone.settle(start)
    assert ended(alone, start)[0] == "RUNNING"
    assert "TaskSubmitted" in types(story(alone, execution_of(start)))
    await alone.settle(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    state, told = ended(alone, start)
    assert state == "SUCCEEDED"
    assert json.loads(told or "")["Output"] == output
    assert json.loads(told or "")["StateMachineArn"] == "Other"


async def test_the_failure_of_the_other_fails_the_task(alone: Alone) -> None:
    await both(alone, ".sync:2")
    start = requested("Asking")
    await alone.settle(start)
    await alone.settle(answer(alone.requests("kyc")[0], "kyc", error="Check.SourceUnavailable"))
    last = story(alone, execution_of(start))[-1]
    assert (last.state, last.error) == ("FAILED", "States.TaskFailed")
    cause = json.loads(last.cause or "")
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "Check.SourceUnavailable", "it is down")


async def test_one_that_times_out_or_is_stopped_fails_the_task(alone: Alone) -> None:
    await alone.define("Other", {"Check": KYC}, TimeoutSeconds=20)
    await alone.define("Asking", asking(".sync"))
    timed, stopped = requested("Asking"), requested("Asking", "p2")
    await alone.settle(timed, stopped)
    (child,) = children(alone, stopped)
    await alone.settle(commanded(stopped, "STOP", workflowExecutionId=child, entityId="p2"))
    await alone.pass_time(timedelta(seconds=20))
    await alone.settle()
    for start, status in ((timed, "TIMED_OUT"), (stopped, "ABORTED")):
        last = story(alone, execution_of(start))[-1]
        assert (last.error, json.loads(last.cause or "")["Status"]) == ("States.TaskFailed", status)


async def test_one_that_is_waited_for_no_more_is_stopped(alone: Alone) -> None:
    await both(alone, ".sync")
    start = requested("Asking")
    await alone.settle(start)
    (child,) = children(alone, start)
    await alone.settle(commanded(start, "STOP"))
    assert story(alone, child)[-1].state == "ABORTED"
    assert execution_of(start) in (story(alone, child)[-1].cause or "")
    await alone.define("Timed", {"Ask": {**asking(".sync")["Ask"], "TimeoutSeconds": 30}})
    timed = requested("Timed")
    await alone.settle(timed)
    await alone.pass_time(timedelta(seconds=30))
    await alone.settle()
    (child,) = children(alone, timed)
    assert (ended(alone, timed)[0], story(alone, child)[-1].state) == ("FAILED", "ABORTED")


async def test_a_name_is_started_once_for_a_person_while_it_runs_with_the_same_input(alone: Alone) -> None:
    await both(alone, ".sync", Name="screening")
    starts = [requested("Asking"), requested("Asking"), requested("Asking", entity="p2", individual=person("Bob"))]
    await alone.settle(*starts)
    assert len(alone.requests("kyc")) == 2
    for one in alone.requests("kyc"):
        await alone.settle(answer(one, "kyc", outcome("KYC")))
    assert [ended(alone, one)[0] for one in starts] == ["SUCCEEDED"] * 3
    again = requested("Asking")
    await alone.settle(again)
    last = story(alone, execution_of(again))[-1]
    assert last.error == "StepFunctions.ExecutionAlreadyExistsException"


async def test_the_name_with_another_input_is_taken(alone: Alone) -> None:
    await both(alone, "", Name="screening")
    await alone.define("Differently", asking("", Name="screening", Input={"of": "Bob"}))
    first, second = requested("Asking"), requested("Differently")
    await alone.settle(first)
    await alone.settle(second)
    assert ended(alone, first)[0] == "SUCCEEDED"
    assert story(alone, execution_of(second))[-1].error == "StepFunctions.ExecutionAlreadyExistsException"


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"StateMachineArn": "Nothing"}, "StateMachineDoesNotExistException"),
        ({"StateMachineArn": "Other:9"}, "StateMachineDoesNotExistException"),
        ({"StateMachineArn": ":1"}, "StateMachineDoesNotExistException"),
        ({"StateMachineArn": 7}, "ValidationException"),
        ({"Name": "a b"}, "InvalidNameException"),
        ({"Name": "x" * 81}, "InvalidNameException"),
    ],
)
async def test_what_cannot_be_started_fails_the_task_with_awss_error(
    alone: Alone, parameters: dict[str, Any], error: str
) -> None:
    await both(alone, ".sync", **parameters)
    start = requested("Asking")
    await alone.settle(start)
    last = story(alone, execution_of(start))[-1]
    assert (last.state, last.error) == ("FAILED", f"StepFunctions.{error}")
    assert children(alone, start) == {}


async def test_a_version_is_started_by_its_number(alone: Alone) -> None:
    await alone.define("Other", {"Check": KYC})
    await alone.define("Other", {"Done": {"Type": "Succeed"}})
    arn = "arn:aws:states:us-east-1:111111111111:stateMachine:Other:1"
    await alone.define("Asking", asking(".sync", StateMachineArn=arn))
    await alone.settle(requested("Asking"))
    assert len(alone.requests("kyc")) == 1


@pytest.mark.parametrize(
    ("machine", "meant"),
    [
        ("Other", (None, "Other")),
        ("Test/Other:2", ("Test", "Other:2")),
        ("arn:aws:states:us-east-1:1:stateMachine:Other", (None, "Other")),
        ("arn:aws:states:us-east-1:1:stateMachine:Other:prod", (None, "Other:prod")),
        ("arn:aws:states:us-east-1:1:stateMachine:pepAndSanctions", ("AML Screening", "PEP-and-Sanctions")),
        ("arn:aws:states:us-east-1:1:stateMachine:pepAndSanctions:2", ("AML Screening", "PEP-and-Sanctions:2")),
        ("pepAndSanctions", ("AML Screening", "PEP-and-Sanctions")),
    ],
)
def test_what_a_machine_is_called_here(machine: str, meant: tuple[str | None, str]) -> None:
    task = ScheduleTask(1, "Ask", START, {"StateMachineArn": machine}, 0, None)
    found = wanted(task, shipped_resources().machines)
    assert (found.service_name, found.workflow_name) == meant
    assert (found.input, found.name) == ({}, None)


def test_parameters_that_are_none_are_refused() -> None:
    with pytest.raises(Refused, match="StateMachineArn must name a workflow"):
        wanted(ScheduleTask(1, "Ask", START, [], 0, None), {})
