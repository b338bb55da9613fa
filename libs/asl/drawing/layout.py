"""A layered layout: boxes from top to bottom, edges between the rows, so that none runs through a box."""

from collections.abc import Sequence
from itertools import pairwise

from libs.asl.drawing.coordinates import set_coordinates
from libs.asl.drawing.layers import Box, Edge, Point, set_layers
from libs.asl.drawing.rows import Place, Rows, make_rows

_PORT = 16.0
_LOOP = 22.0

Size = tuple[float, float]


def lay_out(boxes: Sequence[Box], edges: Sequence[Edge]) -> Size:
    """Give boxes, labels and edges their places; how large it all is."""
    if not boxes:
        return 0.0, 0.0
    for edge in edges:
        if edge.source == edge.target:
            boxes[edge.source].side = _LOOP + (edge.label.width if edge.label else 0)
    set_layers(boxes, edges)
    made = make_rows(boxes, edges)
    set_coordinates(made.rows)
    _route(made, edges)
    _loops(boxes, edges)
    return _moved_to_origin(made, edges)


def _route(made: Rows, edges: Sequence[Edge]) -> None:
    tops, bottoms = _row_bounds(made)
    leaving, entering = _ports(made, edges, 0), _ports(made, edges, -1)
    for index, (edge, way) in enumerate(zip(edges, made.ways, strict=True)):
        if not way:
            continue
        upper, lower = way[0].box, way[-1].box
        points: list[Point] = [(leaving[index], upper.bottom - upper.foot), (leaving[index], bottoms[upper.layer])]
        for place in way[1:-1]:
            points += [(place.box.x, tops[place.box.layer]), (place.box.x, bottoms[place.box.layer])]
        points += [(entering[index], tops[lower.layer]), (entering[index], lower.top + lower.head)]
        edge.points = points[::-1] if edge.reversed else points


def _row_bounds(made: Rows) -> tuple[list[float], list[float]]:
    tops = [min(place.box.top for place in row) for row in made.rows]
    bottoms = [max(place.box.bottom for place in row) for row in made.rows]
    return tops, bottoms


def _ports(made: Rows, edges: Sequence[Edge], end: int) -> dict[int, float]:
    """Where edges touch the box at one end of their ways: beside each other, the heaviest in the middle."""
    at: dict[Place, list[int]] = {}
    for index, way in enumerate(made.ways):
        if way:
            at.setdefault(way[end], []).append(index)
    ports: dict[int, float] = {}
    for place, touching in at.items():
        other = {index: made.ways[index][1 if end == 0 else -2].box.x for index in touching}
        touching.sort(key=lambda index: (other[index], index))
        taken = place.box.foot if end == 0 else place.box.head
        offsets = _beside(place, touching, other) if taken else _around([_pull(made, edges, one) for one in touching])
        step = min(_PORT, (place.box.width / 2 - 8) / max(1, *map(abs, offsets)))
        for index, offset in zip(touching, offsets, strict=True):
            ports[index] = place.box.x + offset * step
    return ports


def _pull(made: Rows, edges: Sequence[Edge], index: int) -> int:
    """How much an edge wants to be straight; more where it is a long one."""
    return edges[index].weight * (2 if len(made.ways[index]) > 2 else 1)


def _around(weights: Sequence[int]) -> list[float]:
    """Beside each other, the heaviest in the middle."""
    heaviest = max(weights)
    middle = weights.index(heaviest) if weights.count(heaviest) == 1 else (len(weights) - 1) / 2
    return [order - middle for order in range(len(weights))]


def _beside(place: Place, touching: list[int], other: dict[int, float]) -> list[float]:
    """Left and right of the middle, which is taken."""
    left = sum(other[index] < place.box.x - 1 for index in touching)
    return [order - left if order < left else order - left + 1.0 for order in range(len(touching))]


def _loops(boxes: Sequence[Box], edges: Sequence[Edge]) -> None:
    """A state that goes to itself: out at its right side and in again."""
    for edge in edges:
        if edge.source == edge.target:
            box = boxes[edge.source]
            right, up, down = box.x + box.width / 2, box.y - box.height / 5, box.y + box.height / 5
            if edge.label is not None:
                edge.label.x, edge.label.y = right + _LOOP + edge.label.width / 2 - 4, box.y
            edge.points = [(right, down), (right + _LOOP, down), (right + _LOOP, up), (right, up)]


def _moved_to_origin(made: Rows, edges: Sequence[Edge]) -> Size:
    boxes = [place.box for row in made.rows for place in row]
    boxes += [edge.label for edge in edges if edge.label is not None and edge.source == edge.target]
    xs = [x for edge in edges for x, _ in edge.points]
    left = min([box.x - box.width / 2 for box in boxes] + xs)
    right = max([box.x + box.width / 2 for box in boxes] + xs)
    for box in boxes:
        box.x -= left
    for edge in edges:
        edge.points = [(x - left, y) for x, y in edge.points]
    return right - left, max(box.bottom for box in boxes)


def svg_path(edge: Edge) -> str:
    """The points of an edge as the `d` of an SVG path."""
    if edge.source == edge.target:
        (x, y), (aside, _), (_, up), _ = edge.points
        return f"M{x:.1f},{y:.1f} C{aside:.1f},{y:.1f} {aside:.1f},{up:.1f} {x + 2:.1f},{up:.1f}"
    parts = [f"M{edge.points[0][0]:.1f},{edge.points[0][1]:.1f}"]
    for index, ((x0, y0), (x1, y1)) in enumerate(pairwise(edge.points)):
        if abs(x0 - x1) < 0.5 and abs(y0 - y1) < 0.5:
            # An arrow head on a line without length would point anywhere.
            continue
        if index % 2 == 0 or abs(x0 - x1) < 0.5:
            parts.append(f"L{x1:.1f},{y1:.1f}")
        else:
            middle = (y0 + y1) / 2
            parts.append(f"C{x0:.1f},{middle:.1f} {x1:.1f},{middle:.1f} {x1:.1f},{y1:.1f}")
    return " ".join(parts)
