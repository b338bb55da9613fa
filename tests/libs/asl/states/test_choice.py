"""Choice."""

from typing import Any

import pytest

from tests.libs.asl.factory import END, Story, problems, state


def chosen(rule: dict[str, Any], value: Any) -> bool:
    """Whether a rule holds for an input."""
    choice = state("Choice", Choices=[{**rule, "Next": "Yes"}], Default="No")
    story = Story({"If": choice, "Yes": END, "No": END}, value)
    assert story.status == "SUCCEEDED", story.execution.cause
    return story.entered[-1] == "Yes"


NUMBER, TEXT = {"v": 5, "w": 5.0}, {"v": "kyc", "w": "aml"}
TIMES = {"v": "2026-01-01T00:00:00Z", "w": "2026-01-01T01:00:00+01:00"}


@pytest.mark.parametrize(
    ("operator", "operand", "value", "holds"),
    [
        ("NumericEquals", 5.0, NUMBER, True),
        ("NumericLessThan", 5, NUMBER, False),
        ("NumericLessThanEquals", 5, NUMBER, True),
        ("NumericGreaterThan", 4, NUMBER, True),
        ("NumericGreaterThanEquals", 6, NUMBER, False),
        ("NumericEquals", 1, {"v": True}, False),
        ("NumericEqualsPath", "$.w", NUMBER, True),
        ("NumericEqualsPath", "$.v", TEXT, False),
        ("StringEquals", "kyc", TEXT, True),
        ("StringLessThan", "l", TEXT, True),
        ("StringGreaterThanPath", "$.w", TEXT, True),
        ("StringEquals", "5", NUMBER, False),
        ("BooleanEquals", False, {"v": False}, True),
        ("BooleanEquals", False, {"v": 0}, False),
        ("BooleanEqualsPath", "$.v", {"v": True}, True),
        ("TimestampEquals", "2026-01-01T00:00:00Z", TIMES, True),
        ("TimestampEqualsPath", "$.w", TIMES, True),
        ("TimestampLessThan", "2026-01-01T00:00:00Z", TIMES, False),
        ("TimestampGreaterThanEquals", "2025-01-01T00:00:00Z", TIMES, True),
        ("TimestampEquals", "2026-01-01T00:00:00Z", {"v": "2026-01-01"}, False),
        ("IsNull", True, {"v": None}, True),
        ("IsNull", False, {"v": None}, False),
        ("IsString", True, TEXT, True),
        ("IsNumeric", True, {"v": True}, False),
        ("IsBoolean", False, {"v": 1}, True),
        ("IsTimestamp", True, TIMES, True),
        ("IsTimestamp", True, TEXT, False),
        ("IsPresent", True, {"v": None}, True),
        ("IsPresent", True, {}, False),
        ("IsPresent", False, {}, True),
        ("StringMatches", "k*c", TEXT, True),
        ("StringMatches", "k*", NUMBER, False),
    ],
)
def test_a_comparison(operator: str, operand: Any, value: Any, holds: bool) -> None:
    assert chosen({"Variable": "$.v", operator: operand}, value) is holds


YES, NO = {"Variable": "$.v", "IsPresent": True}, {"Variable": "$.no", "IsPresent": True}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"And": [YES, YES]}, True),
        ({"And": [YES, NO]}, False),
        ({"Or": [NO, YES]}, True),
        ({"Or": [NO, NO]}, False),
        ({"Not": NO}, True),
        ({"And": [{"Or": [NO, YES]}, {"Not": {"And": [YES, NO]}}]}, True),
        # What comes first decides: the missing value behind it is never looked at.
        ({"And": [NO, {"Variable": "$.no", "NumericEquals": 1}]}, False),
    ],
)
def test_rules_are_combined(rule: dict[str, Any], holds: bool) -> None:
    assert chosen(rule, {"v": 1}) is holds


def test_the_first_rule_that_holds_is_taken() -> None:
    choices = [{**YES, "Next": "A"}, {**YES, "Next": "B"}]
    assert Story({"If": state("Choice", Choices=choices), "A": END, "B": END}, {"v": 1}).entered[-1] == "A"


def test_no_rule_and_no_default_is_an_error() -> None:
    story = Story({"If": state("Choice", Choices=[{**NO, "Next": "A"}]), "A": END})
    assert (story.status, story.error) == ("FAILED", "States.Runtime")
    assert (story.execution.cause or "").endswith("The state does not point to a next state.")


@pytest.mark.parametrize(
    "rule", [{"NumericEquals": 1}, {"IsNull": True}, {"StringMatches": "*"}, {"NumericEqualsPath": "$"}]
)
def test_a_missing_variable_is_an_error(rule: dict[str, Any]) -> None:
    story = Story({"If": state("Choice", Choices=[{"Variable": "$.no", **rule, "Next": "A"}], Default="A"), "A": END})
    assert story.error == "States.Runtime"
    assert "Invalid path '$.no'" in (story.execution.cause or "")


def test_input_and_output_path() -> None:
    choice = state("Choice", InputPath="$.in", OutputPath="$.v", Choices=[{**YES, "Next": "A"}])
    assert Story({"If": choice, "A": END}, {"in": {"v": 7}}).output == 7


def test_a_comparison_that_is_misspelled_is_guessed() -> None:
    rule = {"And": [{"Variable": "$.x", "StringEqual": "a"}, {"Variable": "$.x", "IsNul": True}], "Next": "B"}
    assert problems({"A": {"Type": "Choice", "Choices": [rule], "Default": "B"}, "B": END}) == [
        "States.A.Choices[0].And[0]: exactly one comparison operator is needed",
        'States.A.Choices[0].And[0]: "StringEqual" is not a field here; did you mean "StringEquals"?',
        "States.A.Choices[0].And[1]: exactly one comparison operator is needed",
        'States.A.Choices[0].And[1]: "IsNul" is not a field here; did you mean "IsNull"?',
    ]
