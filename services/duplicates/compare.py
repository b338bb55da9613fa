"""How alike two persons are: points by field, from a table."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from rapidfuzz.distance import OSA, JaroWinkler

from services.duplicates.traits import Tokens, Traits

T = TypeVar("T")


class Band(NamedTuple):
    """A likeness of at least this much, 0 to 1, is worth these points."""

    at_least: float
    points: int


# Points for each field that both persons have, the first band that is reached. A field that one of them lacks
# says nothing. What a person may change (address, e-mail, phone) tells little against a duplicate.
TABLE: dict[str, tuple[Band, ...]] = {
    "name": (Band(0.97, 35), Band(0.90, 30), Band(0.80, 27), Band(0.65, 18), Band(0.50, -10), Band(0.0, -25)),
    "dateOfBirth": (Band(1.0, 30), Band(0.9, 22), Band(0.7, 12), Band(0.6, 5), Band(0.0, -15)),
    "address": (Band(0.85, 20), Band(0.60, 10), Band(0.0, -3)),
    "document": (Band(1.0, 60), Band(0.8, 35), Band(0.0, -15)),
    "email": (Band(1.0, 45), Band(0.85, 40), Band(0.70, 20), Band(0.0, -6)),
    "phone": (Band(1.0, 35), Band(0.0, -3)),
}
# From here on two persons are likely to be one.
LIKELY = 35

# A name that says less than the other (only one of two names) is alike, but not the same.
SUBSET = 0.85
# An initial for a name.
INITIAL = 0.9
# Below this, Jaro-Winkler finds likeness between any two names; edits tell them apart better.
SAME_PART = 0.85
# Likeness of two dates by the number of slips between them; more are two dates.
SLIPS = (1.0, 0.9, 0.7, 0.6)


class Comparison(NamedTuple):
    """The points of two persons and how alike each field is, 0 to 100."""

    points: int
    strengths: dict[str, int]

    @property
    def likely(self) -> bool:
        """They are likely to be the same person."""
        return self.points >= LIKELY


def compare(one: Traits, other: Traits) -> Comparison:
    """The comparison of two persons, the same both ways round."""
    points, strengths = 0, {}
    for field, alike in (
        ("name", _best(_name, one.names, other.names)),
        ("dateOfBirth", _date(one.dob, other.dob)),
        ("address", _best(_address, one.addresses, other.addresses)),
        ("document", _best(_document, one.documents, other.documents)),
        ("email", _best(_email, one.emails, other.emails)),
        ("phone", _best(_phone, one.phones, other.phones)),
    ):
        if alike is not None:
            points += _points(field, alike)
            strengths[field] = round(100 * alike)
    return Comparison(points, strengths)


def _points(field: str, alike: float) -> int:
    for at_least, points in TABLE[field]:
        if alike >= at_least:
            return points
    raise ValueError(f"the table has no band for a likeness of {alike} of {field}")


def _best(alike: Callable[[T, T], float | None], ones: Sequence[T], others: Sequence[T]) -> float | None:
    """The likeness of the two values that are most alike; None where either person has none."""
    if len(ones) == 1 == len(others):
        return alike(ones[0], others[0])
    found = (alike(one, other) for one in ones for other in others)
    return max((value for value in found if value is not None), default=None)


def _name(one: Tokens, other: Tokens) -> float:
    """Two names whatever the order of their parts; a break within a part does not matter."""
    if one == other:
        return 1.0
    fewer, more = (one, other) if (len(one), one) < (len(other), other) else (other, one)
    alike = sum([max([_part(part, candidate) for candidate in more]) for part in fewer]) / len(fewer)
    if len(fewer) == len(more):
        return alike
    whole = JaroWinkler.similarity("".join(sorted(fewer)), "".join(sorted(more)))
    return max(alike * SUBSET, whole, float("".join(fewer) == "".join(more)))


def _part(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return INITIAL if one[0] == other[0] else 0.0
    alike = JaroWinkler.similarity(one, other)
    return alike if alike >= SAME_PART else OSA.normalized_similarity(one, other)


def _date(one: str, other: str) -> float | None:
    """Two dates of birth, as exact as the vaguer one: day and month swapped is one slip."""
    if not one or not other:
        return None
    size = min(len(one), len(other))
    if one[:size] == other[:size]:
        return SLIPS[0] if size == len("YYYY-MM-DD") else SLIPS[1]
    if len(one) != len(other):
        return 0.0
    slips = 1 if _swapped(one) == other else OSA.distance(one, other, score_cutoff=len(SLIPS))
    return SLIPS[slips] if slips < len(SLIPS) else 0.0


def _swapped(date: str) -> str:
    return f"{date[:4]}-{date[8:]}-{date[5:7]}"


def _address(one: Tokens, other: Tokens) -> float:
    """Two addresses as bags of words, and without their breaks."""
    return float(OSA.normalized_similarity("".join(one), "".join(other)))


def _document(one: tuple[str, str, str], other: tuple[str, str, str]) -> float | None:
    """Two documents of one kind and country; others cannot be compared."""
    return float(OSA.normalized_similarity(one[2], other[2])) if one[:2] == other[:2] else None


def _email(one: str, other: str) -> float:
    return float(OSA.normalized_similarity(one, other))


def _phone(one: str, other: str) -> float:
    return float(one == other)
