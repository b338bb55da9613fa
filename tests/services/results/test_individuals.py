"""A person between the contract's JSON and the events' record."""

from typing import Any

from services.results import individuals
from services.results.person import IndividualJson

TOLD: dict[str, Any] = {
    "name": {"nameId": "n1", "givenName": "Ada", "middleName": "M", "familyName": "Nkemelu", "prefix": "Dr"},
    "alternateNames": [{"familyName": "Obi", "type": "PREVIOUS"}],
    "dateOfBirth": {"dateOfBirthId": "d1", "year": "1990", "month": "1", "day": "31"},
    "gender": {"gender": "FEMALE"},
    "nationality": "NGA",
    "placeOfBirth": {"country": "NGA", "locality": "Enugu"},
    "addresses": [{"addressId": "a1", "country": "AUS", "longForm": "1 Main St, Sydney", "type": "RESIDENTIAL"}],
    "documents": {
        "IDENTITY": [
            {
                "documentId": "p1",
                "type": "PASSPORT",
                "country": "AUS",
                "primaryIdentifier": "N1234567",
                "expiryDate": {"unstructured": "31 January 2030"},
                "customAttributes": {"mrz": {"type": "general.string", "value": "P<AUS\nN1234567"}},
            }
        ],
        "SUPPORTING": [{"type": "UTILITY_BILL", "country": "AUS"}],
    },
    "emailAddresses": [{"email": "ada@example.org"}],
    "phoneNumbers": [{"number": "+61400000000"}],
    "consents": [{"type": "GENERAL"}],
    "customAttributes": {"segment": {"type": "general.string", "value": "retail"}},
}


def test_what_the_events_carry() -> None:
    person = individuals.record(IndividualJson.model_validate(TOLD))

    assert person.dateOfBirth is not None
    assert person.dateOfBirth.normalized == "1990-01-31"
    assert [name.type for name in person.alternateNames] == ["PREVIOUS"]
    assert person.addresses[0].unstructuredLongForm == "1 Main St, Sydney"
    assert [(one.type, one.expiryDate, one.mrz) for one in person.documents] == [
        ("PASSPORT", "2030-01-31", "P<AUS\nN1234567"),
        ("UTILITY_BILL", None, None),
    ]
    assert (person.countryOfBirth, person.customAttributes) == ("NGA", {"segment": "retail"})


def test_what_is_shown_can_be_sent_again() -> None:
    person = individuals.record(IndividualJson.model_validate(TOLD))

    shown = individuals.shown("e1", individuals.told(person))

    assert individuals.record(IndividualJson.model_validate(shown)) == person
    assert [*shown["documents"]] == ["IDENTITY", "SUPPORTING"]
    assert shown["dateOfBirth"] == {
        "dateOfBirthId": "d1", "year": "1990", "month": "01", "day": "31", "normalized": "1990-01-31",
        "type": "GREGORIAN",
    }  # fmt: skip
