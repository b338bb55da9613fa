import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.duplicates.jsonl import compare_line
from services.duplicates.policy import policy

WEIGHTS, _ = policy()
MARIA = {"name": "Maria Castellano", "dob": "1984-03-09", "document": "PA1234567"}


def answer(line: bytes | dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        compare_line(line if isinstance(line, bytes) else json.dumps(line).encode(), WEIGHTS)
    )
    return told


def test_a_score_is_the_sum_of_its_explanation() -> None:
    told = answer({"left": MARIA, "right": {**MARIA, "name": "castellano maria", "dob": "19840903"}})
    weights = {one["feature"]: (one["level"], one["weight"]) for one in told["explanation"] if one["weight"]}
    assert weights == {"name": ("same", 11.0), "dateOfBirth": ("slip", 4.0), "document": ("same", 12.0)}
    assert (told["score"], told["match"]) == (27.0, True)


def test_what_was_not_compared_is_told() -> None:
    told = answer({"left": {**MARIA, "hobby": "chess"}, "right": {**MARIA, "dob": "last May"}})
    assert {one["feature"]: one["level"] for one in told["explanation"][-2:]} == {
        "left.hobby": "not compared",
        "right.dob": "unreadable",
    }


def test_several_names_and_missing_fields() -> None:
    told = answer({"left": {"name": ["Mia Obi", "Maria Castellano"], "dob": None}, "right": MARIA})
    assert [one["level"] for one in told["explanation"][:2]] == ["same", "missing"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", "the line is empty"),
        (b" \n", "the line is empty"),
        (b"[1]", 'a line must be an object with "left" and "right"'),
        (b'{"left": {}}', '"right" is missing'),
        (b'{"left": [], "right": {}}', "left: must be an object"),
        (b'{"left": {}, "right": {"name": 3}}', "right.name: must be a text or a list of texts, not a number"),
        (b'{"left": {}, "right": {"dob": [[1]]}}', "right.dob: must be a text or a list of texts, not a list"),
        (b'{"left": {}, "right": {"email": {}}}', "right.email: must be a text or a list of texts, not an object"),
        (b'{"left": {"name": NaN}, "right": {}}', "a line must be JSON: NaN is no JSON"),
        (b'{"left": {"name": "%s"}, "right": {}}' % (b"x" * 10_000_000), "left.name: is longer than 1000 characters"),
    ],
    ids=lambda value: str(value[:30]),
)
def test_what_is_wrong_with_a_line(line: bytes, error: str) -> None:
    assert answer(line) == {"error": error}


@pytest.mark.parametrize("line", [b'{"left": ', b"\xff\xfe", b"[" * 100_000, b'{"left":' + b"9" * 5000])
def test_a_line_that_is_no_json(line: bytes) -> None:
    assert answer(line)["error"].startswith("a line must be JSON: ")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
sides = st.dictionaries(
    st.sampled_from(["name", "dob", "address", "city", "document", "email", "phone", "x"]), anything
)


@settings(deadline=None)
@given(sides, sides)
def test_every_line_has_one_answer(left: dict[str, Any], right: dict[str, Any]) -> None:
    told, turned = answer({"left": left, "right": right}), answer({"left": right, "right": left})
    assert set(told) in ({"error"}, {"score", "match", "explanation"})
    assert told.get("score") == turned.get("score")


def test_one_bad_line_does_not_end_the_run() -> None:
    lines = (
        json.dumps({"left": MARIA, "right": MARIA}) + "\nnonsense\n\n" + json.dumps({"left": MARIA, "right": {}}) + "\n"
    )
    command = [sys.executable, "-m", "services.duplicates", "compare", "--jsonl"]
    ran = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one.get("match", "error") for one in told] == [True, "error", "error", False]
