"""What makes a picture readable: nothing lies on anything else, and no edge runs through a state."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings

from libs.asl import Machine
from libs.asl.drawing.layers import Box, Edge, Point
from libs.asl.drawing.layout import lay_out
from libs.asl.drawing.picture import Picture, picture
from libs.asl.graph import read_graph
from services.orchestration.definitions import shipped
from tests.libs.asl.drawing.forty import FORTY
from tests.libs.asl.factory import branch, state
from tests.libs.asl.machines import machines

DEFINITIONS = {"forty": FORTY} | {one.workflow_name: one.machine.definition for one in shipped()}


def every(made: Picture) -> Iterator[Picture]:
    yield made
    for one in made.states:
        for inner in one.inner:
            yield from every(inner)


def overlap(one: Box, other: Box) -> bool:
    aside = abs(one.x - other.x) < (one.width + other.width) / 2
    return aside and abs(one.y - other.y) < (one.height + other.height) / 2


def inside(point: Point, box: Box) -> bool:
    return abs(point[0] - box.x) < box.width / 2 - 1 and box.top + 1 < point[1] < box.bottom - 1


def along(edge: Edge) -> Iterator[Point]:
    """Points on the drawn way of an edge."""
    for index, ((x0, y0), (x1, y1)) in enumerate(pairwise(edge.points)):
        for step in range(11):
            t = step / 10
            # A curve that begins and ends upright.
            aside = t if index % 2 == 0 else 3 * t**2 - 2 * t**3
            yield x0 + (x1 - x0) * aside, y0 + (y1 - y0) * (t if index % 2 == 0 else aside)


def faults(made: Picture) -> Iterator[str]:
    boxes = [one.box for one in made.states]
    labels = [arrow.edge.label for arrow in made.arrows if arrow.edge.label is not None]
    for one, other in combinations([*boxes, *labels], 2):
        if overlap(one, other):
            yield f"{one} overlaps {other}"
    for arrow in made.arrows:
        if arrow.source == arrow.target:
            continue
        ends = {arrow.edge.source, arrow.edge.target}
        for index, box in enumerate(boxes):
            if index not in ends and any(inside(point, box) for point in along(arrow.edge)):
                yield f"{arrow.source} to {arrow.target} runs through {made.states[index].node.name}"
    for around in made.states:
        for inner in around.inner:
            if inner.width > around.box.width or inner.height > around.box.height:
                yield f"{around.node.name} is smaller than what is in it"
    if any(box.x - box.width / 2 < -0.01 or box.x + box.width / 2 > made.width + 0.01 for box in [*boxes, *labels]):
        yield "something lies outside the picture"


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_nothing_lies_on_anything_else(definition: dict[str, object]) -> None:
    for made in every(picture(read_graph(definition), {})):
        assert list(faults(made)) == []


@settings(deadline=None, max_examples=30)
@given(machines())
def test_so_it_is_for_any_machine(machine: Machine) -> None:
    for made in every(picture(read_graph(machine.definition), {})):
        assert list(faults(made)) == []


def test_a_chain_is_drawn_straight_down() -> None:
    boxes = [Box(40, 20), Box(120, 20), Box(80, 20)]
    edges = [Edge(0, 1), Edge(1, 2)]
    assert lay_out(boxes, edges)[0] == 120
    assert {x for edge in edges for x, _ in edge.points} == {60}
    assert [box.y for box in boxes] == sorted(box.y for box in boxes)


def test_an_edge_that_closes_a_loop_goes_up() -> None:
    boxes = [Box(40, 20), Box(40, 20)]
    edges = [Edge(0, 1), Edge(1, 0)]
    lay_out(boxes, edges)
    (first, *_, last) = edges[1].points
    assert edges[1].reversed
    assert first[1] == boxes[1].top
    assert last[1] == boxes[0].bottom


def test_a_label_stands_between_the_states() -> None:
    label = Box(60, 16)
    boxes = [Box(40, 20), Box(40, 20)]
    lay_out(boxes, [Edge(0, 1, label=label)])
    assert boxes[0].bottom < label.top < label.bottom < boxes[1].top


def test_nothing_has_no_size() -> None:
    assert lay_out([], []) == (0, 0)


def test_rules_of_a_choice_that_lead_to_one_state_are_one_edge() -> None:
    rules = [{"Variable": "$.a", "StringEquals": value, "Next": "B"} for value in "xy"]
    graph = read_graph(branch(A={"Type": "Choice", "Choices": rules, "Default": "B"}, B=state("Succeed")))
    (arrow,) = picture(graph, {}).arrows
    assert arrow.label == "$.a = x or $.a = y or otherwise"


def test_a_transition_to_no_state_is_left_out() -> None:
    assert picture(read_graph(branch(A=state("Pass", Next="B"))), {}).arrows == []
