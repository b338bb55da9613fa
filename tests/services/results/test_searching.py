"""Keys of persons, and how near a term is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.models import Address, Document, ExternalReference, Individual
from services.results import searching
from services.results.searching import FIELDS, confidence, exact, keys, near, normal, values
from tests.factory import person

ADA = person(
    "Ada",
    "Nkemelu",
    addresses=[Address(country="AUS", streetNumber="12", streetName="George", streetType="Street", locality="Sydney")],
    documents=[Document(type="PASSPORT", country="AUS", primaryIdentifier="N123-4567")],
    emailAddresses=["Ada@Example.org"],
    phoneNumbers=["+61 400 000 001"],
    externalReferences=[ExternalReference(name="CRM", value="C/1029-x")],
)


def found(kind: str, field: str, text: str, who: Individual = ADA, customer: str = "c1") -> bool:
    """As the index would find a person."""
    term, there = normal(field, text), set(keys(customer, who))
    if kind == "EXACT":
        return exact("c1", field, term) in there
    return all(there & {*group} for group in near("c1", field, term)) and confidence(field, term, values(who)) > 0


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("NAME", "ADA  nkemelu"),
        ("GIVEN_NAME", "Áda"),
        ("FAMILY_NAME", "nkemelu"),
        ("ADDRESS", "12 George Street, Sydney AUS"),
        ("EMAIL_ADDRESS", "ada@example.ORG"),
        ("PHONE_NUMBER", "0400 000 001"),
        ("DOCUMENT_IDENTIFIER", "n1234567"),
        ("EXTERNAL_REFERENCE", "c 1029 X"),
        ("DATE_OF_BIRTH", "1990-04-05"),
    ],
)
def test_a_whole_value_however_it_is_written(field: str, text: str) -> None:
    assert found("EXACT", field, text)
    assert found("FUZZY", field, text)
    assert not found("EXACT", field, text + "9")
    assert not found("EXACT", field, text, customer="c2")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("NAME", "Ada Nkemalu"),
        ("NAME", "Nkemelu"),
        ("FAMILY_NAME", "Nkemellu"),
        ("ADDRESS", "Georg Street Sydney"),
        ("EMAIL_ADDRESS", "ada@exampel.org"),
        ("DOCUMENT_IDENTIFIER", "N1234568"),
    ],
)
def test_near_values(field: str, text: str) -> None:
    assert not found("EXACT", field, text)
    assert found("FUZZY", field, text)


@pytest.mark.parametrize(("field", "text"), [("NAME", "Bob Nkemelu"), ("NAME", "Adamski"), ("ADDRESS", "Perth")])
def test_others_are_not_near(field: str, text: str) -> None:
    assert not found("FUZZY", field, text)


def test_the_nearer_is_told_so() -> None:
    alike = [confidence("NAME", term, values(ADA)) for term in ("ada nkemelu", "ada nkemalu", "nkemelu")]
    assert alike == sorted(alike, reverse=True)
    assert alike[0] == 1.0


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


@settings(deadline=None)
@given(words, words, words, words)
def test_whoever_is_stored_is_found_by_every_value(given_name: str, family: str, number: str, line: str) -> None:
    who = person(
        given_name,
        family,
        documents=[Document(type="PASSPORT", country="AUS", primaryIdentifier=number)],
        addresses=[Address(country="AUS", unstructuredLongForm=line)],
    )
    for field, text in (
        ("NAME", f"{given_name} {family}"), ("FAMILY_NAME", family), ("DOCUMENT_IDENTIFIER", number), ("ADDRESS", line),
    ):  # fmt: skip
        if normal(field, text):
            assert found("EXACT", field, text, who)
            assert found("FUZZY", field, text, who)


def test_every_field_of_the_contract_is_known() -> None:
    assert set(values(ADA)) == set(FIELDS) - {"REGISTERED_NAME", "REGISTRATION_NUMBER"}
    assert len(keys("c1", ADA)) < 60
    assert all(-(2**63) <= key < 2**63 for key in searching.keys("c1", ADA))
