"""A case's document as a page: one file that refers to no other, in which everything is escaped."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from libs.asl.drawing.svg import draw
from libs.charts.months import svg
from libs.events.models import Measure

TEMPLATE = Path(__file__).with_name("page.html.jinja")
GOOD = ("PASS", "APPROVED", "CLEAR", "CLEARED", "COMPLETE", "MATCH", "HIT_ACCEPTED", "LOW", "NOT_APPLICABLE")
BAD = ("FAIL", "REJECTED", "BLOCKED", "NO_MATCH", "HIT_REJECTED", "UNACCEPTABLE", "ERROR", "INVALID_MATCH", "BAD_DATA")


def page(document: Mapping[str, Any]) -> str:
    """The page of a document that `document` made."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"colour": _colour, "moment": _moment, "months": _months}
    template = environment.from_string(TEMPLATE.read_text())
    return template.render(case=document, picture=_picture(document), facts=list(_facts(document["person"])))


def _picture(document: Mapping[str, Any]) -> str | None:
    """The path through the workflow as the address of a picture that holds its own data; None without a definition."""
    definition = document["workflow"]["definition"]
    if definition is None:
        return None
    drawn = draw(definition, {"events": document["history"]})
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()


def _months(findings: Sequence[Mapping[str, Any]]) -> Markup:
    """The months of an account, where the findings of a step tell of them."""
    return Markup(svg(Measure(**measure) for finding in findings for measure in finding["measures"]))


def _facts(value: Any, path: str = "") -> Any:
    """A person's data, leaf by leaf."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _facts(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, one in enumerate(value, 1):
            yield from _facts(one, f"{path} {number}")
    else:
        yield path, value


def _colour(word: Any) -> str:
    """Which of three colours a result has."""
    return "good" if word in GOOD else "bad" if word in BAD else "open"


def _moment(time: str | None) -> str:
    """A time of JSON as a person reads it, to the second."""
    return "" if time is None else time[:19].replace("T", " ")
