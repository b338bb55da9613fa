"""Timestamps."""

from datetime import UTC, datetime

import pytest

from libs.asl.timestamps import after, format_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-31T10:00:00Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T10:00:00+01:00", datetime(2026, 1, 31, 9, tzinfo=UTC)),
        ("2026-01-31T10:00:00.5Z", datetime(2026, 1, 31, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-01-31T10:00:00.123456789Z", datetime(2026, 1, 31, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-01-31T10:00:00", None),
        ("2026-01-31 10:00:00Z", None),
        ("2026-13-31T10:00:00Z", None),
        ("2026-01-31T25:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-01-31", None),
        (5, None),
        (None, None),
    ],
)
def test_what_is_a_timestamp(text: object, time: datetime | None) -> None:
    assert parse_timestamp(text) == time


def test_times_are_shown_in_milliseconds_of_utc() -> None:
    assert format_timestamp(datetime(2026, 1, 31, 10, 0, 0, 123_999, tzinfo=UTC)) == "2026-01-31T10:00:00.123Z"


def test_there_is_an_end_of_time() -> None:
    assert after(datetime(9999, 12, 31, tzinfo=UTC), 99_999_999) == datetime.max.replace(tzinfo=UTC)
