"""How resources are called in history."""

import pytest

from tests.libs.asl.factory import Story, task


@pytest.mark.parametrize(
    ("resource", "types", "details"),
    [
        (
            "kyc",
            ["TaskScheduled", "TaskStarted", "TaskSucceeded"],
            {"resourceType": "task", "resource": "kyc", "parameters": {}, "timeoutInSeconds": 9},
        ),
        (
            "arn:aws:states:::lambda:invoke",
            ["TaskScheduled", "TaskStarted", "TaskSucceeded"],
            {"resourceType": "lambda", "resource": "invoke", "parameters": {}, "timeoutInSeconds": 9},
        ),
        (
            "arn:aws:states:::aws-sdk:s3:getObject",
            ["TaskScheduled", "TaskStarted", "TaskSucceeded"],
            {"resourceType": "aws-sdk:s3", "resource": "getObject", "parameters": {}, "timeoutInSeconds": 9},
        ),
        (
            "arn:aws:lambda:us-east-1:111111111111:function:kyc",
            ["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded"],
            {"resource": "arn:aws:lambda:us-east-1:111111111111:function:kyc", "input": {}, "timeoutInSeconds": 9},
        ),
        (
            "arn:aws:states:us-east-1:123456789012:activity:review",
            ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"],
            {"resource": "arn:aws:states:us-east-1:123456789012:activity:review", "input": {}, "timeoutInSeconds": 9},
        ),
    ],
)
def test_a_resource_is_called_as_on_aws(resource: str, types: list[str], details: dict[str, object]) -> None:
    story = Story({"A": task(resource, TimeoutSeconds=9)})
    assert story.effects[0].resource == resource
    assert story.history[2].details == details
    story.succeed("A", 1)
    assert [event.type for event in story.history[2:5]] == types
