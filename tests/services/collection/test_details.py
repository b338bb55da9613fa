"""The personal details: kept as entered, and what is wrong with each field."""

from datetime import date

import pytest

from services.collection.details import individual, problems, tidied
from tests.services.collection.factory import DETAILS

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        *(
            ("familyName", "", "missing"),
            ("dateOfBirth", "9 March", "no_date"),
            ("dateOfBirth", "2026-03-02", "no_birth"),
        ),
        *(("dateOfBirth", "2010-03-02", "too_young"), ("dateOfBirth", "1890-01-01", "no_birth")),
        *(("nationality", "Australia", "no_country"), ("email", "sarah@", "no_email"), ("phone", "12", "no_phone")),
    ],
)
def test_a_field_that_is_wrong_is_named(field: str, value: str, code: str) -> None:
    assert problems({**DETAILS, field: value}, 16, TODAY) == {field: code}


def test_the_day_of_the_birthday_counts() -> None:
    assert problems({**DETAILS, "dateOfBirth": "2010-03-01"}, 16, TODAY) == {}


def test_only_known_fields_are_kept_without_what_cannot_be_seen() -> None:
    assert tidied({"givenName": " Sarah\0  Jane ", "admin": "yes"}) == {"givenName": "Sarah Jane"}


def test_the_person_is_what_was_entered() -> None:
    told = individual({**DETAILS, "phone": "+61 (0) 491-570 006", "postalCode": "6000"}, ["GENERAL"], [])
    assert (told.name.givenName, told.name.familyName) == ("Sarah", "Whitaker")
    assert told.phoneNumbers == ["+610491570006"]
    assert told.addresses[0].unstructuredLongForm == "1 High Street, 6000 Perth, AUS"
    assert told.consents == ["GENERAL"]
