from datetime import UTC, datetime, timedelta

import pytest

from libs.web.pages import ago, moment, size
from libs.web.tones import tone

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "now"), (59, "59 s ago"), (60, "1 min ago"), (7300, "2 h ago"), (200_000, "2 d ago"), (-90, "in 1 min")],
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, text: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == text


def test_a_time_is_told_in_utc_whatever_it_was_given_in() -> None:
    assert moment("2026-03-01T13:00:00+01:00") == moment(NOW) == "2026-03-01 12:00:00"
    assert moment(None) == ""


def test_a_size_has_three_digits_at_most() -> None:
    assert [size(count) for count in (999, 1_000, 4_812_345, 12_345_678_901)] == ["999 B", "1 KB", "5 MB", "12.3 GB"]


def test_a_word_has_a_tone_and_an_unknown_one_a_plain_one() -> None:
    assert [tone(word) for word in ("PASS", "timed-out", "Waiting", "new", "SOMETHING")] == [
        *("good", "bad", "open", "news", "plain"),
    ]
