"""On which level two values of a field agree, and how strongly, whatever their order, their breaks and their slips."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from services.duplicates.nicknames import one_name
from services.duplicates.traits import Tokens

# The levels of each field, the closest first.
LEVELS: dict[str, tuple[str, ...]] = {
    "name": ("same", "form", "slip", "subset", "inEmail", "part", "single", "different"),
    "dateOfBirth": ("same", "vague", "slip", "slips", "near", "different"),
    "address": ("same", "alike", "close", "different"),
    "town": ("same", "slip", "different"),
    "document": ("same", "slip", "different"),
    "email": ("same", "slip", "user", "alike", "different"),
    "phone": ("same", "slip", "different"),
}

# A name's part in another form: a nickname, and an initial.
NICKNAME, INITIAL = 0.95, 0.9
# From here on two parts of a name are one with a slip in it. Below, Jaro-Winkler finds likeness between any two names;
# edits tell them apart better.
SAME_PART, FEW_EDITS, SAME_LETTERS = 0.85, 0.55, 0.85
# Two names as a whole, where a slip has broken a part in two.
SAME_WHOLE = 0.93
# A name that says less than the other (only one of two names) is alike, but not the same.
SUBSET, IN_EMAIL = 0.85, 0.8
# Two dates of birth by the number of slips between them. Near are those that lie so many days apart, in a year that is
# at most one digit wrong, and birthdays of any two years: a year is misstated more easily.
SLIPS = (("same", 1.0), ("slip", 0.9), ("slips", 0.7))
VAGUE, NEAR = 0.9, 0.5
DAYS, BIRTHDAY, YEAR = 62, 7, 365
ADDRESS_ALIKE, ADDRESS_CLOSE = 0.8, 0.6
EMAIL_SLIP, EMAIL_ALIKE, USER_ALIKE = 0.85, 0.7, 0.5
# A user of fewer characters (jo, info) may be anybody.
USER = 5
# A shorter part of a name is found in many an address.
TOLD = 3


class Likeness(NamedTuple):
    """A level of a field, and a strength from 0 to 1."""

    level: str
    strength: float


def names(one: Tokens, other: Tokens) -> Likeness:
    """Two names, whatever the order of their parts and the breaks in them."""
    if one == other or sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return Likeness("same", 1.0)
    fewer, more = (one, other) if (len(one), one) < (len(other), other) else (other, one)
    strengths = _paired(fewer, more)
    mean, agreeing = sum(strengths) / len(fewer), sum(strength >= FEW_EDITS for strength in strengths)
    if agreeing == len(fewer):
        return _all_agree(strengths, mean, len(more))
    whole = JaroWinkler.similarity("".join(sorted(fewer)), "".join(sorted(more)))
    if whole >= SAME_WHOLE:
        return Likeness("slip", whole)
    if agreeing:
        return Likeness("part", mean)
    return Likeness("single" if len(fewer) == len(more) == 1 else "different", mean)


def _all_agree(strengths: list[float], mean: float, more: int) -> Likeness:
    """Every part of the shorter name is one of the longer name's."""
    if len(strengths) == 1 < more:
        return Likeness("subset", mean * SUBSET)
    left_out = more > len(strengths)
    level = "form" if {*strengths} <= {1.0, NICKNAME, INITIAL} else "slip"
    return Likeness(level, mean * (NICKNAME if left_out else 1.0))


def _paired(fewer: Tokens, more: Tokens) -> list[float]:
    """How alike each part of a name is to a part of the other's of its own, the most alike first."""
    pairs = sorted([(-_part(part, other), i, j) for i, part in enumerate(fewer) for j, other in enumerate(more)])
    left, right, strengths = set(range(len(fewer))), set(range(len(more))), []
    for unlike, i, j in pairs:
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            strengths.append(-unlike)
    return strengths


@lru_cache(maxsize=100_000)
def _part(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(one) == 1 or len(other) == 1:
        return INITIAL if one[0] == other[0] else 0.0
    if one_name(one, other):
        return NICKNAME
    alike = JaroWinkler.similarity(one, other)
    if alike >= SAME_PART:
        return float(alike)
    edits = float(OSA.normalized_similarity(one, other))
    return FEW_EDITS if edits < FEW_EDITS and _same_letters(one, other) else edits


def _same_letters(one: str, other: str) -> bool:
    """All but a few letters are the same, whatever their order."""
    few = (1 - SAME_LETTERS) * (len(one) + len(other))
    return abs(len(one) - len(other)) <= few and Indel.normalized_similarity(sorted(one), sorted(other)) >= SAME_LETTERS


def name_in_email(name: Tokens, user: str) -> Likeness | None:
    """The user of an e-mail address holds every part of a name: it is the name in part."""
    longer = [part for part in name if len(part) >= TOLD]
    if longer and all(part in user for part in longer):
        return Likeness("inEmail", IN_EMAIL)
    return None


def dates(one: str, other: str) -> Likeness:
    """Two dates of birth, as exact as the vaguer one: day and month swapped is one slip."""
    size = min(len(one), len(other))
    if one[:size] == other[:size]:
        return Likeness("same", 1.0) if size == len("YYYY-MM-DD") else Likeness("vague", VAGUE)
    if len(one) != len(other):
        return Likeness("different", 0.0)
    slips = 1 if _swapped(one) == other else OSA.distance(one, other, score_cutoff=len(SLIPS))
    if slips < len(SLIPS):
        return Likeness(*SLIPS[slips])
    return Likeness("near", NEAR) if _near(one, other) else Likeness("different", 0.0)


def _near(one: str, other: str) -> bool:
    try:
        a, b = date.fromisoformat(one), date.fromisoformat(other)
    except ValueError:
        return False
    apart = abs(a.toordinal() - b.toordinal())
    if apart <= DAYS:
        return True
    in_year = abs(a.timetuple().tm_yday - b.timetuple().tm_yday)
    in_year = min(in_year, YEAR - in_year)
    return in_year <= (DAYS if OSA.distance(one[:4], other[:4]) <= 1 else BIRTHDAY)


def _swapped(date: str) -> str:
    return f"{date[:4]}-{date[8:]}-{date[5:7]}"


def addresses(one: Tokens, other: Tokens) -> Likeness:
    """Two addresses, whatever the breaks and the order of their words."""
    if one == other:
        return Likeness("same", 1.0)
    alike = max(_letters(one, other), _letters(sorted(one), sorted(other)))
    level = (
        "same"
        if alike == 1.0
        else "alike"
        if alike >= ADDRESS_ALIKE
        else "close"
        if alike >= ADDRESS_CLOSE
        else "different"
    )
    return Likeness(level, alike)


def _letters(one: Tokens | list[str], other: Tokens | list[str]) -> float:
    return float(OSA.normalized_similarity("".join(one), "".join(other)))


def towns(one: str, other: str) -> Likeness:
    """Two towns."""
    alike = _part(one, other)
    return Likeness("same" if alike == 1.0 else "slip" if alike >= FEW_EDITS else "different", alike)


def documents(one: tuple[str, str, str], other: tuple[str, str, str]) -> Likeness | None:
    """Two documents of one kind and country; others cannot be compared."""
    if one[:2] != other[:2]:
        return None
    return _code(one[2], other[2])


def _code(one: str, other: str) -> Likeness:
    slips = OSA.distance(one, other)
    alike = OSA.normalized_similarity(one, other)
    return Likeness("same" if not slips else "slip" if slips == 1 < min(len(one), len(other)) else "different", alike)


def phones(one: str, other: str) -> Likeness:
    """Two phone numbers."""
    return _code(one, other)


def emails(one: str, other: str) -> Likeness:
    """Two e-mail addresses."""
    alike = float(OSA.normalized_similarity(one, other))
    user, at = one.partition("@")[0], other.partition("@")[0]
    # Namesakes are told apart by the digits that they add to their name.
    numbered_alike = [*filter(str.isdigit, user)] == [*filter(str.isdigit, at)]
    if alike >= EMAIL_SLIP and numbered_alike:
        return Likeness("same" if alike == 1.0 else "slip", alike)
    if user == at and len(user) >= USER:
        return Likeness("user", EMAIL_SLIP)
    # Hosts are few, so that the users have to be alike, too.
    both = alike >= EMAIL_ALIKE and OSA.normalized_similarity(user, at) >= USER_ALIKE
    return Likeness("alike" if both else "different", alike)
