"""The picture of a machine as an SVG document, with the path that an execution took where its history is given."""

import re
from collections.abc import Iterator
from typing import Any

from libs.asl.drawing.layout import svg_path
from libs.asl.drawing.picture import DOT, LINE, PADDING, Arrow, Picture, State, picture, shown_label
from libs.asl.drawing.taken import CAUGHT, DONE, FAILED, STOPPED, Taken, read_taken
from libs.asl.drawing.text import text_width
from libs.asl.graph import read_graph

_MARGIN = 24.0
_LEGEND = 30.0

_STYLE = """
text { font-family: Verdana, "DejaVu Sans", Arial, Helvetica, sans-serif; fill: #1f2328; text-anchor: middle }
.name { font-size: 13px; font-weight: 600 } .detail, .label, .legend { font-size: 11px; fill: #57606a }
.legend { text-anchor: start } .error, .outcome { font-size: 11px; fill: #b42318; font-weight: 600 }
.ground { fill: #fff }
.shape { fill: #fff; stroke: #57606a; stroke-width: 1.3 }
.Choice > .shape { fill: #f3effc; stroke: #6e56cf } .Wait > .shape { fill: #eef6fb; stroke: #3b7ea1 }
.Succeed > .shape { fill: #e6f4ea; stroke: #1a7f37 } .Fail > .shape { fill: #fdeceb; stroke: #b42318 }
.Task > .shape { fill: #f6f8fa; stroke: #24292f } .Parallel > .shape, .Map > .shape { fill: #fbfbfc }
.branch { fill: #fff; stroke: #d0d7de; stroke-dasharray: 2 3 } .dot { fill: #57606a } .stub { stroke: #57606a }
.ring { fill: #fff; stroke: #57606a; stroke-width: 1.3 }
.edge { fill: none; stroke: #57606a; stroke-width: 1.4 } .head { fill: #57606a }
.edge.catch { stroke: #b35900; stroke-dasharray: 5 4 } .head.catch, .label.catch { fill: #b35900 }
.told .state > .shape, .told .edge, .told .stub, .told .ring { stroke: #b6bcc4 }
.told .state > .shape { fill: #fff } .told text { fill: #6e7781 } .told .dot { fill: #b6bcc4 }
.told .done > .shape { fill: #e3f4e7; stroke: #1a7f37; stroke-width: 2 }
.told .caught > .shape { fill: #fff0d9; stroke: #b35900; stroke-width: 2 }
.told .failed > .shape { fill: #ffe3e0; stroke: #b42318; stroke-width: 2.4 }
.told .stopped > .shape { fill: #eef1f5; stroke: #57606a; stroke-width: 2; stroke-dasharray: 4 3 }
.told .Parallel > .shape, .told .Map > .shape { fill-opacity: .45 }
.told .done > text, .told .caught > text, .told .failed > text, .told .stopped > text { fill: #1f2328 }
.told .state > .error { fill: #b42318 } .told .outcome { fill: #1f2328 }
.told .edge.gone { stroke: #1a7f37; stroke-width: 2.6 } .told .edge.gone.catch { stroke: #b35900 }
.told .label.catch { fill: #6e7781 } .told .label.gone { fill: #1f2328; font-weight: 600 }
.told .legend { fill: #57606a }
"""

_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

# Swatches of the legend: (class of the state or edge, what it means).
_EDGES = (("edge", "next"), ("edge catch", "catch"))
_STATES = ((DONE, "done"), (CAUGHT, "failed and caught"), (FAILED, "failed"), (STOPPED, "stopped"))


def draw(definition: Any, history: Any = None) -> str:
    """A machine as SVG; raises libs.asl.drawing.taken.InvalidHistory."""
    graph = read_graph(definition)
    taken = read_taken(history, graph) if history is not None else None
    made = picture(graph, taken.errors if taken else {})
    width = max(made.width, 420.0 if taken is None else 640.0) + _MARGIN * 2
    height = made.height + _MARGIN * 2 + _LEGEND
    comment = definition.get("Comment") if isinstance(definition, dict) else None
    made.x, made.y = (width - made.width) / 2, _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
            f' viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-labelledby="asl-title asl-desc">',
            f'<title id="asl-title">{_escaped(comment if isinstance(comment, str) else "A state machine")}</title>',
            f'<desc id="asl-desc">{_escaped(_told(taken, [state.node.name for state in made.states]))}</desc>',
            f"<style>{_STYLE}</style>",
            "<defs>",
            *_heads(),
            "</defs>",
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
            "<g>" if taken is None else '<g class="told">',
            *_machine(made, taken),
            *_legend(taken, _MARGIN, height - _LEGEND / 2 - 4),
            "</g>",
            "</svg>",
            "",
        ]
    )


def _told(taken: Taken | None, names: list[str]) -> str:
    if taken is None:
        return f"States: {', '.join(names)}."
    return f"{taken.ended}. Entered: {', '.join(taken.visits)}."


def _heads() -> Iterator[str]:
    """Arrow heads; they do not take the colour of their line everywhere."""
    for name, colour in (("next", "#57606a"), ("catch", "#b35900"), ("gone", "#1a7f37"), ("pale", "#b6bcc4")):
        yield (
            f'<marker id="asl-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
            f' markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.5 L8,4 L0,7.5 Z" fill="{colour}"/></marker>'
        )


def _machine(made: Picture, taken: Taken | None) -> Iterator[str]:
    yield f'<g transform="translate({made.x:.1f},{made.y:.1f})">'
    arrows = sorted(made.arrows, key=lambda arrow: _gone(arrow, taken))
    for arrow in arrows:
        yield _arrow(arrow, taken)
    for state in made.states:
        yield from _state(state, taken)
    for arrow in arrows:
        if arrow.edge.label is not None:
            yield _label(arrow, taken)
    yield "</g>"


def _gone(arrow: Arrow, taken: Taken | None) -> bool:
    return taken is not None and (arrow.source, arrow.target, arrow.caught) in taken.transitions


def _classes(arrow: Arrow, taken: Taken | None) -> str:
    return f"{' catch' if arrow.caught else ''}{' gone' if _gone(arrow, taken) else ''}"


def _arrow(arrow: Arrow, taken: Taken | None) -> str:
    gone = _gone(arrow, taken)
    pale = taken is not None and not gone
    head = "pale" if pale else "catch" if arrow.caught else "gone" if gone else "next"
    words = f"{arrow.source} to {arrow.target}" + (f": {arrow.label}" if arrow.label else "")
    return (
        f'<path class="edge{_classes(arrow, taken)}" d="{svg_path(arrow.edge)}" marker-end="url(#asl-{head})">'
        f"<title>{_escaped(words)}</title></path>"
    )


def _label(arrow: Arrow, taken: Taken | None) -> str:
    box = arrow.edge.label
    assert box is not None
    left, words = box.x - box.width / 2 + 3, shown_label(arrow)
    ground = _rectangle("ground", left, box.top, box.width - 6, box.height, 0)
    return ground + _text(f"label{_classes(arrow, taken)}", box.x, box.y + 4, words)


def _state(state: State, taken: Taken | None) -> Iterator[str]:
    node, box = state.node, state.box
    how = taken.states.get(node.name, "") if taken else ""
    found = taken.errors.get(node.name, []) if taken else []
    visits = taken.visits.get(node.name, 0) if taken else 0
    title = ", ".join([f"{node.name}: {node.kind}", *filter(None, [how]), *found])
    # The kind stands there as its author wrote it.
    classes = _escaped(" ".join(filter(None, ["state", node.kind, how])))
    yield f'<g class="{classes}"><title>{_escaped(title)}</title>'
    top, bottom = box.top + box.head, box.bottom - box.foot
    yield from _dots(state, top, bottom)
    yield _shape(state, top, bottom)
    y = top + 6
    for line in state.lines:
        y += LINE
        yield _text("name", box.x, y, line)
    detail = f"{state.detail} ×{visits}" if visits > 1 and not found else state.detail
    yield _text("error" if found else "detail", box.x, y + 15, detail)
    yield from _inner(state, top + state.heading, taken)
    yield "</g>"


def _dots(state: State, top: float, bottom: float) -> Iterator[str]:
    x = state.box.x
    if state.starts:
        yield f'<line class="stub" x1="{x:.1f}" y1="{top - DOT + 4:.1f}" x2="{x:.1f}" y2="{top:.1f}"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{top - DOT + 5:.1f}" r="4.5"/>'
    if state.ends:
        yield f'<line class="stub" x1="{x:.1f}" y1="{bottom:.1f}" x2="{x:.1f}" y2="{bottom + DOT - 10:.1f}"/>'
        yield f'<circle class="ring" cx="{x:.1f}" cy="{bottom + DOT - 6:.1f}" r="5"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{bottom + DOT - 6:.1f}" r="2.5"/>'


def _shape(state: State, top: float, bottom: float) -> str:
    left, width, height = state.box.x - state.box.width / 2, state.box.width, bottom - top
    if state.node.kind == "Choice":
        right, middle = left + width, (top + bottom) / 2
        corners = [(left, middle), (left + 12, top), (right - 12, top), (right, middle)]
        corners += [(right - 12, bottom), (left + 12, bottom)]
        return f'<polygon class="shape" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'
    radius = {"Task": 6.0, "Pass": 2.0, "Parallel": 8.0, "Map": 8.0}.get(state.node.kind, height / 2)
    return _rectangle("shape", left, top, width, height, radius)


def _inner(state: State, top: float, taken: Taken | None) -> Iterator[str]:
    """The machines inside, side by side in the middle."""
    room = sum(inner.width + PADDING * 2 for inner in state.inner) + PADDING * (len(state.inner) - 1)
    x = state.box.x - room / 2
    tallest = max((inner.height for inner in state.inner), default=0)
    for inner in state.inner:
        yield _rectangle("branch", x, top, inner.width + PADDING * 2, tallest + PADDING * 2, 6)
        inner.x, inner.y = x + PADDING, top + PADDING
        yield from _machine(inner, taken)
        x += inner.width + PADDING * 3


def _legend(taken: Taken | None, x: float, y: float) -> Iterator[str]:
    for name, words in _EDGES:
        yield f'<path class="{name}" d="M{x:.1f},{y:.1f} h26"/>'
        yield _text("legend", x + 32, y + 4, words)
        x += 44 + text_width(words, 11)
    if taken is None:
        yield _text("legend", x, y + 4, "↻ tries again")
        return
    for name, words in _STATES:
        yield f'<g class="state {name}">{_rectangle("shape", x, y - 7, 20, 14, 3)}</g>'
        yield _text("legend", x + 26, y + 4, words)
        x += 38 + text_width(words, 11)
    yield _text("legend outcome", x, y + 4, taken.ended)


def _rectangle(kind: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}"/>'


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{_escaped(words)}</text>'


def _escaped(text: str) -> str:
    """Text that XML can hold: control characters and halves of surrogate pairs are shown as a mark."""
    held = _NOT_XML.sub("\ufffd", text)
    return held.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
