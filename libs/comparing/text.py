"""Text as it is compared: without case, accents, punctuation or script."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA
from rigour.text import ascii_text, metaphone

JOINING = re.compile(r"['’`´.]")
SEPARATING = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """A name or address in lower-case Latin words, one space between them."""
    return SEPARATING.sub(" ", JOINING.sub("", ascii_text(text).lower())).strip()


@lru_cache(maxsize=65536)
def phonetic(word: str) -> str:
    """How a folded word sounds; the word itself where it has no sound of its own."""
    return str(metaphone(word)) or word


@lru_cache(maxsize=65536)
def likeness(a: str, b: str) -> int:
    """0 to 100: two folded words, by the letters added, left out, changed or swapped with their neighbour."""
    return round(100 * OSA.normalized_similarity(a, b))
