from datetime import UTC, datetime, timedelta

from libs.staff.lockout import Tries, backoff

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [backoff(failures).total_seconds() for failures in (0, 4, 5, 6, 7, 9, 10, 1_000_000)]
    assert waits == [0, 0, 30, 60, 120, 480, 900, 900]


def test_failures_are_forgotten_a_day_after_the_last() -> None:
    assert Tries(9, NOON).another(NOON + timedelta(hours=23)).failures == 10
    assert Tries(9, NOON).another(NOON + timedelta(hours=25)).failures == 1
