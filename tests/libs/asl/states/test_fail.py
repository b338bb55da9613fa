"""Fail."""

from typing import Any

import pytest

from tests.libs.asl.factory import Story, state


@pytest.mark.parametrize(
    ("fields", "error", "cause"),
    [
        ({}, None, None),
        ({"Error": "Sanctioned", "Cause": "on a list"}, "Sanctioned", "on a list"),
        ({"ErrorPath": "$.e", "CausePath": "States.Format('{}!', $.c)"}, "Bad", "so!"),
        ({"ErrorPath": "$$.State.Name"}, "F", None),
    ],
)
def test_it_fails_the_execution(fields: dict[str, Any], error: str | None, cause: str | None) -> None:
    story = Story({"F": state("Fail", **fields)}, {"e": "Bad", "c": "so"})
    assert (story.status, story.error, story.execution.cause) == ("FAILED", error, cause)
    assert story.types == ["ExecutionStarted", "FailStateEntered", "ExecutionFailed"]


@pytest.mark.parametrize("path", ["$.no", "$.number"])
def test_a_path_that_gives_no_text_is_an_error(path: str) -> None:
    assert Story({"F": state("Fail", ErrorPath=path)}, {"number": 5}).error == "States.Runtime"
