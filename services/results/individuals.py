"""A person between the contract's JSON and the events' record."""

from typing import Any

from libs.events.models import Address, DateOfBirth, Document, Gender, Individual, Name
from services.results.documents import SCHEMA_VERSION, attributes, present
from services.results.person import (
    AddressJson,
    DateJson,
    DocumentJson,
    IndividualJson,
    NameJson,
)

Json = dict[str, Any]

# The class a document is shown under, by its type; identity documents where none is named.
CLASSES = {
    "OTHER": "OTHER",
    "UTILITY_BILL": "SUPPORTING",
    "BANK_STATEMENT": "SUPPORTING",
    "BANK_ACCOUNT": "SUPPORTING",
    "INTENT_PROOF": "SUPPORTING",
    "ATTESTATION": "SUPPORTING",
    "PROOF_OF_ADDRESS": "SUPPORTING",
    "EMPLOYMENT_CERTIFICATE": "SUPPORTING",
    "REPORT": "REPORT",
    "COMPANY_REPORT": "REPORT",
    "CHECK_RESULTS": "REPORT",
}


def record(told: IndividualJson) -> Individual:
    """The record that the events carry."""
    documents, born = told.documents, told.dateOfBirth
    return Individual(
        name=_name(told.name),
        alternateNames=[_name(one, one.type) for one in told.alternateNames],
        dateOfBirth=DateOfBirth(dateOfBirthId=born.dateOfBirthId, normalized=born.iso) if born else None,
        gender=Gender(told.gender.gender) if told.gender else None,
        nationality=told.nationality,
        countryOfBirth=told.placeOfBirth.country if told.placeOfBirth else None,
        addresses=[_address(one) for one in told.addresses],
        documents=[
            _document(one)
            for group in (documents.IDENTITY, documents.SUPPORTING, documents.REPORT, documents.OTHER)
            for one in group
        ],
        emailAddresses=[one.email for one in told.emailAddresses],
        phoneNumbers=[one.number or one.unstructuredLongForm or "" for one in told.phoneNumbers],
        consents=[one.type for one in told.consents],
        customAttributes={name: one.value for name, one in told.customAttributes.items()},
    )


def _name(told: NameJson, kind: str | None = None) -> Name:
    return Name(
        nameId=told.nameId,
        givenName=told.givenName,
        middleName=told.middleName,
        familyName=told.familyName,
        otherName=told.otherName,
        displayName=told.displayName,
        type=kind,
    )


def _address(told: AddressJson) -> Address:
    kept = told.model_dump(include=set(Address.model_fields))
    return Address(**{**kept, "unstructuredLongForm": told.unstructuredLongForm or told.longForm})


def _document(told: DocumentJson) -> Document:
    mrz = told.customAttributes.get("mrz")
    return Document(
        documentId=told.documentId,
        type=told.type,
        country=told.country,
        subdivision=told.subdivision,
        primaryIdentifier=told.primaryIdentifier,
        secondaryIdentifier=told.secondaryIdentifier,
        issueDate=_iso(told.issueDate),
        expiryDate=_iso(told.expiryDate),
        mrz=mrz.value if mrz else None,
    )


def _iso(told: DateJson | None) -> str | None:
    return None if told is None else told.iso


def document(entity_id: str, person: Individual) -> Json:
    """The person in the contract's shape."""
    return present(
        entityId=entity_id,
        entityType="INDIVIDUAL",
        schemaVersion=SCHEMA_VERSION,
        name=_plain(person.name),
        alternateNames=[_plain(one) for one in person.alternateNames],
        dateOfBirth=person.dateOfBirth
        and present(dateOfBirthId=person.dateOfBirth.dateOfBirthId, **_date(person.dateOfBirth.normalized)),
        gender=person.gender and {"gender": person.gender.value},
        nationality=person.nationality,
        placeOfBirth=person.countryOfBirth and {"country": person.countryOfBirth},
        addresses=[_plain(one) for one in person.addresses],
        documents=_by_class(person.documents),
        emailAddresses=[{"email": one} for one in person.emailAddresses],
        phoneNumbers=[{"number": one} for one in person.phoneNumbers],
        consents=[{"type": one} for one in person.consents],
        customAttributes=attributes(person.customAttributes.items()),
    )


def _plain(part: Name | Address) -> Json:
    return part.model_dump(exclude_none=True)


def _date(normalized: str) -> Json:
    """A date by part as well, as far as it is known."""
    parts = dict(zip(("year", "month", "day"), normalized.split("-"), strict=False))
    return {**parts, "normalized": normalized, "type": "GREGORIAN"}


def _by_class(documents: list[Document]) -> Json:
    classes: dict[str, list[Json]] = {}
    for one in documents:
        classes.setdefault(CLASSES.get(one.type, "IDENTITY"), []).append(_shown(one))
    return classes


def _shown(one: Document) -> Json:
    kept = one.model_dump(exclude_none=True, exclude={"issueDate", "expiryDate", "mrz"})
    return present(
        **kept,
        issueDate=_date(one.issueDate) if one.issueDate else None,
        expiryDate=_date(one.expiryDate) if one.expiryDate else None,
        customAttributes=attributes([("mrz", one.mrz)]) if one.mrz else None,
    )
