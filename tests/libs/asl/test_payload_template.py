"""Payload templates."""

import pytest

from tests.libs.asl.factory import Story, state


def test_fields_that_end_in_dollar_are_replaced_at_any_depth() -> None:
    template = {
        "plain": "$.name",
        "name.$": "$.name",
        "in": {"list": [{"id.$": "$$.Execution.Id"}, 1]},
        "greeting.$": "States.Format('Hi {}', $.name)",
    }
    story = Story({"A": state("Pass", Parameters=template)}, {"name": "Ada"})
    assert story.output == {"plain": "$.name", "name": "Ada", "in": {"list": [{"id": "e1"}, 1]}, "greeting": "Hi Ada"}


def test_random_values_differ_within_a_step_and_are_the_same_at_a_replay() -> None:
    states = {"A": state("Pass", Parameters={"x.$": "States.UUID()", "y.$": "States.UUID()"})}
    output = Story(states).output
    assert output["x"] != output["y"]
    assert Story(states).output == output


def test_a_template_may_be_a_list_or_a_scalar() -> None:
    assert Story({"A": state("Pass", Parameters=["abc", {"x.$": "$.a"}])}, {"a": 1}).output == ["abc", {"x": 1}]
    assert Story({"A": state("Pass", Parameters=7)}).output == 7


def test_a_path_that_leads_nowhere_fails_the_state_and_keeps_the_input_out_of_the_cause() -> None:
    story = Story({"A": state("Pass", Parameters={"x.$": "$.no"})}, {"name": "Ada"})
    assert story.error == "States.Runtime"
    assert story.execution.cause == (
        "An error occurred while executing the state 'A' (entered at the event id #2). "
        "The JSONPath '$.no' specified for the field 'x.$' could not be found in the input."
    )


@pytest.mark.parametrize(
    ("path", "found"),
    [("$.list[5]", True), ("$.list[5].a", False), ("$.none[5]", False), ("States.Array($.list[5])", False)],
)
def test_an_index_past_the_end_gives_null_but_nowhere_else(path: str, found: bool) -> None:
    story = Story({"A": state("Pass", Parameters={"x.$": path})}, {"list": [1]})
    assert (story.output == {"x": None}) is found
    assert (story.error is None) is found
    assert Story({"A": state("Pass", InputPath="$.list[5]")}, {"list": [1]}).error == "States.Runtime"
