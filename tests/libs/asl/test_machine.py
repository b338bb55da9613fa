"""Loading: every problem of a definition, with the path that leads to it."""

import pytest

from libs.asl import InvalidDefinition, Machine, Problem
from tests.libs.asl.factory import END, branch, machine, problems, state, task


def test_a_definition_is_known_by_its_content() -> None:
    one = Machine.load({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    other = Machine.load({"States": {"A": {"End": True, "Type": "Pass"}}, "StartAt": "A"})
    assert one.content_hash == other.content_hash
    assert len(one.content_hash) == 64
    assert machine({"B": END}).content_hash != one.content_hash


def test_a_definition_changed_after_loading_does_not_change_the_machine() -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [1], "End": True}}}
    loaded = Machine.load(definition)
    definition["States"]["A"]["Result"].append(2)  # type: ignore[index]
    assert loaded.definition["States"]["A"]["Result"] == [1]


def test_every_problem_is_named_at_once() -> None:
    choices = [
        {"Variable": "$.a", "IsNull": True, "Next": "Approve"},
        {"Variable": "$.a", "IsNull": False, "Next": "Aprove"},
    ]
    with pytest.raises(InvalidDefinition) as raised:
        machine(
            {"CheckAml": state("Choice", Choices=choices, Default="Nowhere"), "Approve": {"Type": "Pas", "End": True}}
        )
    assert raised.value.problems == (
        Problem("States.Approve", '"Type" is no kind of state ("Pas"; did you mean "Pass"?)'),
        Problem("States.CheckAml.Choices[1]", '"Next" names no state ("Aprove"; did you mean "Approve"?)'),
        Problem("States.CheckAml", '"Default" names no state ("Nowhere")'),
    )
    assert str(raised.value).splitlines()[1].startswith('States.CheckAml.Choices[1]: "Next" names no state')


@pytest.mark.parametrize(
    ("states", "problem"),
    [
        ({"A": {"Type": "Pass"}}, 'States.A: either "Next" or "End": true is needed'),
        ({"A": state("Pass", Next="A", End=True)}, 'States.A: "Next" and "End" exclude each other'),
        ({"A": {"Type": "Pass", "Next": None}}, 'States.A: "Next" must be a string'),
        ({"A": state("Pass", Next="")}, 'States.A: "Next" names no state ("")'),
        ({"A": {"End": True}}, 'States.A: "Type" is missing'),
        ({"A": state("Pass", Resutl=1)}, 'States.A: "Resutl" is not a field here; did you mean "Result"?'),
        (
            {"A": state("Pass", InputPath="bug$.x")},
            'States.A: "InputPath": "bug$.x" is not a path: a path starts with "$"',
        ),
        (
            {"A": state("Pass", ResultPath="$.a[*]")},
            'States.A: "ResultPath" must be a reference path, like "$.a.b" ("$.a[*]")',
        ),
        ({"A": 5}, "States.A: a state must be an object"),
        ({"A" * 81: END}, f"States.{'A' * 81}: a state's name has 1 to 80 characters"),
        ({"A": {"Type": "Task", "End": True}}, 'States.A: "Resource" is missing'),
        ({"A": task("arn:aws:lambda:us-east-1:1:function:f:")}, "is not the ARN of a function"),
        ({"A": task(TimeoutSeconds=0)}, 'States.A: "TimeoutSeconds" must be a whole number of at least 1'),
        ({"A": task(TimeoutSeconds=9, TimeoutSecondsPath="$.t")}, "exclude each other"),
        ({"A": task(TimeoutSeconds=9, HeartbeatSeconds=9)}, '"HeartbeatSeconds" must be smaller than "TimeoutSeconds"'),
        ({"A": task(Retry=[{}])}, 'States.A.Retry[0]: "ErrorEquals" is missing'),
        (
            {"A": task(Retry=[{"ErrorEquals": ["E"], "BackoffRate": 0.5}])},
            '"BackoffRate" must be a number of at least 1',
        ),
        ({"A": task(Catch=[{"ErrorEquals": ["E"]}])}, 'States.A.Catch[0]: "Next" is missing'),
        ({"A": task(Catch=[{"ErrorEquals": ["E"], "Next": "X"}])}, 'States.A.Catch[0]: "Next" names no state ("X")'),
        ({"A": task(Catch=[{"ErrorEquals": ["States.ALL", "E"], "Next": "A"}])}, '"States.ALL" must stand alone'),
        (
            {"A": task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}])},
            'States.A.Retry[0]: "States.ALL" must be in the last one of the list',
        ),
        ({"A": state("Choice", Choices=[])}, 'States.A: "Choices" must be a non-empty list of rules'),
        ({"A": state("Choice", Choices=[{"Variable": "$", "Next": "A"}])}, "exactly one comparison operator is needed"),
        (
            {"A": state("Choice", Choices=[{"Not": {"Variable": "$", "IsNull": True, "Next": "A"}, "Next": "A"}])},
            'States.A.Choices[0].Not: "Next" stands only in the outermost rule',
        ),
        (
            {"A": state("Choice", Choices=[{"Variable": "$", "NumericEquals": "1", "Next": "A"}])},
            'States.A.Choices[0]: "NumericEquals" must be a numeric',
        ),
        ({"A": state("Wait")}, "exactly one of"),
        ({"A": state("Wait", Seconds=1, SecondsPath="$.s")}, "exactly one of"),
        ({"A": state("Wait", Timestamp="tomorrow")}, '"Timestamp" must be like'),
        ({"A": state("Fail", Error="E", ErrorPath="$.e")}, 'States.A: "Error" and "ErrorPath" exclude each other'),
        ({"A": state("Parallel", Branches=[])}, '"Branches" must be a non-empty list of state machines'),
        ({"A": state("Parallel", Branches=[branch(A=END)])}, "another state of this machine has the same name"),
        (
            {"A": state("Parallel", Branches=[branch(B=state("Pass", Next="C"))]), "C": END},
            'States.A.Branches[0].States.B: "Next" names no state ("C")',
        ),
        ({"A": END, "B": END}, "States.B: no way leads to this state"),
        (
            {"A": state("Parallel", Branches=[branch(B=END, C=END)])},
            "States.A.Branches[0].States.C: no way leads to this state",
        ),
        ({"A": state("Map")}, 'States.A: "ItemProcessor" is missing'),
        ({"A": state("Pass", Parameters={"x.$": "nope"})}, 'States.A.Parameters: "x.$": "nope" is not a path'),
        (
            {"A": state("Pass", Parameters={"p": {"x": 1, "x.$": "$"}})},
            'States.A.Parameters.p: "x" and "x.$" name the same',
        ),
        ({"A": state("Pass", Parameters={"x.$": 7})}, '"x.$" must be a path or an intrinsic function'),
        ({"A": state("Pass", Parameters={"x.$": "States.Fromat('')"})}, 'did you mean "States.Format"?'),
    ],
)
def test_a_fault_is_refused(states: dict[str, object], problem: str) -> None:
    found = problems(states)
    assert any(problem in line for line in found), found


@pytest.mark.parametrize(
    "definition",
    [[], None, {}, {"StartAt": "A"}, {"States": {}}, {"States": {"A": END}}, {"StartAt": "B", "States": {"A": END}}],
)
def test_what_is_no_machine_is_refused(definition: object) -> None:
    with pytest.raises(InvalidDefinition):
        Machine.load(definition)  # type: ignore[arg-type]


def test_a_definition_that_is_not_json_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match="a definition is JSON"):
        machine({"A": state("Pass", Result={1, 2})})
    with pytest.raises(InvalidDefinition, match="a definition is JSON"):
        machine({"A": state("Pass", Result="\ud800")})


@pytest.mark.parametrize("depth", [300, 100_000])
def test_a_definition_nested_too_deeply_is_refused_or_loaded(depth: int) -> None:
    result: object = None
    for _ in range(depth):
        result = [result]
    found = problems({"A": state("Pass", Parameters=result)})
    assert found == ([] if depth == 300 else ["a definition is not nested as deeply as this"])
