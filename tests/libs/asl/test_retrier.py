"""Retry."""

from datetime import timedelta

import pytest

from libs.asl.retrier import Retrier
from tests.libs.asl.factory import END, Story, after, branch, state, task


def retrier(**fields: object) -> Retrier:
    """A retrier as it is with no fields given."""
    values = {
        "error_equals": frozenset(["States.ALL"]),
        "interval_seconds": 1,
        "max_attempts": 3,
        "backoff_rate": 2.0,
        "max_delay_seconds": None,
        "full_jitter": False,
    }
    return Retrier(**(values | fields))  # type: ignore[arg-type]


def test_the_delay_grows_by_the_backoff_rate() -> None:
    assert [retrier().delay(n, "").total_seconds() for n in range(4)] == [1, 2, 4, 8]


def test_the_delay_has_a_ceiling() -> None:
    assert retrier(max_delay_seconds=3).delay(5, "") == timedelta(seconds=3)
    assert retrier(backoff_rate=1e300).delay(1000, "") == timedelta(seconds=99_999_999)


def test_jitter_is_the_same_for_the_same_seed_and_never_longer() -> None:
    jittery = retrier(full_jitter=True, interval_seconds=10)
    delays = [jittery.delay(0, str(seed)).total_seconds() for seed in range(200)]
    assert delays == [jittery.delay(0, str(seed)).total_seconds() for seed in range(200)]
    assert 0 <= min(delays) < 1 < 9 < max(delays) <= 10


def test_a_failed_task_is_tried_again_after_the_backoff() -> None:
    story = Story({"Kyc": task(Retry=[{"ErrorEquals": ["Down"], "IntervalSeconds": 5, "MaxAttempts": 1}])})
    first = story.open("Kyc")
    story.fail("Kyc", "Down")
    assert (story.status, story.execution.open_tasks, story.execution.next_due) == ("RUNNING", {}, after(5))
    assert not story.wait(4).applied
    story.wait(1)
    assert story.open("Kyc") != first
    assert [effect.attempt for effect in story.effects] == [0, 1]
    assert story.entered == ["Kyc"]
    story.fail("Kyc", "Down")
    assert (story.status, story.error) == ("FAILED", "Down")


def test_each_retrier_counts_its_own_attempts() -> None:
    retry = [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["B"], "MaxAttempts": 1}]
    story = Story({"Kyc": task(Retry=retry)})
    for error in ("A", "B"):
        story.fail("Kyc", error)
        story.wait(10)
    story.fail("Kyc", "A")
    assert (story.status, story.error, len(story.effects)) == ("FAILED", "A", 3)


def test_attempts_are_counted_anew_each_time_the_state_is_entered() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}]
    story = Story({"Kyc": task(Retry=retry, Next="Again"), "Again": state("Pass", Next="Kyc")})
    for _ in range(2):
        story.fail("Kyc")
        story.wait(1)
        story.succeed("Kyc", {})
    assert [effect.attempt for effect in story.effects] == [0, 1, 0, 1, 0]


def test_a_parallel_is_tried_again_as_a_whole() -> None:
    both = state("Parallel", Branches=[branch(Kyc=task()), branch(Aml=task())], Retry=[{"ErrorEquals": ["Down"]}])
    story = Story({"Both": both})
    story.succeed("Kyc", 1)
    story.fail("Aml", "Down")
    assert story.execution.open_tasks == {}
    story.wait(1)
    story.succeed("Aml", 2)
    story.succeed("Kyc", 3)
    assert story.output == [3, 2]
    assert story.types.count("ParallelStateEntered") == 1
    assert story.types.count("ParallelStateStarted") == 2


@pytest.mark.parametrize("names", [["States.ALL"], ["States.Runtime"], ["States.TaskFailed"]])
def test_a_runtime_error_is_never_tried_again_nor_caught(names: list[str]) -> None:
    story = Story(
        {
            "A": task(InputPath="$.no", Retry=[{"ErrorEquals": names}], Catch=[{"ErrorEquals": names, "Next": "B"}]),
            "B": END,
        }
    )
    assert (story.status, story.error) == ("FAILED", "States.Runtime")
