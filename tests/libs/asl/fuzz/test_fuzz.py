"""A few generated machines and expressions, here and elsewhere; many by `python -m tests.libs.asl.fuzz`."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.libs.asl.fuzz.evaluated import Value, expression
from tests.libs.asl.fuzz.generated import generated
from tests.libs.asl.fuzz.generated_jsonata import generated_jsonata
from tests.libs.asl.fuzz.told import Told, differences

ROOT = Path(__file__).parents[4]
RUNS = [("jsonpath", 30, 20), ("jsonata", 20, 12), ("expressions", 150, 150)]


@pytest.mark.parametrize("made", [generated, generated_jsonata, expression])
def test_the_same_seed_gives_the_same_case(made: Callable[[int], Any]) -> None:
    assert made(7) == made(7)
    assert made(7) != made(8)


@pytest.mark.parametrize(("kind", "count", "least"), RUNS)
def test_both_agree_but_where_it_is_known_why_not(
    kind: str, count: int, least: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a process of its own, as moto leaves threads behind."""
    asked = ["--of", kind, "--seed", "2000", "--count", str(count)]
    run = subprocess.run(
        [sys.executable, "-m", "tests.libs.asl.fuzz", *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    with capsys.disabled():
        print(f"\n{run.stdout}", end="")
    assert run.returncode == 0, run.stderr
    agreed = re.search(r"(\d+) agree", run.stdout)
    assert agreed is not None
    assert int(agreed[1]) >= least


def test_a_difference_is_noticed() -> None:
    ours = Told("SUCCEEDED", {"n": 1}, None, None, ["A"], ["ExecutionStarted"])
    assert differences(ours, Told("SUCCEEDED", {"n": 1}, None, None, ["A"], ["ExecutionStarted"])) == []
    assert differences(ours, Told("SUCCEEDED", {"n": True}, None, None, ["A"], ["ExecutionStarted"])) == [
        'output: here {"n": 1}, there {"n": true}'
    ]
    assert differences(ours, Told("SUCCEEDED", {"n": 1}, None, None, ["B"], ["ExecutionStarted"])) == [
        "states: here ['A'], there ['B']"
    ]


def test_a_value_that_differs_is_noticed() -> None:
    assert Value([1.0, {"a": None}]).same(Value([1, {"a": None}]))
    assert Value(failure="no").same(Value(failure="nothing"))
    for other in (Value(True), Value(2), Value([1]), Value(failure="no"), Value(None)):
        assert not Value(1).same(other)
