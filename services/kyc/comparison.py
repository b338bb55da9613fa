"""A person's claim against the records of one source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from libs.events.models import Document, ProcessResultCode
from services.kyc import addresses, dates, names
from services.kyc.claim import Claim
from services.kyc.policy import MatchType, Policy, Threshold
from services.kyc.sources import About, Record
from services.kyc.text import folded, likeness

MATCH, PARTIAL, NO_MATCH = ProcessResultCode.MATCH, ProcessResultCode.PARTIAL_MATCH, ProcessResultCode.NO_MATCH
NOTHING: dict[MatchType, Mapping[str, int]] = {
    "name": {"fullName": 0},
    "dob": {"fullDateOfBirth": 0},
    "address": {"fullAddress": 0},
    "document": {"primaryIdentifier": 0},
}
# A document with the right number and another date of expiry.
OTHER_EXPIRY = 90


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
    reference: str | None
    things: tuple[Compared, ...]
    matched: frozenset[MatchType] = frozenset()
    inPart: frozenset[MatchType] = frozenset()

    @property
    def named(self) -> bool:
        """The name matched."""
        return "name" in self.matched


def compare(claim: Claim, source: About, records: Sequence[Record], policy: Policy) -> SourceComparison:
    """The source's record that agrees best with the claim, and how."""
    if not records:
        return SourceComparison(source, None, tuple(_unknown(claim, source)))
    in_order = sorted(records, key=lambda record: record.reference)
    return max((_compared(claim, source, record, policy) for record in in_order), key=_agreement)


def _compared(claim: Claim, source: About, record: Record, policy: Policy) -> SourceComparison:
    things = tuple(_things(claim, source, record, policy))
    if things[0].result is not MATCH:  # the name comes first
        return SourceComparison(source, record.reference, things)
    matched = frozenset(thing.kind for thing in things if thing.result is MATCH)
    in_part = frozenset(thing.kind for thing in things if thing.result is PARTIAL)
    return SourceComparison(source, record.reference, things, matched, in_part)


def _agreement(found: SourceComparison) -> tuple[bool, int, int]:
    return found.named, len(found.matched), sum(thing.whole for thing in found.things)


def _things(claim: Claim, source: About, record: Record, policy: Policy) -> Iterable[Compared]:
    yield _name(claim, record, policy)
    limits = policy.thresholds
    if "dob" in source.holds and claim.dob:
        id, claimed = claim.dob
        recorded = dates.parts(record.dateOfBirth or "")
        found = dates.strengths(claimed, recorded, policy.dateStrengths) if recorded else NOTHING["dob"]
        yield _thing("dob", id, found, found["fullDateOfBirth"], limits.dob)
    if "address" in source.holds:
        for id, address in claim.addresses:
            candidates = [addresses.strengths(address, recorded) for recorded in record.addresses]
            found = max(candidates, key=lambda one: one["fullAddress"], default=NOTHING["address"])
            yield _thing("address", id, found, found["fullAddress"], limits.address)
    if "document" in source.holds:
        for id, document in claim.documents:
            known = [_document(document, recorded) for recorded in record.documents]
            found, whole = max(known, key=lambda one: one[1], default=(NOTHING["document"], 0))
            yield _thing("document", id, found, whole, limits.document)


def _name(claim: Claim, record: Record, policy: Policy) -> Compared:
    """The best of the person's names; each part of it has to agree, not only the whole."""
    candidates = [(id, names.strengths(name, record.name)) for id, name in claim.names]
    id, found = max(candidates, key=lambda one: one[1]["fullName"])
    thing = _thing("name", id, found, found["fullName"], policy.thresholds.name)
    least = min(found.get("familyName", 100), found.get("givenName", 100))
    if thing.result is MATCH and least < policy.thresholds.namePart:
        return Compared("name", id, found, thing.whole, PARTIAL)
    return thing


def _document(claimed: Document, recorded: Document) -> tuple[Mapping[str, int], int]:
    if (claimed.type, claimed.country) != (recorded.type, recorded.country):
        return NOTHING["document"], 0
    number = likeness(_number(claimed), _number(recorded))
    if not (claimed.expiryDate and recorded.expiryDate):
        return {"primaryIdentifier": number}, number
    same = claimed.expiryDate == recorded.expiryDate
    return {"primaryIdentifier": number, "expiryDate": 100 * same}, number if same else min(number, OTHER_EXPIRY)


def _number(document: Document) -> str:
    return folded(document.primaryIdentifier or "").replace(" ", "")


def _thing(kind: MatchType, id: str, found: Mapping[str, int], whole: int, limit: Threshold) -> Compared:
    result = MATCH if whole >= limit.match else PARTIAL if whole >= limit.partial else NO_MATCH
    return Compared(kind, id, found, whole, result)


def _unknown(claim: Claim, source: About) -> Iterable[Compared]:
    """Each thing that the source could have told of, had it known the person."""
    ids: dict[MatchType, list[str]] = {
        "name": [claim.names[0][0]],
        "dob": [claim.dob[0]] if claim.dob else [],
        "address": [id for id, _ in claim.addresses],
        "document": [id for id, _ in claim.documents],
    }
    for kind, objects in ids.items():
        if kind in source.holds:
            yield from (Compared(kind, id, NOTHING[kind], 0, NO_MATCH) for id in objects)
