"""A person's claim against the records of one source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from libs.comparing import addresses, dates, names
from libs.comparing.text import folded, likeness
from libs.events.models import Document, Name, ProcessResultCode
from services.kyc.claim import Claim
from services.kyc.measure import MATCH, NO_MATCH, PARTIAL, Measure
from services.kyc.policy import MatchType
from services.kyc.sources import About, Record

NOTHING: dict[MatchType, Mapping[str, int]] = {
    "name": {"fullName": 0, "familyName": 0, "givenName": 0, "firstInitialFamilyName": 0},
    "dob": {"fullDateOfBirth": 0, "year": 0, "month": 0, "day": 0},
    "address": {"fullAddress": 0, "streetAll": 0, "locality": 0, "postalCode": 0},
    "gender": {"gender": 0},
    "document": {"primaryIdentifier": 0},
}
# A document with the right number and another date of expiry or card number.
OTHER_DETAIL = 90


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing of the person's against one source: `whole` is the strength that decided the result."""

    kind: MatchType
    objectId: str
    strengths: Mapping[str, int]
    whole: int
    result: ProcessResultCode


@dataclass(frozen=True, slots=True)
class SourceComparison:
    """What agreed at one source; without a reference the source knows nobody like the person.

    The kinds of thing that matched, and that did in part, are none where the name did not match: what agrees
    there is another person's.
    """

    source: About
    measure: Measure
    reference: str | None
    things: tuple[Compared, ...]
    matched: frozenset[MatchType] = frozenset()
    inPart: frozenset[MatchType] = frozenset()

    @property
    def named(self) -> bool:
        """The name matched."""
        return "name" in self.matched

    @property
    def compared(self) -> frozenset[MatchType]:
        """The kinds of thing that the source was asked about."""
        return frozenset(thing.kind for thing in self.things)


def compare(claim: Claim, source: About, records: Sequence[Record], measure: Measure) -> SourceComparison:
    """The source's record that agrees best with the claim, and how."""
    if not records:
        return SourceComparison(source, measure, None, tuple(_unknown(claim, source)))
    in_order = sorted(records, key=lambda record: record.reference)
    return max((_compared(claim, source, record, measure) for record in in_order), key=_agreement)


def _compared(claim: Claim, source: About, record: Record, measure: Measure) -> SourceComparison:
    things = tuple(_things(claim, source, record, measure))
    matched = frozenset(thing.kind for thing in things if thing.result is MATCH)
    if "name" not in matched:
        return SourceComparison(source, measure, record.reference, things)
    in_part = frozenset(thing.kind for thing in things if thing.result is PARTIAL) - matched
    return SourceComparison(source, measure, record.reference, things, matched, in_part)


def _agreement(found: SourceComparison) -> tuple[bool, int, int]:
    return found.named, len(found.matched), sum(thing.whole for thing in found.things)


def _things(claim: Claim, source: About, record: Record, measure: Measure) -> Iterable[Compared]:
    for id, name in claim.names:
        yield _name(id, name, record, measure)
    if "dob" in source.holds and claim.dob:
        id, claimed = claim.dob
        recorded = dates.parts(record.dateOfBirth or "")
        found = dates.strengths(claimed, recorded, measure.dates) if recorded else NOTHING["dob"]
        yield _thing("dob", id, found, found["fullDateOfBirth"], measure)
    if "address" in source.holds:
        for id, address in claim.addresses:
            candidates = [addresses.strengths(address, recorded, measure.words) for recorded in record.addresses]
            found = max(candidates, key=lambda one: one["fullAddress"], default=NOTHING["address"])
            yield _thing("address", id, found, found["fullAddress"], measure)
    if "gender" in source.holds and claim.gender:
        id, gender = claim.gender
        same = 100 * (gender is record.gender)
        yield _thing("gender", id, {"gender": same}, same, measure)
    if "document" in source.holds:
        for id, document in claim.documents:
            known = [_document(document, recorded) for recorded in record.documents]
            found, whole = max(known, key=lambda one: one[1], default=(NOTHING["document"], 0))
            yield _thing("document", id, found, whole, measure)


def _name(id: str, claimed: Name, record: Record, measure: Measure) -> Compared:
    """One of the person's names against the record's best; each part of it has to agree, not only the whole."""
    candidates = [names.strengths(claimed, recorded, measure.words) for recorded in (record.name, *record.otherNames)]
    found = max(candidates, key=lambda one: one["fullName"])
    thing = _thing("name", id, found, found["fullName"], measure)
    least = min(found.get("familyName", 100), found.get("givenName", 100))
    if thing.result is MATCH and least < measure.namePart:
        return Compared("name", id, found, thing.whole, PARTIAL)
    return thing


def _document(claimed: Document, recorded: Document) -> tuple[Mapping[str, int], int]:
    if (claimed.type, claimed.country) != (recorded.type, recorded.country):
        return NOTHING["document"], 0
    number = likeness(_number(claimed.primaryIdentifier), _number(recorded.primaryIdentifier))
    found = {"primaryIdentifier": number}
    if claimed.secondaryIdentifier and recorded.secondaryIdentifier:
        same = _number(claimed.secondaryIdentifier) == _number(recorded.secondaryIdentifier)
        found["secondaryIdentifier"] = 100 * same
    if claimed.expiryDate and recorded.expiryDate:
        found["expiryDate"] = 100 * (claimed.expiryDate == recorded.expiryDate)
    return found, number if min(found.values()) else min(number, OTHER_DETAIL)


def _number(identifier: str | None) -> str:
    return folded(identifier or "").replace(" ", "")


def _thing(kind: MatchType, id: str, found: Mapping[str, int], whole: int, measure: Measure) -> Compared:
    return Compared(kind, id, found, whole, measure.result(kind, whole))


def _unknown(claim: Claim, source: About) -> Iterable[Compared]:
    """Each thing that the source could have told of, had it known the person."""
    for kind, objects in claim.ids.items():
        if kind in source.holds:
            yield from (Compared(kind, id, NOTHING[kind], 0, NO_MATCH) for id in objects)
