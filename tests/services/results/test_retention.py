"""How long records are kept."""

from datetime import date
from typing import Any

import pytest

from services.results.retention import kept_until, table


@pytest.mark.parametrize(
    ("person", "years"),
    [
        ({"nationality": "GBR"}, 5),
        ({"nationality": "GBR", "addresses": [{"country": "AUS"}]}, 7),
        ({"addresses": [{"country": "AUS", "status": "PREVIOUS"}, {"country": "CHE", "status": "CURRENT"}]}, 10),
        ({"addresses": [{"country": "AUS", "type": "POSTAL"}, {"country": "NZL", "type": "RESIDENTIAL"}]}, 5),
        ({"nationality": "XXK"}, 10),
        ({}, 10),
    ],
)
def test_the_country_of_the_current_address_counts(person: dict[str, Any], years: int) -> None:
    assert kept_until(person, date(2026, 11, 21)) == date(2026 + years, 11, 21)


def test_a_leap_day_has_no_anniversary() -> None:
    assert kept_until({"nationality": "GBR"}, date(2024, 2, 29)) == date(2029, 3, 1)


def test_the_default_is_the_longest() -> None:
    assert table().default == max(duty.years for duty in table().countries.values())
