"""How likely two persons are to be one: the weight of evidence, field by field, from a table."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from services.duplicates import likeness
from services.duplicates.likeness import LEVELS, Likeness
from services.duplicates.traits import Tokens, Traits
from services.duplicates.weights import Weights

T = TypeVar("T")

MISSING = "missing"
HOUSEHOLD, SHARED = "household", "shared"
_RANKS = {(field, level): rank for field, levels in LEVELS.items() for rank, level in enumerate(levels)}


class Feature(NamedTuple):
    """What one field says: its level, the strength (0 to 100, None where it is missing) and its weight in bits."""

    field: str
    level: str
    strength: int | None
    weight: float


class Comparison(NamedTuple):
    """The evidence of every field; its sum is in bits, the binary logarithm of how many times likelier than two
    different persons one person would come out so."""

    features: tuple[Feature, ...]
    score: float

    @property
    def strengths(self) -> dict[str, int]:
        """How alike each field is that both have, 0 to 100."""
        return {feature.field: feature.strength for feature in self.features if feature.strength is not None}


def compare(one: Traits, other: Traits, weights: Weights) -> Comparison:
    """The comparison of two persons, the same both ways round."""
    found = dict(likenesses(one, other))
    features = [_feature(field, found.get(field), weights) for field in LEVELS]
    if (too_much := _shared(features, weights)) > 0:
        features.append(Feature(HOUSEHOLD, SHARED, None, -too_much))
    score = round(sum([feature.weight for feature in features]), 2)
    return Comparison(tuple(features), score)


def _shared(features: Sequence[Feature], weights: Weights) -> float:
    """What the fields that a household shares tell beyond what they may where the names tell of two persons."""
    household, name = weights.household, features[0]
    if name.level not in household.names:
        return 0.0
    return sum([feature.weight for feature in features if feature.field in household.fields]) - household.most


def _feature(field: str, found: Likeness | None, weights: Weights) -> Feature:
    if found is None:
        return Feature(field, MISSING, None, 0.0)
    return Feature(field, found.level, round(100 * found.strength), weights.fields[field][found.level])


def likenesses(one: Traits, other: Traits) -> Iterator[tuple[str, Likeness]]:
    """The likeness of each field that both have; a field that one of them lacks says nothing."""
    dob = likeness.dates(one.dob, other.dob) if one.dob and other.dob else None
    for field, found in (
        ("name", _name(one, other)),
        ("dateOfBirth", dob),
        ("address", _best("address", likeness.addresses, one.addresses, other.addresses)),
        ("town", _town(one, other)),
        ("document", _best("document", likeness.documents, one.documents, other.documents)),
        ("email", _best("email", likeness.emails, one.emails, other.emails)),
        ("phone", _best("phone", likeness.phones, one.phones, other.phones)),
    ):
        if found is not None:
            yield field, found


def _best(
    field: str, compared: Callable[[T, T], Likeness | None], ones: Sequence[T], others: Sequence[T]
) -> Likeness | None:
    """The likeness of the two values that are most alike; None where either person has none."""
    if len(ones) == 1 == len(others):
        return compared(ones[0], others[0])
    found = [value for one in ones for other in others if (value := compared(one, other)) is not None]
    return _closest(field, found)


def _closest(field: str, found: Sequence[Likeness]) -> Likeness | None:
    return min(found, key=lambda value: (_RANKS[field, value.level], -value.strength), default=None)


def _name(one: Traits, other: Traits) -> Likeness | None:
    """The names; where only one has an e-mail address, it may tell more than the name itself."""
    found = _best("name", likeness.names, one.names, other.names)
    if bool(one.emails) == bool(other.emails) or (found and found.strength >= likeness.SUBSET):
        return found
    told = [*_told(one.emails, other.names), *_told(other.emails, one.names)]
    return _closest("name", [*told, *([found] if found else [])])


def _told(emails: Tokens, names: Sequence[Tokens]) -> Iterator[Likeness]:
    for email in emails:
        for name in names:
            if (found := likeness.name_in_email(name, email.partition("@")[0])) is not None:
                yield found


def _town(one: Traits, other: Traits) -> Likeness | None:
    """The towns, where the addresses are not there to tell more."""
    if one.addresses and other.addresses:
        return None
    if one.towns and other.towns:
        return _best("town", likeness.towns, one.towns, other.towns)
    lines = ["".join(address) for person in (one, other) for address in person.addresses]
    towns = one.towns or other.towns
    return Likeness("same", 1.0) if any(town in line for town in towns for line in lines) else None
