"""Layers: which boxes stand above which, so that every edge but those of loops goes down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]


@dataclass
class Box:
    """Something with a size, to be given a place: its middle, from the top left of the picture.

    `head` and `foot`: how much of it, above and below, edges do not touch; `side`: room to be left at its right.
    """

    width: float
    height: float
    x: float = 0
    y: float = 0
    layer: int = 0
    head: float = 0
    foot: float = 0
    side: float = 0

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height / 2


@dataclass
class Edge:
    """A way from one box to another. `weight`: how much it wants to be straight."""

    source: int
    target: int
    weight: int = 1
    label: Box | None = None
    reversed: bool = False
    """It closes a loop: the layers have it the other way round."""
    points: list[Point] = field(default_factory=list)
    """From its source to its target: straight between the two points of each pair, curved from a pair to the next."""

    @property
    def upper(self) -> int:
        return self.target if self.reversed else self.source

    @property
    def lower(self) -> int:
        return self.source if self.reversed else self.target

    @property
    def length(self) -> int:
        """How many layers it must cross: a label takes one of its own."""
        return 1 if self.label is None else 2


def set_layers(boxes: Sequence[Box], edges: Sequence[Edge]) -> None:
    """Give each box its layer; the first box comes first."""
    leaving: list[list[Edge]] = [[] for _ in boxes]
    for edge in edges:
        if edge.source != edge.target:
            leaving[edge.source].append(edge)
    order = _top_down(leaving)
    falling: list[list[Edge]] = [[] for _ in boxes]
    for edge in edges:
        if edge.source != edge.target:
            falling[edge.upper].append(edge)
    for index in order:
        for edge in falling[index]:
            boxes[edge.lower].layer = max(boxes[edge.lower].layer, boxes[index].layer + edge.length)


def _top_down(leaving: Sequence[Sequence[Edge]]) -> list[int]:
    """An order in which every edge goes forward, once those that close a loop are reversed."""
    done: list[int] = []
    state = [""] * len(leaving)
    for root in range(len(leaving)):
        todo = [(root, iter(leaving[root]))] if not state[root] else []
        if todo:
            state[root] = "open"
        while todo:
            index, edges = todo[-1]
            for edge in edges:
                if state[edge.target] == "open":
                    edge.reversed = True
                elif not state[edge.target]:
                    state[edge.target] = "open"
                    todo.append((edge.target, iter(leaving[edge.target])))
                    break
            else:
                state[index] = "done"
                done.append(index)
                todo.pop()
    return done[::-1]
