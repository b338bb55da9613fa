"""Rows: the boxes of each layer in an order with few crossings. A long edge has a place in each row that it crosses."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from libs.asl.drawing.layers import Box, Edge

_SWEEPS = 12


@dataclass(eq=False)
class Place:
    """A place in a row: a box, a label, or where a long edge comes through."""

    box: Box
    above: list[tuple["Place", int]] = field(default_factory=list)
    below: list[tuple["Place", int]] = field(default_factory=list)
    real: bool = True

    def joined(self, lower: "Place", weight: int) -> None:
        """An edge goes from here to a place in the next row."""
        self.below.append((lower, weight))
        lower.above.append((self, weight))


@dataclass
class Rows:
    """The rows from the top, and the places that each edge goes by, from its upper end to its lower one."""

    rows: list[list[Place]]
    ways: list[list[Place]]


def make_rows(boxes: Sequence[Box], edges: Sequence[Edge]) -> Rows:
    """Rows in the order in which crossings are fewest of all that were tried."""
    places = [Place(box) for box in boxes]
    rows: list[list[Place]] = [[] for _ in range(max(box.layer for box in boxes) + 1)]
    ways = [_way(places, edge, rows) for edge in edges]
    for place in _depth_first(places):
        rows[place.box.layer].append(place)
    mirrored = [row[::-1] for row in rows]
    tried = [made for begun in (rows, mirrored) for made in _sweeps(begun)]
    return Rows(min(tried, key=_crossings), ways)


def _sweeps(rows: list[list[Place]]) -> Iterator[list[list[Place]]]:
    for sweep in range(_SWEEPS):
        _sort(rows, downward=sweep % 2 == 0)
        _swap(rows)
        yield [list(row) for row in rows]


def _way(places: list[Place], edge: Edge, rows: list[list[Place]]) -> list[Place]:
    if edge.source == edge.target:
        return []
    upper, lower = places[edge.upper], places[edge.lower]
    way = [upper]
    for layer in range(upper.box.layer + 1, lower.box.layer):
        # The label of an edge stands next to where the edge begins for its reader.
        first = lower.box.layer - 1 if edge.reversed else upper.box.layer + 1
        box = edge.label if edge.label is not None and layer == first else Box(2, 0)
        box.layer = layer
        way.append(Place(box, real=False))
    way.append(lower)
    for one, next_one in itertools.pairwise(way):
        # The more of it is only an edge coming through, the straighter it should be.
        one.joined(next_one, edge.weight * (1, 2, 4)[(not one.real) + (not next_one.real)])
    return way


def _depth_first(places: Sequence[Place]) -> list[Place]:
    """The first order: every place beside those that come after the same place."""
    found: dict[Place, None] = {}
    todo = list(reversed(places))
    while todo:
        place = todo.pop()
        if place not in found:
            found[place] = None
            todo += [lower for lower, _ in reversed(place.below)]
    return list(found)


def _sort(rows: Sequence[list[Place]], downward: bool) -> None:
    """Each row by the middle of the neighbours in the row before it."""
    for row, before in _pairs(rows, downward):
        at = {place: float(index) for index, place in enumerate(before)}
        here = {place: float(index) for index, place in enumerate(row)}
        row.sort(key=lambda place: _middle(place, at, here, downward))


def _pairs(rows: Sequence[list[Place]], downward: bool) -> list[tuple[list[Place], list[Place]]]:
    if downward:
        return list(zip(rows[1:], rows, strict=False))
    return list(zip(rows[-2::-1], rows[::-1], strict=False))


def _middle(place: Place, at: dict[Place, float], here: dict[Place, float], downward: bool) -> float:
    neighbours = [at[one] for one, _ in (place.above if downward else place.below)]
    return sum(neighbours) / len(neighbours) if neighbours else here[place]


def _swap(rows: Sequence[list[Place]]) -> None:
    """Two that stand side by side change places where that saves crossings."""
    at = {place: index for row in rows for index, place in enumerate(row)}
    for row in rows:
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            if _crossed(left, right, at) > _crossed(right, left, at):
                row[index], row[index + 1] = right, left
                at[left], at[right] = index + 1, index


def _crossed(left: Place, right: Place, at: dict[Place, int]) -> int:
    """How many edges of two places cross, where one stands left of the other."""
    pairs = ((left.above, right.above), (left.below, right.below))
    return sum(at[one] > at[other] for mine, others in pairs for one, _ in mine for other, _ in others)


def _crossings(rows: Sequence[Sequence[Place]]) -> int:
    return sum(_crossings_between(upper, lower) for upper, lower in itertools.pairwise(rows))


def _crossings_between(upper: Sequence[Place], lower: Sequence[Place]) -> int:
    at = {place: index for index, place in enumerate(lower)}
    ends = [end for place in upper for end in sorted(at[one] for one, _ in place.below)]
    return sum(later < end for index, end in enumerate(ends) for later in ends[index + 1 :])
