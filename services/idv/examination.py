"""One document examined: each thing checked and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from libs.events.models import Document, Individual, ProcessResultCode
from services.idv import comparison
from services.idv.mrz import Mrz, Unreadable, parse
from services.idv.verdicts import BAD, INVALID, MATCH, NO_MATCH, NONE, PARTIAL_MATCH, WITH_MRZ

BEST_FIRST = (MATCH, PARTIAL_MATCH, NO_MATCH)


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing of a document; `detail` says more, without personal data."""

    thing: str
    result: ProcessResultCode
    detail: str = ""


def examine(document: Document, person: Individual, today: date) -> tuple[Checked, ...]:
    """Everything that can be checked of a document, in a fixed order."""
    if not (document.mrz and document.mrz.strip()):
        lacking = (Checked("mrz", NONE),) if document.type in WITH_MRZ else ()
        return (*lacking, *_expired(document, None, today))
    try:
        mrz = parse(document.mrz)
    except Unreadable as problem:
        return (Checked("mrz", BAD, str(problem)), *_expired(document, None, today))
    return (
        Checked("checkDigits", BAD if mrz.wrong else MATCH, ", ".join(mrz.wrong)),
        *_expired(document, mrz, today),
        *_claimed(document, person, mrz),
    )


def _expired(document: Document, mrz: Mrz | None, today: date) -> Iterator[Checked]:
    """The document is still valid, by the claim and by its zone."""
    try:
        claimed = date.fromisoformat(document.expiryDate) if document.expiryDate else None
        said = comparison.expiry(mrz, today) if mrz else None
    except ValueError:
        yield Checked("expired", BAD)
        return
    known = [one for one in (claimed, said) if one]
    if known:
        yield Checked("expired", INVALID if min(known) < today else MATCH)
    if claimed and said:
        yield Checked("expiryDate", MATCH if claimed == said else NO_MATCH)


def _claimed(document: Document, person: Individual, mrz: Mrz) -> Iterator[Checked]:
    """The zone is that of the document and the person claimed."""
    if document.primaryIdentifier:
        yield Checked("primaryIdentifier", comparison.number(document.primaryIdentifier, mrz))
    names = [comparison.name(name, mrz) for name in (person.name, *person.alternateNames)]
    yield Checked("name", min(names, key=BEST_FIRST.index))
    if person.dateOfBirth:
        yield Checked("dateOfBirth", comparison.birth(person.dateOfBirth.normalized, mrz))
    yield Checked("country", comparison.country(document.country, mrz))
