"""Documents that somebody saw in place of what sources know: evidence that travels as a setting of the check kyc."""

import hashlib
from datetime import date, datetime

import orjson
from pydantic import BaseModel, ConfigDict

from libs.events.models import Document, Individual

SETTING = "manualKyc"


class SeenDocument(BaseModel):
    """A document that was seen; `expiryDate` is ISO 8601, known to the day, the month or the year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    documentId: str
    type: str
    country: str
    expiryDate: str | None = None


class ManualKyc(BaseModel):
    """Who saw which documents, and which combination they make; `person` is the hash of what was relied on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    approvedBy: str
    approvedAt: datetime
    combination: str
    policy: str
    documents: tuple[SeenDocument, ...]
    person: str

    def lapsed(self, individual: Individual, today: date) -> str | None:
        """Why it counts no more for the person as they are known now; None while it counts."""
        expired = [one for one in self.documents if is_past(one.expiryDate, today)]
        if expired:
            return f"the {expired[0].type} that was seen has expired"
        known = relied_on(individual, [one.documentId for one in self.documents])
        return None if known == self.person else "the person or the documents have changed since"


def relied_on(individual: Individual, document_ids: list[str]) -> str:
    """SHA-256, hexadecimal, of the names, the date of birth and the documents of a person, without their ids."""
    names = [
        [name.givenName, name.middleName, name.familyName, name.otherName, name.displayName]
        for name in (individual.name, *individual.alternateNames)
    ]
    born = individual.dateOfBirth.normalized if individual.dateOfBirth else None
    known = {one.documentId: one for one in individual.documents}
    documents = [_parts(known[id]) if id in known else None for id in sorted(document_ids)]
    return hashlib.sha256(orjson.dumps([names, born, documents])).hexdigest()


def is_past(expiry: str | None, today: date) -> bool:
    """The last day lies before today; a date known to the month or year only goes to its end."""
    return expiry is not None and expiry < today.isoformat()[: len(expiry)]


def _parts(document: Document) -> list[str | None]:
    numbers = [document.primaryIdentifier, document.secondaryIdentifier]
    return [document.type, document.country, document.subdivision, *numbers, document.issueDate, document.expiryDate]
