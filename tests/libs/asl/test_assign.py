"""Assign, and the variables that can be seen."""

from typing import Any

import pytest

from libs.asl.assign import MAX_VARIABLES_BYTES
from libs.asl.size import MAX_BYTES
from tests.libs.asl.factory import END, Story, branch, jsonata, problems, state, task

READ = jsonata("Pass", Output="{% $x %}")


@pytest.mark.parametrize(
    "assign", [state("Pass", Assign={"x.$": "$.a"}), jsonata("Pass", Assign={"x": "{% $states.input.a %}"})]
)
def test_a_variable_is_read_in_either_language(assign: dict[str, Any]) -> None:
    del assign["End"]
    reading: dict[str, dict[str, Any]] = {"jsonata": READ, "jsonpath": state("Pass", InputPath="$x")}
    for read in reading.values():
        assert Story({"A": {**assign, "Next": "B"}, "B": read}, {"a": 7}).output == 7


def test_the_exited_event_tells_what_was_assigned() -> None:
    story = Story({"A": state("Pass", Assign={"x": 1})})
    assert story.history[2].details == {"name": "A", "output": {}, "assignedVariables": {"x": 1}}


def test_everything_is_read_before_anything_is_assigned() -> None:
    swap = jsonata("Pass", Assign={"x": "{% $y %}", "y": "{% $x %}"}, Output="{% $x %}", Next="C")
    story = Story({"A": state("Pass", Assign={"x": 1, "y": 2}, Next="B"), "B": swap, "C": READ})
    assert story.history[4].details["output"] == 1
    assert story.output == 2


def test_what_the_paths_of_an_assign_begin_at() -> None:
    """The result of the state: selected, but not yet placed."""
    one = task(ResultSelector={"ok.$": "$.Payload"}, ResultPath="$.kyc", Assign={"x.$": "$"}, Next="B")
    story = Story({"A": one, "B": READ})
    story.succeed("A", {"Payload": True})
    assert story.output == {"ok": True}


def test_a_task_assigns_its_result() -> None:
    one = task(QueryLanguage="JSONata", Assign={"x": "{% $states.result & $states.input.a %}"}, Next="B")
    story = Story({"A": one, "B": READ}, {"a": "!"})
    story.succeed("A", "done")
    assert story.output == "done!"


@pytest.mark.parametrize("language", [task, lambda **fields: task(QueryLanguage="JSONata", **fields)])
def test_a_catcher_assigns_instead_of_its_state(language: Any) -> None:
    is_jsonata = "QueryLanguage" in language()
    assign = {"x": "{% $states.errorOutput.Error %}"} if is_jsonata else {"x.$": "$.Error"}
    catch = [{"ErrorEquals": ["States.ALL"], "Assign": assign, "Next": "B"}]
    story = Story({"A": language(Assign={"x": "fine"}, Catch=catch, Next="B"), "B": READ})
    story.fail("A", "Down")
    assert story.output == "Down"


@pytest.mark.parametrize(("value", "assigned"), [(True, "rule"), (False, "default")])
def test_a_choice_assigns_by_the_rule_that_holds(value: bool, assigned: str) -> None:
    rule = {"Variable": "$.v", "BooleanEquals": True, "Next": "B", "Assign": {"x": "rule"}}
    choice = state("Choice", Choices=[rule], Default="B", Assign={"x": "default"})
    assert Story({"A": choice, "B": READ}, {"v": value}).output == assigned
    rule = {"Condition": "{% $states.input.v %}", "Next": "B", "Assign": {"x": "rule"}}
    choice = jsonata("Choice", Choices=[rule], Default="B", Assign={"x": "default"})
    assert Story({"A": choice, "B": READ}, {"v": value}).output == assigned


def test_a_rule_may_compare_a_variable() -> None:
    choices = [{"Variable": "$x", "NumericEqualsPath": "$y", "Next": "C"}]
    story = Story(
        {
            "A": state("Pass", Assign={"x": 1, "y": 1}, Next="B"),
            "B": state("Choice", Choices=choices, Default="D"),
            "C": END,
            "D": END,
        }
    )
    assert story.entered[-1] == "C"


def test_inner_branches_read_outer_variables_and_theirs_end_with_them() -> None:
    inner = branch(
        B=jsonata("Pass", Assign={"y": "{% $x * 10 %}"}, Next="C"), C=jsonata("Pass", Output="{% $x + $y %}")
    )
    story = Story(
        {
            "A": state("Pass", Assign={"x": 2}, Next="P"),
            "P": state("Parallel", Branches=[inner], Next="D"),
            "D": jsonata("Pass", Output={"all": "{% $states.input %}", "y": "{% $exists($y) %}"}),
        }
    )
    assert story.output == {"all": [22], "y": False}


@pytest.mark.parametrize(
    "around",
    [
        lambda inner: state("Parallel", Branches=[inner]),
        lambda inner: state("Map", ItemProcessor=inner),
    ],
)
def test_an_inner_branch_cannot_assign_to_an_outer_variable(around: Any) -> None:
    inner = branch(B=state("Pass", Assign={"x": 2}))
    (problem,) = problems({"A": state("Pass", Assign={"x": 1}, Next="P"), "P": around(inner)})
    assert problem.endswith('"Assign": the variable "x" is already assigned outside of this machine')


def test_two_branches_may_have_the_same_variable() -> None:
    both = [branch(**{name: jsonata("Pass", Assign={"x": name}, Next=f"{name}2"), f"{name}2": READ}) for name in "BC"]
    assert Story({"P": state("Parallel", Branches=both)}).output == ["B", "C"]


def test_an_attempt_that_fails_assigns_nothing() -> None:
    retry = [{"ErrorEquals": ["States.ALL"]}]
    story = Story({"A": task(Assign={"x": 1}, Retry=retry, Next="B"), "B": jsonata("Pass", Output="{% $exists($x) %}")})
    story.fail("A")
    assert story.execution.variables(next(iter(story.execution.branches.values()))) == {}


@pytest.mark.parametrize(
    ("assign", "problem"),
    [
        ({"states": 1}, '"states" is no name for a variable'),
        ({"1x": 1}, "a variable's name begins with a letter"),
        ({"a b": 1}, "a variable's name begins with a letter"),
        ({"x" * 81: 1}, "has at most 80"),
        ([], '"Assign" must be an object'),
        ({"x.$": "nope"}, "is not a path"),
    ],
)
def test_what_cannot_be_assigned_is_refused(assign: Any, problem: str) -> None:
    (found,) = problems({"A": state("Pass", Assign=assign)})
    assert problem in found


def test_one_assign_takes_no_more_than_a_payload() -> None:
    story = Story({"A": state("Pass", Assign={"x.$": "$.t", "y.$": "$.t"})}, {"t": "x" * (MAX_BYTES // 2)})
    assert story.error == "States.DataLimitExceeded"


def test_all_variables_together_have_a_limit_and_those_assigned_over_do_not_count() -> None:
    text = "x" * (MAX_BYTES - 1000)
    count = MAX_VARIABLES_BYTES // MAX_BYTES + 2

    def story(names: list[str]) -> Story:
        states = {f"S{i}": state("Pass", Assign={f"{name}.$": "$.t"}, Next=f"S{i + 1}") for i, name in enumerate(names)}
        return Story({**states, f"S{len(names)}": END}, {"t": text})

    assert story(["x"] * count).status == "SUCCEEDED"
    assert story([f"x{i}" for i in range(count)]).error == "States.DataLimitExceeded"


def test_an_undefined_variable_is_an_error() -> None:
    assert Story({"A": state("Pass", InputPath="$x")}).error == "States.Runtime"
    assert Story({"A": READ}).error == "States.QueryEvaluationError"


def test_output_sees_the_variables_as_they_were_before_assign() -> None:
    first = jsonata("Pass", Assign={"n": 1}, Next="B")
    then = jsonata("Pass", Assign={"n": "{% $n + 1 %}"}, Output={"n": "{% $n %}"}, Next="C")
    story = Story({"A": first, "B": then, "C": jsonata("Pass", Output="{% [$states.input.n, $n] %}")})
    assert story.output == [1, 2]
