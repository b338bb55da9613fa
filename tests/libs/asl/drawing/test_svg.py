"""The SVG document."""

import re
from typing import Any
from xml.etree import ElementTree

from libs.asl.drawing.svg import draw
from tests.libs.asl.drawing.forty import FORTY
from tests.libs.asl.factory import END, branch, state, task

SVG = "{http://www.w3.org/2000/svg}"
EVENTS = [
    {"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "details": {}},
    {"id": 2, "previousEventId": 0, "type": "PassStateEntered", "details": {"name": "A"}},
    {"id": 3, "previousEventId": 2, "type": "PassStateExited", "details": {"name": "A"}},
    {"id": 4, "previousEventId": 3, "type": "TaskStateEntered", "details": {"name": "B"}},
    {"id": 5, "previousEventId": 4, "type": "TaskFailed", "details": {"error": "Down"}},
    {"id": 6, "previousEventId": 5, "type": "ExecutionFailed", "details": {"error": "Down"}},
]


def drawn(definition: dict[str, Any], history: Any = None) -> ElementTree.Element:
    return ElementTree.fromstring(draw(definition, history))


def states(root: ElementTree.Element) -> dict[str, str]:
    """The class of each state by its name."""
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class", "").startswith("state ")]
    return {(group.findtext(f"{SVG}title") or "").split(":")[0]: group.get("class", "") for group in groups}


def test_every_state_is_drawn_with_its_kind() -> None:
    assert states(drawn(branch(A=state("Pass", Next="B"), B=task()))) == {"A": "state Pass", "B": "state Task"}


def test_a_catch_is_told_from_a_next() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    root = drawn(branch(A=task(Catch=catch, Next="B"), B=END))
    edges = {path.findtext(f"{SVG}title"): path.get("class") for path in root.iter(f"{SVG}path")}
    assert edges["A to B"] == "edge"
    assert edges["A to B: any error"] == "edge catch"


def test_a_history_colours_the_path_with_its_errors() -> None:
    root = drawn(branch(A=state("Pass", Next="B"), B=task(Next="C"), C=END), EVENTS)
    told = states(root)
    assert (told["A"], told["B"], told["C"]) == ("state Pass done", "state Task failed", "state Pass")
    edges = {path.findtext(f"{SVG}title"): path.get("class") for path in root.iter(f"{SVG}path")}
    assert (edges["A to B"], edges["B to C"]) == ("edge gone", "edge")
    assert [text.text for text in root.iter(f"{SVG}text") if text.get("class") == "error"] == ["Down"]
    assert "Failed: Down" in [text.text for text in root.iter(f"{SVG}text")]


def test_it_says_what_it_shows_to_who_cannot_see_it() -> None:
    root = drawn({**branch(A=END), "Comment": "Onboarding"})
    assert (root.get("role"), root.findtext(f"{SVG}title")) == ("img", "Onboarding")
    assert root.findtext(f"{SVG}desc") == "States: A."


def test_no_name_breaks_the_document() -> None:
    odd = '<&">\x00\ud800]]>'
    assert [name.split(":")[0] for name in states(drawn(branch(**{odd: END})))] == ['<&">\ufffd\ufffd]]>']


def test_the_whole_picture_lies_in_its_view() -> None:
    root = drawn(FORTY)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert 800 < width < 2500
    assert height < 4000
    assert not re.search(r"nan|inf", draw(FORTY))


def test_no_kind_of_state_breaks_the_document() -> None:
    odd = '"><script>\ud800'
    assert states(drawn(branch(A={"Type": odd}))) == {"A": 'state "><script>\ufffd'}
