"""What a person is listed by."""

from libs.events.models import Address, Document, Individual
from libs.matchlists.entity import listed_by
from tests.factory import person


def told(individual: Individual) -> list[dict[str, str]]:
    return [{one.type: one.value for one in attributes} for attributes in listed_by(individual)]


def test_each_thing_that_tells_a_person_apart_is_an_entry() -> None:
    ada = person(
        "Ada",
        "Obi",
        "1990-04-05",
        documents=[
            Document(type="PASSPORT", country="AUS", primaryIdentifier="N 123"),
            Document(type="VISA", country="AUS"),
        ],
        emailAddresses=["ada@example.com", "ada+other@example.com", " "],
        phoneNumbers=["+61 400 000 000"],
        addresses=[Address(country="AUS")],
    )
    assert told(ada) == [
        {"IND_DISPLAY_NAME": "Ada Obi", "IND_DATE_OF_BIRTH": "1990-04-05"},
        {"DOC_PRIMARY_IDENTIFIER": "N 123", "DOC_TYPE": "PASSPORT"},
        {"EMAIL_ADDRESS": "ada+other@example.com"},
        {"PHONE_NUMBER": "+61 400 000 000"},
    ]


def test_a_name_alone_lists_nobody() -> None:
    assert told(person(born=None)) == []
