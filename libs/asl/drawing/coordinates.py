"""Coordinates: boxes under what leads to them, as far as they leave each other room."""

import itertools
from collections.abc import Sequence

from libs.asl.drawing.rows import Place

_SWEEPS = 25
_AMID = range(12, 18)
_BETWEEN_BOXES = 30.0
_BETWEEN_EDGES = 16.0
_BETWEEN_ROWS = 26.0
_STEEPEST = 9
_WIDEST = 60.0


def set_coordinates(rows: Sequence[Sequence[Place]]) -> None:
    """Give every place its x, then its y."""
    for row in rows:
        for place, x in zip(row, _offsets(row), strict=True):
            place.box.x = x
    for sweep in range(_SWEEPS):
        downward = sweep % 2 == 0
        # In between everything stands amid its neighbours; what comes before that and after makes it straight.
        both = sweep in _AMID
        for row in rows[1:] if downward else rows[-2::-1]:
            _settle(row, above=downward or both, below=not downward or both)
    _set_heights(rows)


def _offsets(row: Sequence[Place]) -> list[float]:
    """Where places stand at least, from the first of them."""
    offsets = [0.0]
    for left, right in itertools.pairwise(row):
        gap = _BETWEEN_BOXES if left.real and right.real else _BETWEEN_EDGES
        offsets.append(offsets[-1] + (left.box.width + right.box.width) / 2 + left.box.side + gap)
    return offsets


def _settle(row: Sequence[Place], *, above: bool, below: bool) -> None:
    """As near to where each wants to be as the room between them lets it: isotonic regression."""
    blocks: list[tuple[float, float, int]] = []
    offsets = _offsets(row)
    for place, offset in zip(row, offsets, strict=True):
        wanted, weight = _wanted(place, [*place.above * above, *place.below * below])
        blocks.append((wanted - offset, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, its_weight, its_count), (other, weight, count) = blocks[-2:]
            together = its_weight + weight
            blocks[-2:] = [((one * its_weight + other * weight) / together, together, its_count + count)]
    positions = [position for position, _, count in blocks for _ in range(count)]
    for place, position, offset in zip(row, positions, offsets, strict=True):
        place.box.x = position + offset


def _wanted(place: Place, near: list[tuple[Place, int]]) -> tuple[float, float]:
    """The weighted median of its neighbours, and how much it matters."""
    neighbours = sorted((one.box.x, weight) for one, weight in near)
    if not neighbours:
        return place.box.x, 0.5
    total = sum(weight for _, weight in neighbours)
    passed = 0
    for index, (x, weight) in enumerate(neighbours):
        passed += weight
        if passed * 2 == total:
            return (x + neighbours[index + 1][0]) / 2, total
        if passed * 2 > total:
            return x, total
    raise AssertionError("half of a sum is reached before its end")


def _set_heights(rows: Sequence[Sequence[Place]]) -> None:
    y = 0.0
    for index, row in enumerate(rows):
        height = max((place.box.height for place in row), default=0.0)
        for place in row:
            # Boxes hang from the top of their row; what is beside a tall one stays near what leads to it.
            place.box.y = y + place.box.height / 2
        y += height
        if index + 1 < len(rows):
            y += _gap(row)


def _gap(row: Sequence[Place]) -> float:
    """Edges that go far aside need room to do it without lying flat."""
    aside = max((abs(place.box.x - lower.box.x) for place in row for lower, _ in place.below), default=0.0)
    return _BETWEEN_ROWS + min(aside / _STEEPEST, _WIDEST)
