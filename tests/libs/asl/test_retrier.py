"""Retry."""

import pytest

from libs.asl import TimersDue
from libs.asl.retrier import Retrier
from tests.libs.asl.factory import END, Story, after, branch, problems, state, task


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
    assert [retrier().delay(n, "") for n in range(4)] == [1, 2, 4, 8]


def test_the_delay_has_a_ceiling() -> None:
    assert retrier(max_delay_seconds=3).delay(5, "") == 3
    assert retrier(backoff_rate=1e300).delay(1000, "") == 99_999_999


def test_jitter_is_the_same_for_the_same_seed_and_never_longer() -> None:
    jittery = retrier(full_jitter=True, interval_seconds=10)
    delays = [jittery.delay(0, str(seed)) for seed in range(200)]
    assert delays == [jittery.delay(0, str(seed)) for seed in range(200)]
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


def test_a_retry_is_put_off_to_the_end_of_time_at_most() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 99_999_999, "IntervalSeconds": 99_999_999}]
    story = Story({"A": task(TimeoutSeconds=99_999_999, Retry=retry)})
    while (due := story.execution.next_due) is not None:
        story.now = due
        story.tell(TimersDue())
    assert (story.status, story.now.year) == ("FAILED", 9999)
    assert "maximum number of history events" in (story.execution.cause or "")


@pytest.mark.parametrize(
    ("field", "most"), [("IntervalSeconds", 99_999_999), ("MaxAttempts", 99_999_999), ("MaxDelaySeconds", 31_622_400)]
)
def test_a_number_beyond_what_a_retrier_takes_is_refused(field: str, most: int) -> None:
    def found(value: int) -> list[str]:
        return problems({"A": task(Retry=[{"ErrorEquals": ["States.ALL"], field: value}])})

    assert found(most) == []
    assert found(most + 1) == [f'States.A.Retry[0]: "{field}" must not be more than {most}']
