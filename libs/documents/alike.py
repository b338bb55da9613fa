"""How like a glyph is to others of its own picture of which it is certain what they are.

A reader of letters takes an O for a zero, or a G for a 6, and the check digits do not always tell them apart; the
print of the same document does, whatever its font.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

# Log odds for each unit of correlation, as measured on made pictures: one's own kind is .05 to .2 more alike.
ODDS = 80.0
# How much less alike a glyph of another kind is, at least; taken where a letter is not known from the picture.
APART = 0.035
# The most that it counts for, and where only one of the letters is known; an O and a zero differ enough in any font.
MOST, LEAST = 6.0, 2.0
ROUND = frozenset("0O")
SHIFT = 4
# So many of a kind are looked at.
ENOUGH = 7


class Glyph(NamedTuple):
    """One letter of a strip: the strip, the middle of the letter in it, and half the way to its neighbours."""

    strip: Grey
    x: float
    half: float


def evidence(glyph: Glyph, letters: Sequence[str], known: Mapping[str, Sequence[Glyph]]) -> dict[str, float]:
    """For each of some letters the log odds that a glyph is it, the best 0; nothing where none of them is known."""
    seen = {letter: _likeness(glyph, known[letter]) for letter in letters if known.get(letter)}
    if not seen:
        return dict.fromkeys(letters, 0.0)
    unknown = float(np.median([_among(known[letter], seen[letter]) for letter in seen])) - APART
    likeness = {letter: seen.get(letter, unknown) for letter in letters}
    best = max(likeness.values())
    most = MOST if len(seen) > 1 or set(letters) >= ROUND else LEAST
    return {letter: max(ODDS * (one - best), -most) for letter, one in likeness.items()}


def _likeness(glyph: Glyph, others: Sequence[Glyph]) -> float:
    """The median correlation with others, -1 to 1."""
    return float(np.median([_correlation(other, glyph) for other in others[:ENOUGH]]))


def _among(glyphs: Sequence[Glyph], otherwise: float) -> float:
    """How alike glyphs of one kind are in this picture."""
    if len(glyphs) < 2:
        return otherwise
    return float(np.median([_correlation(one, other) for one, other in pairwise(glyphs[:ENOUGH])]))


def _correlation(pattern: Glyph, glyph: Glyph) -> float:
    inner, outer = _cut(pattern, 0)[6:-6], _cut(glyph, SHIFT)
    if inner.shape[0] > outer.shape[0] or inner.shape[1] > outer.shape[1] or not inner.size:
        return -1.0
    return float(cv2.matchTemplate(outer, inner, cv2.TM_CCOEFF_NORMED).max())


def _cut(glyph: Glyph, margin: int) -> Grey:
    half = glyph.half + margin
    left, right = round(glyph.x - half), round(glyph.x + half)
    border = 2 * round(half) + 2
    wide = cv2.copyMakeBorder(glyph.strip, 0, 0, border, border, cv2.BORDER_REPLICATE)
    return np.asarray(wide[:, left + border : right + border], np.uint8)
