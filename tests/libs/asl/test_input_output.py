"""InputPath, Parameters, ResultSelector, ResultPath and OutputPath together."""

from typing import Any

import pytest

from tests.libs.asl.factory import Story, state, task


@pytest.mark.parametrize(
    ("fields", "output"),
    [
        ({}, {"a": {"b": 1}, "c": 2}),
        ({"InputPath": "$.a"}, {"b": 1}),
        ({"InputPath": None}, {}),
        ({"OutputPath": "$.a"}, {"b": 1}),
        ({"OutputPath": None}, {}),
        ({"Result": 5}, 5),
        ({"Result": None}, None),
        ({"Result": 5, "ResultPath": "$.a.d"}, {"a": {"b": 1, "d": 5}, "c": 2}),
        ({"Result": 5, "ResultPath": None}, {"a": {"b": 1}, "c": 2}),
        ({"InputPath": "$.a", "ResultPath": "$.copy"}, {"a": {"b": 1}, "c": 2, "copy": {"b": 1}}),
        ({"InputPath": "$.a", "Parameters": {"x.$": "$.b"}, "ResultPath": "$.p", "OutputPath": "$.p"}, {"x": 1}),
        ({"InputPath": "$$.Execution.Input.c"}, 2),
    ],
)
def test_what_a_pass_state_hands_on(fields: dict[str, Any], output: Any) -> None:
    assert Story({"A": state("Pass", **fields)}, {"a": {"b": 1}, "c": 2}).output == output


def test_the_result_of_a_task_is_selected_and_placed() -> None:
    story = Story({"A": task(ResultSelector={"ok.$": "$.Payload.ok"}, ResultPath="$.kyc")}, {"name": "Ada"})
    story.succeed("A", {"Payload": {"ok": True, "more": 1}})
    assert story.output == {"name": "Ada", "kyc": {"ok": True}}


@pytest.mark.parametrize("field", ["InputPath", "OutputPath"])
def test_a_path_that_leads_nowhere_is_a_runtime_error(field: str) -> None:
    assert Story({"A": state("Pass", **{field: "$.no"})}).error == "States.Runtime"


def test_a_result_that_cannot_be_placed_fails_the_state() -> None:
    story = Story({"A": state("Pass", Result=1, ResultPath="$.a.b")}, {"a": "text"})
    assert story.error == "States.ResultPathMatchFailure"
    assert (story.execution.cause or "").endswith("Unable to apply ReferencePath $.a.b to the input.")
