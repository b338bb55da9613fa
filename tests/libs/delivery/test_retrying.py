"""What an answer means, and when a delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.delivery.retrying import LONGEST_PAUSE, TRIED_FOR, Answers, Next, after, pause

START = datetime(2026, 3, 1, tzinfo=UTC)
ANSWERS = Answers(acknowledge=frozenset({200, 202}), refuse=frozenset({400}))


@pytest.mark.parametrize(("status", "state"), [(200, "DELIVERED"), (202, "DELIVERED"), (400, "REFUSED")])
def test_an_answer_that_acknowledges_or_refuses_ends_it(status: int, state: str) -> None:
    assert after(ANSWERS, status, START, START, 0.5) == Next(state)


@pytest.mark.parametrize("status", [None, 201, 204, 301, 401, 404, 410, 429, 500, 503])
def test_anything_else_is_tried_again(status: int | None) -> None:
    assert after(ANSWERS, status, START, START, 1.0) == Next("PENDING", START + timedelta(seconds=5))


def test_pauses_double_up_to_an_hour_and_end_after_a_day() -> None:
    now, pauses = START, []
    while (next := after(ANSWERS, 500, START, now, 1.0)).due_at is not None:
        pauses.append((next.due_at - now).total_seconds())
        now = next.due_at
    assert pauses[:6] == [5, 5, 10, 20, 40, 80]
    assert pauses[-1] == 3600
    assert next == Next("PARKED")
    assert TRIED_FOR - LONGEST_PAUSE < now - START <= TRIED_FOR


@given(st.timedeltas(timedelta(0), timedelta(days=2)), st.floats(0, 1))
def test_half_of_a_pause_is_left_to_chance(tried_for: timedelta, chance: float) -> None:
    longest = pause(tried_for, 1.0)
    assert longest / 2 <= pause(tried_for, chance) <= longest <= LONGEST_PAUSE
