"""Events in AWS's form, for every type that the reducer tells of."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.results.api.history import told

ARCHIVE = Path(__file__).resolve().parents[3] / "libs" / "asl" / "archive"
KINDS = ("Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait")

# AWS's name for the details of each type that the reducer tells of; None where AWS has none.
MEMBERS: dict[str, str | None] = {
    **{f"{kind}StateEntered": "stateEnteredEventDetails" for kind in KINDS},
    **{f"{kind}StateExited": "stateExitedEventDetails" for kind in KINDS if kind != "Fail"},
    "ActivityFailed": "activityFailedEventDetails",
    "ActivityScheduled": "activityScheduledEventDetails",
    "ActivityStarted": "activityStartedEventDetails",
    "ActivitySucceeded": "activitySucceededEventDetails",
    "ActivityTimedOut": "activityTimedOutEventDetails",
    "EvaluationFailed": "evaluationFailedEventDetails",
    "ExecutionAborted": "executionAbortedEventDetails",
    "ExecutionFailed": "executionFailedEventDetails",
    "ExecutionMigrated": "executionMigratedEventDetails",
    "ExecutionRedriven": "executionRedrivenEventDetails",
    "ExecutionStarted": "executionStartedEventDetails",
    "ExecutionSucceeded": "executionSucceededEventDetails",
    "ExecutionTimedOut": "executionTimedOutEventDetails",
    "LambdaFunctionFailed": "lambdaFunctionFailedEventDetails",
    "LambdaFunctionScheduled": "lambdaFunctionScheduledEventDetails",
    "LambdaFunctionStarted": None,
    "LambdaFunctionSucceeded": "lambdaFunctionSucceededEventDetails",
    "LambdaFunctionTimedOut": "lambdaFunctionTimedOutEventDetails",
    "MapIterationAborted": "mapIterationAbortedEventDetails",
    "MapIterationFailed": "mapIterationFailedEventDetails",
    "MapIterationStarted": "mapIterationStartedEventDetails",
    "MapIterationSucceeded": "mapIterationSucceededEventDetails",
    "MapRunAborted": None,
    "MapRunFailed": "mapRunFailedEventDetails",
    "MapRunRedriven": "mapRunRedrivenEventDetails",
    "MapRunStarted": "mapRunStartedEventDetails",
    "MapRunSucceeded": None,
    "MapStateAborted": None,
    "MapStateFailed": None,
    "MapStateStarted": "mapStateStartedEventDetails",
    "MapStateSucceeded": None,
    "ParallelStateAborted": None,
    "ParallelStateFailed": None,
    "ParallelStateStarted": None,
    "ParallelStateSucceeded": None,
    "TaskFailed": "taskFailedEventDetails",
    "TaskScheduled": "taskScheduledEventDetails",
    "TaskStarted": "taskStartedEventDetails",
    "TaskStateAborted": None,
    "TaskSubmitted": "taskSubmittedEventDetails",
    "TaskSucceeded": "taskSucceededEventDetails",
    "TaskTimedOut": "taskTimedOutEventDetails",
    "WaitStateAborted": None,
}


def event(kind: str, details: Any) -> dict[str, Any]:
    return {"id": 4, "previousEventId": 3, "type": kind, "timestamp": "T", "details": json.dumps(details)}


@pytest.mark.parametrize(("kind", "member"), MEMBERS.items())
def test_details_stand_under_the_name_that_aws_has_for_them(kind: str, member: str | None) -> None:
    expected = {"id": 4, "previousEventId": 3, "type": kind, "timestamp": "T"}
    assert told(event(kind, {}), data=True) == expected | ({member: {}} if member else {})


def test_every_type_that_is_archived_has_a_name() -> None:
    archived = [json.loads(file.read_text()) for file in ARCHIVE.glob("*.json")]
    types = {one["type"] for run in archived for made in run["steps"] for one in made["history"]}
    assert len(types) > 20
    assert types <= MEMBERS.keys()


def test_what_states_take_in_and_give_out_is_json_text() -> None:
    left = {"name": "Kyc", "output": {"a": [1, None]}, "assignedVariables": {"x": {"y": 1}, "z": "text"}}
    assert told(event("TaskStateExited", left), data=True)["stateExitedEventDetails"] == {
        "name": "Kyc",
        "output": '{"a":[1,null]}',
        "outputDetails": {"truncated": False},
        "assignedVariables": {"x": '{"y":1}', "z": '"text"'},
        "assignedVariablesDetails": {"truncated": False},
    }
    assert told(event("TaskStateExited", left), data=False)["stateExitedEventDetails"] == {"name": "Kyc"}


def test_a_task_is_scheduled_as_on_aws() -> None:
    scheduled = {"resourceType": "lambda", "resource": "invoke", "parameters": {"n": 1}, "timeoutInSeconds": 9}
    assert told(event("TaskScheduled", scheduled), data=True)["taskScheduledEventDetails"] == {
        "resourceType": "lambda",
        "resource": "invoke",
        "parameters": '{"n":1}',
        "timeoutInSeconds": 9,
    }
