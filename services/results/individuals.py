"""A person between the contract's JSON and the events' record."""

from typing import Any

from libs.events.models import (
    Address,
    Attachment,
    DateOfBirth,
    Document,
    ExternalReference,
    Gender,
    Individual,
    Name,
)
from services.results.documents import SCHEMA_VERSION, attributes, present
from services.results.person import (
    KEPT,
    AddressJson,
    AttachmentJson,
    DateJson,
    DocumentJson,
    IndividualJson,
    NameJson,
    parts_of,
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
        externalReferences=[
            ExternalReference(**one.model_dump(include=set(ExternalReference.model_fields)))
            for one in told.externalReferences
        ],
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
        attachments=[_attachment(one) for one in told.attachments],
    )


def _attachment(told: AttachmentJson) -> Attachment:
    return Attachment(
        attachmentId=told.attachmentId,
        sha256=(told.data.uri or "").removeprefix(KEPT),
        mediaType=told.mimeType or "",
        size=told.data.size or 0,
        side=told.side,
    )


def _iso(told: DateJson | None) -> str | None:
    return None if told is None else told.iso


def shown(entity_id: str, told: Json) -> Json:
    """The person in the contract's shape, from what was told of them."""
    return {"entityId": entity_id, "entityType": "INDIVIDUAL", "schemaVersion": SCHEMA_VERSION, **told}


def told(person: Individual) -> Json:
    """What a record says of a person, in the contract's words."""
    return present(
        name=_plain(person.name),
        alternateNames=[_plain(one) for one in person.alternateNames],
        dateOfBirth=person.dateOfBirth
        and present(dateOfBirthId=person.dateOfBirth.dateOfBirthId, **parts_of(person.dateOfBirth.normalized)),
        gender=person.gender and {"gender": person.gender.value},
        nationality=person.nationality,
        placeOfBirth=person.countryOfBirth and {"country": person.countryOfBirth},
        addresses=[_plain(one) for one in person.addresses],
        documents=_by_class(person.documents),
        emailAddresses=[{"email": one} for one in person.emailAddresses],
        phoneNumbers=[{"number": one} for one in person.phoneNumbers],
        consents=[{"type": one} for one in person.consents],
        customAttributes=attributes(person.customAttributes.items()),
        externalReferences=[one.model_dump(exclude_none=True) for one in person.externalReferences],
    )


def _plain(part: Name | Address) -> Json:
    return part.model_dump(exclude_none=True)


def _by_class(documents: list[Document]) -> Json:
    classes: dict[str, list[Json]] = {}
    for one in documents:
        classes.setdefault(class_of(one.type), []).append(_document_told(one))
    return classes


def class_of(document_type: str) -> str:
    """The class that a document is shown under where none was told."""
    return CLASSES.get(document_type, "IDENTITY")


def _document_told(one: Document) -> Json:
    kept = one.model_dump(exclude_none=True, exclude={"issueDate", "expiryDate", "mrz", "attachments"})
    return present(
        **kept,
        issueDate=parts_of(one.issueDate) if one.issueDate else None,
        expiryDate=parts_of(one.expiryDate) if one.expiryDate else None,
        customAttributes=attributes([("mrz", one.mrz)]) if one.mrz else None,
        attachments=[_attachment_told(attachment) for attachment in one.attachments] or None,
    )


def _attachment_told(one: Attachment) -> Json:
    return present(
        attachmentId=one.attachmentId,
        mimeType=one.mediaType,
        side=one.side,
        data={"uri": f"{KEPT}{one.sha256}", "size": one.size},
    )
