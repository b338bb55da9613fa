"""How well two addresses agree."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.comparing import addresses
from libs.events.models import Address
from tests.services.kyc.factory import HOME, WORDS, address

MATCHED, PARTIAL = 80, 60


def strengths(one: Address, other: Address) -> Mapping[str, int]:
    return addresses.strengths(one, other, WORDS)


@pytest.mark.parametrize(
    "recorded",
    [
        address("12 HIGH St, NEWTOWN NSW 2042"),
        address("12 Hihg Street, Newtown NSW 2042"),
        address("12A High Street, Newtown NSW 2042"),
        address("12 High Street, Newtown NSW 2024"),
        address("12 High Street, Newtown Victoria 2042"),
        address(HOME, unit="3"),
        Address(unstructuredLongForm="12 High St, Newtown NSW 2042", country="AUS"),
    ],
)
def test_the_same_place(recorded: Address) -> None:
    assert strengths(address(), recorded)["fullAddress"] >= MATCHED


@pytest.mark.parametrize("recorded", ["21 High Street, Newtown NSW 2042", "14 High Street, Newtown NSW 2042"])
def test_the_same_in_part(recorded: str) -> None:
    assert PARTIAL <= strengths(address(), address(recorded))["fullAddress"] < MATCHED


@pytest.mark.parametrize(
    "recorded",
    [
        address("12 Orchard Street, Newtown NSW 2042"),
        address("12 High Street, Fremantle WA 6160"),
        address(HOME, country="NZL"),
        Address(unstructuredLongForm="14 High St, Newtown NSW 2042", country="AUS"),
    ],
)
def test_another_place(recorded: Address) -> None:
    assert strengths(address(), recorded)["fullAddress"] < PARTIAL


def test_units() -> None:
    assert strengths(address(unit="Unit 3"), address(unit="3"))["fullAddress"] == 100
    assert strengths(address(unit="3"), address(unit="4"))["unitNumber"] == 0
    joined = strengths(address("3/12 High Street, Newtown NSW 2042"), address(unit="3"))
    assert (joined["unitNumber"], joined["streetNumber"], joined["fullAddress"]) == (100, 100, 100)
    one_line = Address(unstructuredLongForm="Unit 3, 12 High St, Newtown NSW 2042", country="AUS")
    assert strengths(one_line, address("3/12 High Street, Newtown NSW 2042"))["fullAddress"] == 100


def test_by_part() -> None:
    assert strengths(address(), address("12 High Road, Newtown NSW 2042")) == {
        "streetName": 100,
        "streetNumber": 100,
        "streetType": 0,
        "streetAll": 92,
        "locality": 100,
        "postalCode": 100,
        "subdivision": 100,
        "country": 100,
        "fullAddress": 95,
    }


part = st.none() | st.text(st.sampled_from("abst19 -"), max_size=6)
placed = st.builds(
    Address,
    unitNumber=part,
    streetNumber=part,
    streetName=part,
    streetType=part,
    locality=part,
    postalCode=part,
    unstructuredLongForm=part,
    country=st.sampled_from(["AUS", "NZL"]),
)


@given(placed, placed)
def test_symmetric_and_within_bounds(one: Address, other: Address) -> None:
    assert strengths(one, other) == strengths(other, one)
    assert all(0 <= strength <= 100 for strength in strengths(one, other).values())
