"""Numbers of a Map state, however they are given."""

from typing import Any

import pytest

from tests.libs.asl.factory import END, Story, branch, jsonata, state, task

DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **branch(B=END)}


@pytest.mark.parametrize("width", [2, "2"])
def test_a_number_may_be_a_text_at_a_path(width: Any) -> None:
    each = state("Map", ItemsPath="$.i", MaxConcurrencyPath="$.w", ItemProcessor=branch(Kyc=task()))
    assert len(Story({"M": each}, {"w": width, "i": [1, 2, 3]}).execution.open_tasks) == 2


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MaxConcurrency", "two", 'refers to value "two" which is not a valid integer: $.n'),
        ("MaxConcurrency", 1.5, "not a valid integer"),
        ("MaxConcurrency", -1, "MaxConcurrency cannot be negative."),
        ("ToleratedFailurePercentage", "x", 'refers to value "x" which is not a valid float: $.n'),
        ("ToleratedFailurePercentage", True, "not a valid float"),
        ("ToleratedFailurePercentage", 100.5, "ToleratedFailurePercentage cannot be more than 100."),
    ],
)
def test_what_is_no_such_number_at_a_path_is_an_error(name: str, value: Any, words: str) -> None:
    each = state("Map", ItemsPath="$.i", ItemProcessor=DISTRIBUTED, **{f"{name}Path": "$.n"})
    story = Story({"M": each}, {"n": value, "i": [1]})
    assert story.error == "States.Runtime"
    assert words in (story.execution.cause or "")


@pytest.mark.parametrize("value", [12.5, "12.5", 0])
def test_a_percentage_may_have_a_fraction(value: Any) -> None:
    each = state("Map", ItemsPath="$.i", ItemProcessor=DISTRIBUTED, ToleratedFailurePercentagePath="$.n")
    assert Story({"M": each}, {"n": value, "i": []}).status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("name", "expression", "words"),
    [
        ("MaxConcurrency", "{% 'x' %}", "Expected 'number', but was 'string'"),
        ("MaxConcurrency", "{% -1 %}", "must be between 0 and"),
        ("ToleratedFailureCount", "{% 1.5 %}", "cannot be parsed as an integer"),
        ("ToleratedFailurePercentage", "{% 101 %}", "must be between 0 and 100 but was: 101"),
    ],
)
def test_what_is_no_such_number_in_jsonata_is_an_error(name: str, expression: str, words: str) -> None:
    story = Story({"M": jsonata("Map", Items=[1], ItemProcessor=DISTRIBUTED, **{name: expression})})
    assert story.error == "States.QueryEvaluationError"
    assert words in (story.execution.cause or "")
