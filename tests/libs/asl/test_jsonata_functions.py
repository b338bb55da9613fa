"""The functions that AWS adds to JSONata."""

import uuid
from typing import Any

import pytest

from tests.libs.asl.factory import Story, jsonata


def run(expression: str) -> Story:
    """A Pass state that puts out what a function gives."""
    return Story({"A": jsonata("Pass", Output=f"{{% {expression} %}}")})


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("$partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("$partition([1, 2, 3], 2.9)", [[1, 2], [3]]),
        ("$partition([1, 2, 3])", [[1, 2, 3]]),
        ("$range(0, 6, 2)", [0, 2, 4, 6]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$range(1.7, 3, 1)", [1, 2, 3]),
        ("$range(3, 3, 1)", 3),
        ("$hash('input', 'SHA-1')", "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"),
        ("$hash('input', 'MD5')", "a43c1b0aa53a0c908810c06ab1ff3967"),
        ("$parse('{\"a\": [1]}').a", [1]),
        ("[$parse('null')]", [None]),
        ("$map(['1', '[2]'], $parse)", [1, [2]]),
        ("$partition([1, 2], 1e300)", [[1, 2]]),
        # As Java draws it, whose generator AWS takes.
        ("$random(42)", 0.7275636800328681),
    ],
)
def test_what_a_function_gives(call: str, value: Any) -> None:
    story = run(call)
    assert (story.status, story.output) == ("SUCCEEDED", value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("$partition([], 2)", "returned nothing"),
        ("$partition([1], 0)", "returned nothing"),
        ("$partition([1], -1)", "D3137: Second argument must be zero or greater"),
        ("$range(1, 5)", "returned nothing"),
        ("$range(5, 1, 1)", "returned nothing"),
        ("$range(1)", 'T0410: Argument 2 of function "range"'),
        ("$range(1, 360146, 1)", "memory limit exceeded"),
        ("$hash('a', 'sha1')", "D3137"),
        ("$parse('{')", "D3137"),
        ("$parse('NaN')", "D3137"),
        ("$parse(1)", "T0410"),
        ("$range(1, 1e300, 1)", "memory limit exceeded"),
        ("$random('x')", "T0410"),
        ("$uuid(1)", "T0410"),
    ],
)
def test_how_a_function_fails(call: str, words: str) -> None:
    story = run(call)
    assert story.error == "States.QueryEvaluationError"
    assert words in (story.execution.cause or "")


def test_what_looks_random_differs_at_each_call_and_not_at_a_replay() -> None:
    expression = "[$random(), $random(), $uuid(), $uuid()]"
    drawn = run(expression).output
    assert len(set(drawn)) == 4
    assert 0 <= drawn[0] < 1
    assert uuid.UUID(drawn[2]).version == 4
    assert run(expression).output == drawn
