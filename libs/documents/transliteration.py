"""Names as a machine readable zone writes them: A to Z, as ICAO Doc 9303 part 3 transliterates."""

import unicodedata
from functools import lru_cache

from rigour.text import ascii_text

# Letters of which the zone has its own spelling; every other diacritic is dropped.
SPELLINGS = {
    "Ä": "AE", "Æ": "AE", "Å": "AA", "Ð": "D", "Ö": "OE", "Ø": "OE", "Œ": "OE", "ß": "SS", "ẞ": "SS", "Þ": "TH",
    "Ü": "UE", "Ĳ": "IJ", "Ŋ": "N", "Đ": "D", "Ħ": "H", "Ł": "L", "Ñ": "N",
}  # fmt: skip
# Spellings that states may use as well.
ALSO = {"Ä": "A", "Å": "A", "Ö": "O", "Ø": "O", "Ü": "U", "Ñ": "NXX"}
ALSO_XX = {"Ü": "UXX"}
DROPPED = "'’`´."


@lru_cache(maxsize=16384)
def transliterated(name: str) -> str:
    """A name in the letters A to Z, its words apart by one space."""
    return _written(name, SPELLINGS)


@lru_cache(maxsize=16384)
def spellings(name: str) -> frozenset[str]:
    """Every way in which a state may write the name, without spaces."""
    ways: tuple[dict[str, str], ...] = (SPELLINGS, {**SPELLINGS, **ALSO}, {**SPELLINGS, **ALSO_XX}, {})
    return frozenset(_written(name, way).replace(" ", "") for way in ways)


def _written(name: str, way: dict[str, str]) -> str:
    upper = unicodedata.normalize("NFC", name).replace("ß", "ẞ").upper()
    spelt = "".join(way.get(letter, letter) for letter in upper if letter not in DROPPED)
    latin = str(ascii_text(spelt)).upper()
    return " ".join("".join(letter if "A" <= letter <= "Z" else " " for letter in _plain(latin)).split())


def _plain(text: str) -> str:
    """Transliteration of another script may bring apostrophes of its own."""
    return "".join(letter for letter in text if letter not in DROPPED)
