"""Names made comparable across spellings and scripts."""

import re
import unicodedata
from functools import lru_cache

from normality import ascii_text as any_ascii
from rigour.text.scripts import text_scripts
from rigour.text.translit import ascii_text

from libs.screening.romanisation import (
    ARTICLES,
    CONSONANTS,
    CYRILLIC,
    DIGRAPHS,
    HANGUL_FINALS,
    HANGUL_INITIALS,
    HANGUL_SYLLABLES,
    HANGUL_VOWELS,
    SEMITIC,
)

# A longer name is cut: it is no name of a person, and must not cost more than one.
LONGEST_NAME = 200
MOST_PARTS = 12

CONSONANT_SCRIPTS = frozenset({"Arabic", "Hebrew"})
SYLLABLE_SCRIPTS = frozenset({"Han", "Hangul"})
_APART = re.compile(r"[^a-z0-9]+")
_SEMITIC_WORD = re.compile(r"[\u0590-\u05ff\u0600-\u06ff]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_SPACES = re.compile(r"\s+")


def cleaned(text: str) -> tuple[str, bool]:
    """A name without control and direction marks, and whether it had to be cut."""
    head = text[: 4 * LONGEST_NAME]
    kept = "".join(char if unicodedata.category(char)[0] != "C" else _gap(char) for char in head)
    parts = _SPACES.sub(" ", unicodedata.normalize("NFKC", kept)).strip().split(" ")
    name = " ".join(parts[:MOST_PARTS])[:LONGEST_NAME].strip()
    return name, len(text) > len(head) or len(parts) > MOST_PARTS or len(" ".join(parts)) > LONGEST_NAME


def usable(name: str) -> bool:
    """A name that can be screened has at least two letters, or one of a script whose letters are words."""
    letters = sum(char.isalpha() for char in name)
    return letters >= 2 or any("\u3400" <= char <= "\u9fff" for char in name)


@lru_cache(maxsize=1_000)
def folded(name: str) -> tuple[str, ...]:
    """The parts of a name in plain lower-case Latin letters."""
    return tuple(part for part in _APART.split(ascii_text(name).lower().replace("'", "")) if part)


def readings(name: str) -> tuple[str, ...]:
    """The name as it is, and in Latin letters as the lists write it, where it is in another script."""
    found = [name]
    scripts = text_scripts(name)
    if "Cyrillic" in scripts:
        found.append(ascii_text("".join(CYRILLIC.get(char, char) for char in name.lower())))
    if "Han" in scripts:
        found.append(_SPACES.sub(" ", _HAN.sub(_chinese, name)))
    if "Hangul" in scripts:
        korean = _SPACES.sub(" ", _HANGUL.sub(_korean, name))
        # The North's own usage since the 1980s is jong, the lists have both.
        found += [korean, korean.replace("ch", "j")]
    return tuple(dict.fromkeys(reading.strip() for reading in found))


def written_without_parting(name: str) -> bool:
    """A name in syllables or signs, which many other names share in Latin letters."""
    return bool(text_scripts(name) & SYLLABLE_SCRIPTS)


def written_without_vowels(name: str) -> bool:
    """A name in a script that leaves vowels out can be compared by its consonants only."""
    return bool(text_scripts(name) & CONSONANT_SCRIPTS)


@lru_cache(maxsize=1_000)
def consonants(name: str) -> tuple[str, ...]:
    """The consonants of each part of a name, sounds that Arabic and Latin spellings confuse made one."""
    if written_without_vowels(name):
        words = [_without_article(word) for word in _SEMITIC_WORD.findall(name)]
        sounds = ["".join(SEMITIC.get(char, "") for char in word) for word in words]
    else:
        sounds = [part for part in folded(name) if part not in ARTICLES]
    return tuple(skeleton for skeleton in map(_skeleton, sounds) if skeleton)


def _skeleton(word: str) -> str:
    for written, sound in DIGRAPHS:
        word = word.replace(written, sound)
    # A final h is written or not, as in Abdullah; a vowel counts at the start, where a letter stands for it.
    first, rest = word[:1], word[1:].rstrip("h")
    first = "a" if first in "aeiou" else first
    sounds = "".join(CONSONANTS.get(char, char) for char in (first, *rest) if char not in "eiou")
    sounds = sounds[:1] + "".join(char for char in sounds[1:] if char not in "aywv")
    return re.sub(r"(.)\1+", r"\1", sounds)


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _chinese(match: re.Match[str]) -> str:
    """A Chinese name in pinyin, the family name first and the given name in one word."""
    family, *given = any_ascii(match[0]).split()
    return f" {family} {''.join(given)} "


def _korean(match: re.Match[str]) -> str:
    """A Korean name as the lists write it, syllable by syllable."""
    return f" {' '.join(_syllable(char) for char in match[0])} "


def _syllable(char: str) -> str:
    if char in HANGUL_SYLLABLES:
        return HANGUL_SYLLABLES[char]
    initial, rest = divmod(ord(char) - 0xAC00, 21 * 28)
    vowel, final = divmod(rest, 28)
    return HANGUL_INITIALS[initial] + HANGUL_VOWELS[vowel] + HANGUL_FINALS[final]


def _gap(char: str) -> str:
    return " " if char in "\t\n\r\v\f\x00" else ""
