"""How well two names agree, by part."""

from collections.abc import Mapping
from functools import lru_cache

from libs.comparing.text import folded, likeness
from libs.comparing.words import Words
from libs.events.models import Name

NICKNAME = 95
INITIAL = 80
# What the parts weigh in the whole name, and what it loses for family and given name in each other's place.
FAMILY, GIVEN, OTHER = 50, 40, 10
SWAPPED = 5
# A name of which one side leaves a word out ("Mary" for "Mary Anne"), or the whole given name.
WORD_MISSING = 90
GIVEN_MISSING = 75

Parts = tuple[str, str, str]


def strengths(claimed: Name, recorded: Name, words: Words) -> Mapping[str, int]:
    """Two names agree, whatever their case, accents, nicknames and order."""
    a, b = _parts(claimed), _parts(recorded)
    if not (a[0] and b[0]):
        return _one_field(a, b, words)
    straight = _compared(a, b, words)
    if straight["fullName"] >= NICKNAME:
        return straight
    return max(straight, _turned(a, b, words), key=lambda found: found["fullName"])


def _parts(name: Name) -> Parts:
    others = f"{name.middleName or ''} {name.otherName or ''}"
    return folded(name.givenName or ""), folded(others), folded(name.familyName)


def _compared(a: Parts, b: Parts, words: Words) -> dict[str, int]:
    given, family = part(a[0], b[0], words), part(a[2], b[2], words)
    found = {"givenName": given, "familyName": family}
    if a[1] and b[1]:
        found["otherNames"] = part(a[1], b[1], words)
        weighed = FAMILY * family + GIVEN * given + OTHER * found["otherNames"]
    else:
        # A middle word may have been written into the given name: the two together may agree better.
        if a[1] or b[1]:
            found["givenName"] = given = max(given, part(f"{a[0]} {a[1]}".strip(), f"{b[0]} {b[1]}".strip(), words))
        weighed = FAMILY * family + GIVEN * given + OTHER * min(family, given)
    found["firstInitialFamilyName"] = family * _same_initial(a[0], b[0])
    found["fullName"] = round(weighed / 100)
    return found


def _turned(a: Parts, b: Parts, words: Words) -> dict[str, int]:
    """Family and given name stand in each other's place."""
    given, family = part(a[0], b[2], words), part(a[2], b[0], words)
    return {
        "givenName": given,
        "familyName": family,
        "firstInitialFamilyName": family * _same_initial(a[0], b[2]),
        "fullName": max(0, (given + family) // 2 - SWAPPED),
    }


def _same_initial(a: str, b: str) -> bool:
    return a[:1] == b[:1] != ""


def _one_field(a: Parts, b: Parts, words: Words) -> dict[str, int]:
    """A side without a given name: the only name, or the whole name in one field."""
    if not (a[0] or b[0]):
        family = part(a[2], b[2], words)
        return {"familyName": family, "fullName": family}
    whole = part(_whole(a), _whole(b), words)
    family = part(a[2], b[2], words)
    return {"familyName": max(family, whole), "fullName": whole if whole > WORD_MISSING else min(family, GIVEN_MISSING)}


def _whole(parts: Parts) -> str:
    return " ".join(filter(None, parts))


@lru_cache(maxsize=65536)
def part(a: str, b: str, words: Words) -> int:
    """0 to 100: one part of a name, its words in any order, joined or apart."""
    if a == b:
        return 100 if a else 0
    if not (a and b):
        return 0
    joined = likeness(a.replace(" ", ""), b.replace(" ", ""))
    few, many = sorted((a.split(), b.split()), key=len)
    if len(many) == 1:
        return max(joined, word(a, b, words))
    aligned = _aligned(few, many, words)
    if len(few) == len(many):
        return max(joined, min(aligned, _aligned(many, few, words)))
    return max(joined, min(aligned, WORD_MISSING))


def _aligned(few: list[str], many: list[str], words: Words) -> int:
    return round(sum(max(word(one, other, words) for other in many) for one in few) / len(few))


def word(a: str, b: str, words: Words) -> int:
    """0 to 100: one word of a name, its nickname or its initial."""
    if a == b:
        return 100
    if words.same_name(a, b):
        return NICKNAME
    if (len(a) == 1 or len(b) == 1) and a[0] == b[0]:
        return INITIAL
    return likeness(a, b)
