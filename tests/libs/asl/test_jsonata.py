"""JSONata expressions."""

from typing import Any

import pytest

from tests.libs.asl.factory import END, Story, after, branch, jsonata, problems, state, task


def given(expression: Any, value: Any = None) -> Any:
    """What a Pass state puts out for an expression."""
    story = Story({"A": jsonata("Pass", Output=expression)}, value)
    assert story.status == "SUCCEEDED", story.execution.cause
    return story.output


def cause(expression: Any, value: Any = None) -> str:
    """Why an expression fails its state, without the place."""
    story = Story({"A": jsonata("Pass", Output=expression)}, value)
    assert story.error == "States.QueryEvaluationError"
    return (story.execution.cause or "").removeprefix(
        "An error occurred while executing the state 'A' (entered at the event id #2). "
    )


PEOPLE = {"people": [{"name": "Ada", "age": 36}, {"name": "Bob", "age": 17}], "limit": 18}


@pytest.mark.parametrize(
    ("expression", "output"),
    [
        ("{% $states.input.people.name %}", ["Ada", "Bob"]),
        ("{% $states.input.people[age > $states.input.limit].name %}", "Ada"),
        ("{% $count($states.input.people) %}", 2),
        ("{% 10 / 4 %}", 2.5),
        ("{% 10 / 2 %}", 5),
        ("{% null %}", None),
        ("{% [] %}", []),
        ("{% {'a': $states.input.none} %}", {}),
        ("{%$states.input.limit%}", 18),
        ("{% $states.context.Execution.Id %}", "e1"),
        ("{% $keys($states) %}", ["input", "context"]),
        ("{% $now() %}", "2026-01-01T00:00:00.000Z"),
        ("{% $map([1..3], function($n) { $n * 2 }) %}", [2, 4, 6]),
        ("{% $states.input ~> |$|{'people': 0}| %}", {"people": 0, "limit": 18}),
    ],
)
def test_what_an_expression_gives(expression: str, output: Any) -> None:
    assert given(expression, PEOPLE) == output


def test_a_large_input_is_not_handed_over_whole_and_gives_the_same() -> None:
    assert given("{% $exists($states.input.people) and $not($exists($states.input.x)) %}", PEOPLE) is True


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (
            "{% $states.input.none %}",
            "The JSONata expression '$states.input.none' specified for the field 'Output' "
            "returned nothing (undefined).",
        ),
        (
            {"a": ["{% 1 %}", {"b": "{% $none %}"}]},
            "The JSONata expression '$none' specified for the field 'Output/a[1]/b' returned nothing (undefined).",
        ),
        (
            "{% 'a' + 1 %}",
            "The JSONata expression ''a' + 1' specified for the field 'Output' threw an error during evaluation. "
            'T2001: The left side of the "+" operator must evaluate to a number',
        ),
        ("{% $eval('1') %}", "T1006: Attempted to invoke a non-function"),
        ("{% ($f := function($n) { $f($n + 1) }; $f(1)) %}", "memory limit exceeded"),
        ("{% ($f := function($n) { 1 + $f($n + 1) }; $f(1)) %}", "Stack overflow error"),
        ("{% [1..900000] ~> $count() %}", "evaluation: Expression evaluation memory limit exceeded"),
        ("{% $reduce([1..30], function($a, $b) { $a & $a }, 'x') %}", "memory limit exceeded"),
        ("{% function($n) { $n } %}", "returned nothing"),
    ],
)
def test_how_an_expression_fails(expression: Any, words: str) -> None:
    assert words in cause(expression)


def test_a_number_that_no_double_can_hold_is_an_error() -> None:
    assert "threw an error during evaluation" in cause("{% $states.input %}", 10**400)


def test_a_failure_is_told_before_it_is_dealt_with() -> None:
    story = Story({"A": state("Pass", Next="B"), "B": jsonata("Pass", Output={"x": "{% $none %}"})})
    assert story.types[3:] == ["PassStateEntered", "EvaluationFailed", "ExecutionFailed"]
    told = story.history[4]
    assert (told.previous_event_id, told.details["location"], told.details["state"]) == (3, "Output/x", "B")
    assert told.details["cause"] == story.execution.cause


def test_a_failure_is_caught() -> None:
    catch = [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "B"}]
    story = Story({"A": task(QueryLanguage="JSONata", Output="{% $states.result.no %}", Catch=catch), "B": END})
    story.succeed("A", {})
    assert story.output["Error"] == "States.QueryEvaluationError"
    assert story.types[4:7] == ["TaskSucceeded", "EvaluationFailed", "TaskStateExited"]


def test_a_failure_is_tried_again() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
    story = Story({"A": task(QueryLanguage="JSONata", Arguments="{% $none %}", Retry=retry)})
    story.wait(1)
    assert story.types.count("EvaluationFailed") == 2


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"Output": "{% 1 + %}"}, 'States.A.Output: "1 +" is not JSONata'),
        ({"Output": "{% 1"}, 'States.A.Output: "{% 1" is not an expression'),
        ({"Output": {"a": ["1 %}"]}}, 'States.A.Output.a[0]: "1 %}" is not an expression'),
        ({"Output": "{%%}"}, "is not JSONata"),
        ({"Output": "{% name %}"}, 'reads "name", which is neither $states nor a variable'),
        ({"Output": "{% $$ %}"}, "reads $$"),
        ({"Output": "{% $states.result %}"}, "reads $states.result, which is not there"),
        ({"Output": "{% $states.errorOutput %}"}, "reads $states.errorOutput, which is not there"),
        ({"Parameters": {}}, '"Parameters" is a field of JSONPath, but the query language here is JSONata'),
        ({"Result": 1}, '"Result" is a field of JSONPath'),
        ({"QueryLanguage": "JSONAta"}, '"QueryLanguage" must be "JSONPath" or "JSONata"'),
    ],
)
def test_what_cannot_be_evaluated_is_refused(fields: dict[str, Any], problem: str) -> None:
    found = problems({"A": {**jsonata("Pass"), **fields}})
    assert any(problem in line for line in found), found


def test_an_expression_inside_a_text_is_a_text() -> None:
    assert given("a {% 1 %} b") == "a {% 1 %} b"


def test_fields_of_jsonata_are_refused_with_jsonpath() -> None:
    (problem,) = problems({"A": state("Pass", Output={})})
    assert problem == 'States.A: "Output" is a field of JSONata, but the query language here is JSONPath'


def test_states_have_the_language_of_the_definition_and_not_of_the_map_around_them() -> None:
    inner = jsonata("Pass", Output="{% 1 %}")
    both = {"M": jsonata("Map", Items=[1], ItemProcessor=branch(B=inner))}
    assert Story(both).output == [1]
    del inner["QueryLanguage"]
    assert problems(both) == [
        'States.M.ItemProcessor.States.B: "Output" is a field of JSONata, but the query language here is JSONPath'
    ]
    del both["M"]["QueryLanguage"]
    assert Story(both, QueryLanguage="JSONata").output == [1]


def test_every_field_of_a_task_that_may_be_an_expression() -> None:
    story = Story(
        {
            "A": task(
                QueryLanguage="JSONata",
                Arguments={"who": "{% $states.input.name %}"},
                TimeoutSeconds="{% $states.input.t %}",
                HeartbeatSeconds="{% 10 %}",
                Output="{% $states.result.ok %}",
            )
        },
        {"name": "Ada", "t": 30},
    )
    (effect,) = story.effects
    assert (effect.parameters, effect.timeout_at, story.execution.next_due) == ({"who": "Ada"}, after(30), after(10))
    story.succeed("A", {"ok": True})
    assert story.output is True


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ("{% '5' %}", "returned an unexpected result type. Expected 'number', but was 'string' for value: \"5\""),
        ("{% 1.5 %}", "cannot be parsed as an integer: 1.5"),
        ("{% 0 %}", "must be between 1 and 99999999 but was: 0"),
    ],
)
def test_seconds_that_are_none_are_an_error(seconds: str, words: str) -> None:
    story = Story({"A": task(QueryLanguage="JSONata", TimeoutSeconds=seconds)})
    assert story.error == "States.QueryEvaluationError"
    assert words in (story.execution.cause or "")


def test_a_wait_may_be_an_expression() -> None:
    story = Story({"A": jsonata("Wait", Seconds="{% $states.input.s * 2 %}")}, {"s": 3})
    assert story.execution.next_due == after(6)
    assert Story({"A": jsonata("Wait", Timestamp="{% '2026-01-01T00:00:09Z' %}")}).execution.next_due == after(9)
    assert Story({"A": jsonata("Wait", Timestamp="{% 'soon' %}")}).error == "States.QueryEvaluationError"


def test_a_fail_state_may_have_expressions() -> None:
    story = Story({"A": jsonata("Fail", Error="{% 'E' & 1 %}", Cause="{% $states.input.why %}")}, {"why": "so"})
    assert (story.error, story.execution.cause) == ("E1", "so")
    assert Story({"A": jsonata("Fail", Error="{% 5 %}")}).error == "States.QueryEvaluationError"


def test_a_succeed_state_may_have_an_output() -> None:
    assert Story({"A": jsonata("Succeed", Output="{% $states.input.a %}")}, {"a": 1}).output == 1


def test_a_parallel_has_arguments_and_a_result() -> None:
    both = jsonata(
        "Parallel", Arguments="{% 5 %}", Branches=[branch(B=END), branch(C=END)], Output="{% $states.result %}"
    )
    assert Story({"A": both}).output == [5, 5]


def test_a_map_selects_its_items() -> None:
    story = Story(
        {
            "M": jsonata(
                "Map",
                Items=[1, "{% $states.input.two %}"],
                ItemSelector={"v": "{% $states.context.Map.Item.Value %}", "i": "{% $states.context.Map.Item.Index %}"},
                MaxConcurrency="{% 1 %}",
                ItemProcessor=branch(B=jsonata("Pass", Output="{% $states.input.v * 10 + $states.input.i %}")),
                Output="{% $sum($states.result) %}",
            )
        },
        {"two": 2},
    )
    assert story.output == 10 + 21


@pytest.mark.parametrize("items", ["{% 5 %}", "{% null %}", "{% {} %}"])
def test_items_that_are_no_array_fail_the_map(items: str) -> None:
    story = Story({"M": jsonata("Map", Items=items, ItemProcessor=branch(B=END))})
    assert story.types[-3:] == ["EvaluationFailed", "MapStateFailed", "ExecutionFailed"]


def test_a_choice_has_conditions_and_outputs_of_its_rules() -> None:
    choices = [
        {"Condition": "{% $states.input.n > 5 %}", "Next": "B", "Output": "large"},
        {"Condition": False, "Next": "B"},
    ]
    choice = {"A": jsonata("Choice", Choices=choices, Default="B", Output="small"), "B": END}
    assert (Story(choice, {"n": 9}).output, Story(choice, {"n": 1}).output) == ("large", "small")
    assert Story(choice, {"n": "x"}).error == "States.QueryEvaluationError"


def test_a_condition_must_give_true_or_false() -> None:
    story = Story({"A": jsonata("Choice", Choices=[{"Condition": "{% 1 %}", "Next": "B"}], Default="B"), "B": END})
    assert "'Choices[0]/Condition' returned an unexpected result type" in (story.execution.cause or "")
    assert problems({"A": jsonata("Choice", Choices=[{"Condition": "1 > 0", "Next": "A"}])})[0].endswith(
        '"Condition" must be an expression in "{% … %}"'
    )


def test_a_catcher_has_an_output() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B", "Output": "{% $states.errorOutput.Cause %}"}]
    story = Story({"A": task(QueryLanguage="JSONata", Catch=catch), "B": END})
    story.fail("A", "Down", "no answer")
    assert story.output == "no answer"
