"""One document examined: each thing checked and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from libs.documents.aamva import Licence
from libs.documents.mrz import Mrz, Unreadable, parse
from libs.documents.reading import Reading
from libs.documents.transliteration import transliterated
from libs.events.models import Document, Individual, ProcessResultCode
from services.idv import comparison
from services.idv.numbers import PRIMARY, SECONDARY, well_formed
from services.idv.seen import NOTHING, Seen
from services.idv.verdicts import BAD, INVALID, MATCH, NO_MATCH, NONE, PARTIAL_MATCH, SUSPECTED, WITH_MRZ

BEST_FIRST = (MATCH, PARTIAL_MATCH, NO_MATCH)


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing of a document; `detail` says more, without personal data."""

    thing: str
    result: ProcessResultCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says of itself, and how that is known: given as text, read as letters, or by a barcode."""

    mrz: Mrz
    how: str
    unread: tuple[str, ...] = ()


GIVEN, READ, BARCODE = "given", "read", "barcode"


def examine(
    document: Document, person: Individual, today: date, seen: Seen = NOTHING, place: int = 0
) -> tuple[Checked, ...]:
    """Everything that can be checked of a document, in a fixed order."""
    zone = tuple(_zone(document, person, today, seen))
    return (
        *_pictures(document, seen),
        *zone,
        *_numbers(document, seen, Checked("primaryIdentifier", MATCH) in zone),
        *([Checked("documentUse", SUSPECTED)] if place in seen.used_by_others else []),
    )


def _zone(document: Document, person: Individual, today: date, seen: Seen) -> Iterator[Checked]:
    pictured = _pictured(_readings(document, seen))
    if not (document.mrz and document.mrz.strip()):
        if pictured:
            yield from _of(document, person, pictured, today)
            return
        if document.type in WITH_MRZ:
            whys = [reading.why for reading in _readings(document, seen)]
            yield Checked("mrz", BAD, whys[0]) if whys else Checked("mrz", NONE)
        yield from _expired(document, None, today)
        return
    try:
        given = Said(parse(document.mrz), GIVEN)
    except Unreadable as problem:
        yield Checked("mrz", BAD, str(problem))
        yield from _expired(document, None, today)
        return
    yield from _of(document, person, given, today)
    if pictured:
        yield Checked("picture", MATCH if _same(given.mrz, pictured) else NO_MATCH)


def _of(document: Document, person: Individual, said: Said, today: date) -> Iterator[Checked]:
    if said.how == BARCODE:
        yield Checked("barcode", MATCH)
    else:
        yield Checked("checkDigits", BAD if said.mrz.wrong else MATCH, ", ".join(said.mrz.wrong))
    yield from _expired(document, said.mrz, today)
    yield from _claimed(document, person, said)


def _pictures(document: Document, seen: Seen) -> Iterator[Checked]:
    """Pictures that were refused."""
    for attachment in document.attachments:
        if reason := seen.refused.get(attachment.sha256):
            yield Checked("attachment", BAD, reason)


def _readings(document: Document, seen: Seen) -> list[Reading]:
    return [seen.readings[one.sha256] for one in document.attachments if one.sha256 in seen.readings]


def _pictured(readings: Sequence[Reading]) -> Said | None:
    """What the first picture that says something says."""
    for reading in readings:
        if reading.mrz:
            return Said(reading.mrz, READ, reading.unread)
        if reading.licence:
            return Said(_as_mrz(reading.licence), BARCODE, () if reading.licence.country else ("issuer",))
    return None


def _as_mrz(licence: Licence) -> Mrz:
    """A licence's barcode in the words of a zone, so that both are compared alike; it has no check digits."""
    return Mrz(
        format="AAMVA",
        code="",
        issuer=licence.country,
        number=licence.number,
        nationality="",
        birth=_short(licence.birth),
        sex=licence.sex or "<",
        expiry=_short(licence.expiry),
        familyName=transliterated(licence.familyName),
        givenNames=transliterated(licence.givenNames),
        truncated=licence.truncated,
        optional="",
        wrong=(),
    )


def _short(date: str) -> str:
    return date[2:].replace("-", "") or "<<<<<<"


def _same(given: Mrz, pictured: Said) -> bool:
    """The zone given is the one in the picture, as far as that was read for certain."""
    fields = {"number", "birth", "expiry"} - {*pictured.unread}
    return all(getattr(given, field) == getattr(pictured.mrz, field) for field in fields)


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


def _claimed(document: Document, person: Individual, said: Said) -> Iterator[Checked]:
    """The zone is that of the document and the person claimed."""
    if document.primaryIdentifier:
        number = NONE if "number" in said.unread else comparison.number(document.primaryIdentifier, said.mrz)
        yield Checked("primaryIdentifier", number)
    names = [comparison.name(name, said.mrz) for name in (person.name, *person.alternateNames)]
    name = NONE if "name" in said.unread else min(names, key=BEST_FIRST.index)
    # No check digit covers a name: one that was read counts only where it agrees.
    yield Checked("name" if said.how != READ or name is MATCH else "nameRead", name)
    if person.dateOfBirth:
        yield Checked("dateOfBirth", comparison.birth(person.dateOfBirth.normalized, said.mrz))
    yield Checked("country", NONE if "issuer" in said.unread else comparison.country(document.country, said.mrz))


def _numbers(document: Document, seen: Seen, confirmed: bool) -> Iterator[Checked]:
    """Numbers have the form of their issuer's, where that is known; one that the document itself confirms has."""
    for thing, identifier in (("numberFormat", PRIMARY), ("cardNumberFormat", SECONDARY)):
        if confirmed and identifier == PRIMARY:
            continue
        if (right := well_formed(document, identifier, seen.forms)) is not None:
            yield Checked(thing, MATCH if right else INVALID)
