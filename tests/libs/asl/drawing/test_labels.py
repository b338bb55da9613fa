"""The words in a picture."""

from typing import Any

import pytest

from libs.asl.drawing.labels import condition, described
from libs.asl.drawing.text import broken, cut
from libs.asl.graph import Node, read_graph
from tests.libs.asl.factory import branch, state, task


def node(document: dict[str, Any]) -> Node:
    return read_graph(branch(A=document)).nodes["A"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (task("vetstream:check:kyc"), "Task check:kyc"),
        (task("arn:aws:lambda:us-east-1:111111111111:function:ask:$LATEST"), "Task ask"),
        (task("arn:aws:states:::sns:publish"), "Task sns:publish"),
        (task("arn:aws:states:::lambda:invoke", Parameters={"FunctionName": "ask"}), "Task ask"),
        (state("Wait", Seconds=5), "Wait 5 s"),
        (state("Wait", Timestamp="{% $until %}"), "Wait $until"),
        (state("Fail", Error="No"), "Fail No"),
        (state("Fail"), "Fail"),
        (state("Map", ItemsPath="$.all"), "Map of $.all"),
        ({}, "no kind of state"),
        ({"Type": "Task", "Resource": 7}, "Task"),
    ],
)
def test_a_state_says_what_it_does(document: dict[str, Any], words: str) -> None:
    assert described(node(document)) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"Variable": "$.a", "NumericLessThanEquals": 3}, "$.a ≤ 3"),
        ({"Variable": "$.a", "StringEqualsPath": "$.b"}, "$.a = $.b"),
        ({"Variable": "$.a", "StringMatches": "x*"}, "$.a matches x*"),
        ({"Variable": "$.a", "BooleanEquals": False}, "$.a = false"),
        ({"Variable": "$.a", "IsPresent": True}, "$.a is present"),
        ({"Variable": "$.a", "IsNull": False}, "$.a is not null"),
        ({"Not": {"Variable": "$.a", "IsString": True}}, "not $.a is string"),
        (
            {"And": [{"Variable": "$.a", "IsNull": True}, {"Variable": "$.b", "IsNull": True}]},
            "$.a is null and $.b is null",
        ),
        ({"Or": [{"Variable": "$.a", "IsNull": True}, 7]}, "$.a is null or "),
        ({"Condition": "{% $a > 1 %}"}, "$a > 1"),
        ({"Variable": "$.a"}, "$.a"),
    ],
)
def test_a_rule_is_told_in_a_few_words(rule: dict[str, Any], words: str) -> None:
    choice = node({"Type": "Choice", "Choices": [{**rule, "Next": "B"}]})
    assert condition(choice, choice.transitions[0]) == words


def test_a_catch_names_its_errors() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}, {"ErrorEquals": ["States.Timeout", "Down"], "Next": "B"}]
    ask = node(task(Catch=catch))
    assert [condition(ask, transition) for transition in ask.transitions] == ["any error", "Timeout, Down"]


def test_a_long_name_is_broken_at_its_humps() -> None:
    assert broken("ReadMachineReadableZone", 16) == ["ReadMachine", "ReadableZone"]
    assert broken("Look up the customer's lists", 16) == ["Look up the", "customer's lists"]
    assert broken("x" * 80, 20) == ["x" * 20, "x" * 20, "x" * 19 + "…"]
    assert broken("", 20) == [""]


def test_a_text_is_cut_with_a_mark() -> None:
    assert (cut("abcdef", 6), cut("abcdef", 5)) == ("abcdef", "abcd…")
