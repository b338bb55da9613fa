"""A few generated machines, run here and by a second interpreter; many by `python -m tests.libs.asl.fuzz`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.libs.asl.fuzz.generated import generated
from tests.libs.asl.fuzz.told import Told, differences

ROOT = Path(__file__).parents[4]
SEEDS = ("--seed", "2000", "--count", "45")


def test_the_same_seed_gives_the_same_case() -> None:
    assert generated(7) == generated(7)
    assert generated(7) != generated(8)


def test_both_interpreters_agree_but_where_it_is_known_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    """In a process of its own, as moto leaves threads behind."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.libs.asl.fuzz", *SEEDS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    with capsys.disabled():
        print(f"\n{run.stdout}", end="")
    assert run.returncode == 0, run.stderr
    agreed = re.search(r"(\d+) agree", run.stdout)
    assert agreed is not None
    assert int(agreed[1]) > 30


def test_a_difference_is_noticed() -> None:
    ours = Told("SUCCEEDED", {"n": 1}, None, None, ["A"], ["ExecutionStarted"])
    assert differences(ours, Told("SUCCEEDED", {"n": 1}, None, None, ["A"], ["ExecutionStarted"])) == []
    assert differences(ours, Told("SUCCEEDED", {"n": True}, None, None, ["A"], ["ExecutionStarted"])) == [
        'output: here {"n": 1}, there {"n": true}'
    ]
    assert differences(ours, Told("SUCCEEDED", {"n": 1}, None, None, ["B"], ["ExecutionStarted"])) == [
        "states: here ['A'], there ['B']"
    ]
