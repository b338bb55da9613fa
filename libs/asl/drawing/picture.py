"""A machine as a picture: its states laid out from top to bottom, those of Parallel and Map in boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from libs.asl.drawing.labels import condition, described, retries
from libs.asl.drawing.layers import Box, Edge
from libs.asl.drawing.layout import lay_out
from libs.asl.drawing.text import broken, cut, text_width
from libs.asl.graph import Graph, Node, Transition

NAME, SMALL = 13.0, 11.0
LINE = 17.0
PADDING = 16.0
DOT = 18.0
"""Room for the dot above a state where a machine starts, or below one where it can end."""
_NAME_LENGTH, _DETAIL_LENGTH, _LABEL_LENGTH = 22, 30, 34
_MAIN, _ASIDE = 64, 1


@dataclass
class State:
    """A state with its place, and the machines inside it with theirs."""

    node: Node
    box: Box
    lines: list[str]
    detail: str
    starts: bool
    ends: bool
    inner: list["Picture"] = field(default_factory=list)

    @property
    def heading(self) -> float:
        """The height of its own text."""
        return 10 + LINE * len(self.lines) + 15 + 7


@dataclass
class Arrow:
    """A transition with its way; several rules of a Choice that lead to one state are one."""

    source: str
    target: str
    caught: bool
    label: str
    edge: Edge


@dataclass
class Picture:
    """A machine laid out, at its place within the state around it."""

    states: list[State]
    arrows: list[Arrow]
    width: float = 0
    height: float = 0
    x: float = 0
    y: float = 0


def picture(graph: Graph, errors: Mapping[str, Sequence[str]]) -> Picture:
    """Lay out a machine, with the errors that happened at its states. Transitions that lead nowhere are left out."""
    # The state that it starts at stands first, whatever the order in the document.
    nodes = sorted(graph.nodes.values(), key=lambda node: node.name != graph.start_at)
    states = [_state(node, graph, errors) for node in nodes]
    at = {node.name: index for index, node in enumerate(nodes)}
    arrows = [arrow for node in nodes for arrow in _arrows(node, at)]
    made = Picture(states, arrows)
    made.width, made.height = lay_out([state.box for state in states], [arrow.edge for arrow in arrows])
    return made


def _state(node: Node, graph: Graph, errors: Mapping[str, Sequence[str]]) -> State:
    found = errors.get(node.name, ())
    detail = cut(_error(found) if found else f"{described(node)} {retries(node)}".strip(), _DETAIL_LENGTH)
    state = State(
        node,
        Box(0, 0),
        broken(node.name, _NAME_LENGTH),
        detail,
        starts=node.name == graph.start_at,
        ends=node.ends and node.kind not in ("Succeed", "Fail"),
        inner=[picture(inner, errors) for inner in node.inner],
    )
    names = max(text_width(line, NAME) for line in state.lines)
    slanted = 14 if node.kind == "Choice" else 0
    width = max(110.0, names + 26 + slanted, text_width(detail, SMALL) * (1.1 if found else 1) + 22)
    height = state.heading
    if state.inner:
        width = max(width, sum(inner.width + PADDING * 2 for inner in state.inner) + PADDING * (len(state.inner) + 1))
        height += max(inner.height for inner in state.inner) + PADDING * 3
    state.box.head, state.box.foot = DOT * state.starts, DOT * state.ends
    state.box.width, state.box.height = width, height + state.box.head + state.box.foot
    return state


def _error(found: Sequence[str]) -> str:
    """The last error, and how many there were."""
    return f"{found[-1]} ×{len(found)}" if len(found) > 1 else found[-1]


def _arrows(node: Node, at: dict[str, int]) -> list[Arrow]:
    grouped: dict[tuple[str, bool], list[Transition]] = {}
    for transition in node.transitions:
        if transition.target in at:
            grouped.setdefault((transition.target, transition.errors is not None), []).append(transition)
    arrows = []
    for (target, caught), transitions in grouped.items():
        conditions = [condition(node, transition) for transition in transitions]
        label = " or ".join(text for text in conditions if text)
        shown = cut(label, _LABEL_LENGTH)
        box = Box(text_width(shown, SMALL) + 10, 17) if shown else None
        edge = Edge(at[node.name], at[target], _ASIDE if caught else _MAIN, box)
        arrows.append(Arrow(node.name, target, caught, label, edge))
    return arrows


def shown_label(arrow: Arrow) -> str:
    """The label as far as there is room for it."""
    return cut(arrow.label, _LABEL_LENGTH)
