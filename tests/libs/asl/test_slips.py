"""What can be run, and is hardly what its author meant."""

from typing import Any

import pytest

from libs.asl.checker import check
from tests.libs.asl.factory import END, branch, jsonata, state, task


def warnings(**states: Any) -> list[str]:
    found = check({"StartAt": next(iter(states)), "States": states})
    assert found.problems == ()
    return [str(warning) for warning in found.warnings]


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        ("States.TimeOut", '"States.TimeOut" is no error that there is; did you mean "States.Timeout"?'),
        ("States.Nope", '"States.Nope" is no error that there is'),
        ("States.Runtime", '"States.Runtime" is an error that nothing catches'),
    ],
)
def test_an_error_that_never_comes_is_warned_of(error: str, fault: str) -> None:
    retried = task(Retry=[{"ErrorEquals": ["Down"]}, {"ErrorEquals": [error]}])
    assert warnings(P=state("Parallel", Branches=[branch(A=retried)])) == [
        f"States.P.Branches[0].States.A.Retry[1]: {fault}"
    ]
    caught = task(Catch=[{"ErrorEquals": [error], "Next": "B"}])
    assert warnings(A=caught, B=END) == [f"States.A.Catch[0]: {fault}"]


@pytest.mark.parametrize("error", ["States.Timeout", "States.Permissions", "Lambda.TimeOut", "MyStates.Nope"])
def test_errors_that_there_are_and_those_of_tasks_are_not(error: str) -> None:
    assert warnings(A=task(Retry=[{"ErrorEquals": [error]}])) == []


def test_what_is_written_in_the_other_language_is_warned_of() -> None:
    assert warnings(A=state("Pass", Parameters={"a": [{"b": "{% 1 %}"}]})) == [
        'States.A.Parameters.a[0].b: "{% 1 %}" is a text like any other: the query language here is JSONPath'
    ]
    assert warnings(A=jsonata("Pass", Output={"a": {"b.$": "$.x"}})) == [
        'States.A.Output.a: "b.$" is a field like any other: the query language here is JSONata'
    ]
    assert (
        warnings(
            A=jsonata("Pass", Output={"a": "{% 1 %}"}),
        )
        == []
    )
    assert warnings(A=state("Pass", Parameters={"a.$": "$", "b": "5 %"}, Result="{% 1 %}")) == []
