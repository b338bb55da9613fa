"""Variables that a state reads and no state assigns."""

from typing import Any

import pytest

from libs.asl.checker import check
from tests.libs.asl.factory import END, branch, jsonata, state, task


def warnings(**states: Any) -> list[str]:
    found = check({"StartAt": next(iter(states)), "States": states})
    assert found.problems == ()
    return [str(warning) for warning in found.warnings]


def test_a_variable_that_nobody_assigns_is_warned_of() -> None:
    first = jsonata("Pass", Assign={"count": 1}, Next="B")
    then = jsonata("Pass", Output={"n": ["{% $cuont + $sum($states.input.x) %}"]})
    assert warnings(A=first, B=then) == [
        'States.B.Output.n[0]: "$cuont" is a variable that no state assigns; did you mean "count"?'
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"InputPath": "$none"},
        {"Parameters": {"a.$": "$none.b[0]"}},
        {"Parameters": {"a": [{"b.$": "States.Format('$some {}', $none)"}]}},
    ],
)
def test_paths_read_variables_too(fields: dict[str, Any]) -> None:
    (warning,) = warnings(A=state("Pass", **fields))
    assert warning.endswith('"$none" is a variable that no state assigns')


@pytest.mark.parametrize(
    "expression",
    [
        "($x := 1; $x)",
        "$map([1], function($v, $i) { $v + $i })",
        "$states.input.rows@$r#$i.($r.id + $i)",
        "$uuid() & $random() & $now() & $hash('a', 'MD5')",
        "$states.context.State.Name",
    ],
)
def test_what_an_expression_sets_itself_is_none(expression: str) -> None:
    assert warnings(A=jsonata("Pass", Output=f"{{% {expression} %}}")) == []


def test_paths_into_the_input_and_the_context_are_none() -> None:
    assert warnings(A=state("Pass", Parameters={"a.$": "$.x['$y']", "b.$": "$$.State.Name", "c": "$z"})) == []


def test_variables_may_be_assigned_by_choices_catches_and_around() -> None:
    caught = task(Catch=[{"ErrorEquals": ["Down"], "Assign": {"error.$": "$.Error"}, "Next": "B"}], Next="B")
    inside = state("Map", ItemProcessor=branch(C=state("Pass", InputPath="$error")))
    assert warnings(A=caught, B=inside) == []


def test_the_items_of_a_distributed_map_see_no_variables_around_them() -> None:
    inner = branch(C=state("Pass", InputPath="$seen")) | {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    }
    assert warnings(A=state("Pass", Assign={"seen": 1}, Next="B"), B=state("Map", ItemProcessor=inner)) == [
        'States.B.ItemProcessor.States.C.InputPath: "$seen" is a variable that no state assigns'
    ]
    assert warnings(A=END) == []
