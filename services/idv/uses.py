"""Who has used which document: another person with the same number is a sign of fraud.

A use is noted before others are looked for, each in a transaction of its own, so that of two at the same moment one at
least sees the other; noting it again changes nothing.
"""

from hashlib import sha256

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.models import CheckRequested, Document, Individual
from services.idv.transliteration import transliterated

_NOTE = text(
    """
    INSERT INTO document_uses (customer_id, document, entity_id, person)
    SELECT :customer, document, :entity, :person FROM unnest(:documents) AS document
    ON CONFLICT (customer_id, document, entity_id) DO UPDATE SET person = excluded.person
    WHERE document_uses.person <> excluded.person
    """
).bindparams(bindparam("documents", type_=ARRAY(Text)))

_OTHERS = text(
    """
    SELECT DISTINCT document FROM document_uses
    WHERE customer_id = :customer AND document = ANY(:documents) AND entity_id <> :entity AND person <> :person
    """
).bindparams(bindparam("documents", type_=ARRAY(Text)))


async def used_by_others(engine: AsyncEngine, request: CheckRequested) -> frozenset[int]:
    """Note the documents of a person; the places of those that another person of the customer has used."""
    customer = request.task.customerId
    marks = [_document(customer, document) for document in request.individual.documents]
    known = sorted({mark for mark in marks if mark})
    if not known:
        return frozenset()
    told = {
        "customer": customer,
        "entity": request.task.entityId,
        "person": _person(customer, request.individual),
        "documents": known,
    }
    async with engine.begin() as connection:
        await connection.execute(_NOTE, told)
    async with engine.connect() as connection:
        others = set((await connection.execute(_OTHERS, told)).scalars())
    return frozenset(at for at, mark in enumerate(marks) if mark in others)


def _document(customer: str, document: Document) -> str:
    number = "".join(letter for letter in (document.primaryIdentifier or "").upper() if letter.isalnum())
    return _hashed(customer, document.type, document.country, number) if number else ""


def _person(customer: str, person: Individual) -> str:
    given = transliterated(person.name.givenName or "").split()[:1]
    birth = person.dateOfBirth.normalized if person.dateOfBirth else ""
    return _hashed(customer, transliterated(person.name.familyName or "").replace(" ", ""), *given, birth)


def _hashed(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
