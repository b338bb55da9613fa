"""How well two dates of birth agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.comparing.dates import parts, strengths
from tests.services.kyc.factory import POLICY


@pytest.mark.parametrize(
    ("claimed", "recorded", "whole"),
    [
        ("1984-03-09", "1984-03-09", 100),
        ("1984-03-09", "1984-09-03", 80),
        ("1984-03-09", "1984-03-08", 75),
        ("1984-03-09", "1948-03-09", 75),
        ("1984-03", "1984-03-09", 80),
        ("1984", "1984-03-09", 70),
        ("1984", "1985-03-09", 0),
        ("1984-03-09", "1984-05-21", 0),
    ],
)
def test_whole_date(claimed: str, recorded: str, whole: int) -> None:
    assert _strengths(claimed, recorded)["fullDateOfBirth"] == whole


def test_by_part() -> None:
    assert _strengths("1984-03-09", "1984-03-10") == {"year": 100, "month": 100, "day": 0, "fullDateOfBirth": 0}


@pytest.mark.parametrize(
    "text", ["", "84-03-09", "1984-13-01", "1984-02-30", "1984-3-9", "09/03/1984", "1984-03-09-01"]
)
def test_no_date(text: str) -> None:
    assert parts(text) is None


dates = st.dates().map(lambda day: f"{day.year:04}-{day.month:02}-{day.day:02}")


@given(dates, dates)
def test_symmetric_and_within_bounds(one: str, other: str) -> None:
    assert _strengths(one, other) == _strengths(other, one)
    assert 0 <= _strengths(one, other)["fullDateOfBirth"] <= 100


def _strengths(claimed: str, recorded: str) -> dict[str, int]:
    one, other = parts(claimed), parts(recorded)
    assert one
    assert other
    return dict(strengths(one, other, POLICY.dateStrengths))
