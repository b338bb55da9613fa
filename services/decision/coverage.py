"""Which rows of a table can ever be the first that applies: their cells as sets of values, less the rows before."""

from collections.abc import Sequence
from typing import TypeAlias

# For each column the numbers of the sample values for which the cell holds.
Box: TypeAlias = tuple[frozenset[int], ...]

# With more parts than this the rest of a row is not looked at any closer: it counts as reached.
PARTS = 2_000


def is_reached(box: Box, before: Sequence[Box]) -> bool:
    """Something of the box lies outside of all the boxes before it."""
    left = [box]
    for one in before:
        left = [part for rest in left for part in _without(rest, one)]
        if not left:
            return False
        if len(left) > PARTS:
            return True
    return True


def _without(box: Box, other: Box) -> list[Box]:
    """The parts of a box that lie outside of another one."""
    if any(mine.isdisjoint(theirs) for mine, theirs in zip(box, other, strict=True)):
        return [box]
    parts = []
    for column, (mine, theirs) in enumerate(zip(box, other, strict=True)):
        if outside := mine - theirs:
            parts.append((*box[:column], outside, *box[column + 1 :]))
        box = (*box[:column], mine & theirs, *box[column + 1 :])
    return parts
