"""Each kind of break of a client is found, with its place; what breaks nobody is let through."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from services.results.api.breaks import breaks

Json = dict[str, Any]

ANSWER: Json = {
    "type": "object",
    "required": ["id", "size"],
    "properties": {
        "id": {"type": "string"},
        "size": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Answer"}},
    },
}
BODY: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "maxLength": 10},
        "kind": {"type": "string", "enum": ["A", "B"]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
DOCUMENT: Json = {
    "paths": {
        "/things/{id}": {
            "post": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}},
                    "202": {"description": "later"},
                },
            }
        }
    },
    "components": {"schemas": {"Answer": ANSWER, "Body": BODY}},
}


def operation(document: Json) -> Json:
    return dict.__getitem__(document["paths"]["/things/{id}"], "post")


def answer(document: Json) -> Json:
    return dict.__getitem__(document["components"]["schemas"], "Answer")


def body(document: Json) -> Json:
    return dict.__getitem__(document["components"]["schemas"], "Body")


def parameter(**values: Any) -> Json:
    return {"name": "sort", "in": "query", "schema": {"type": "string"}, **values}


BROKEN: list[tuple[str, Callable[[Json], Any]]] = [
    (": is gone", lambda new: new["paths"].clear()),
    (": is gone", lambda new: new["paths"]["/things/{id}"].clear()),
    (": answers no 202 any more", lambda new: operation(new)["responses"].pop("202")),
    ("200 size: is gone", lambda new: answer(new)["properties"].pop("size")),
    ("200 size: was integer, is string", lambda new: answer(new)["properties"]["size"].update(type="string")),
    ("200 size: was integer, is number", lambda new: answer(new)["properties"]["size"].update(type="number")),
    ("200 size: was integer, is anything", lambda new: answer(new)["properties"]["size"].clear()),
    ("200 at: was a date-time", lambda new: answer(new)["properties"]["at"].pop("format")),
    ("200 id: is not always there any more", lambda new: answer(new)["required"].remove("id")),
    (
        "200 id: was string, is null",
        lambda new: answer(new)["properties"].update(id={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ),
    (
        "200 parts[]: was object, is string",
        lambda new: answer(new)["properties"]["parts"].update(items={"type": "string"}),
    ),
    ("query.limit: is gone", lambda new: operation(new)["parameters"].pop(0)),
    ("query.limit: is needed now", lambda new: operation(new)["parameters"][0].update(required=True)),
    (
        "query.limit: maximum is 50, was 100",
        lambda new: operation(new)["parameters"][0]["schema"].update(maximum=50),
    ),
    (
        "query.limit: minimum is 1, was open",
        lambda new: operation(new)["parameters"][0]["schema"].update(minimum=1),
    ),
    (
        "query.sort: is new, and needed",
        lambda new: operation(new)["parameters"].append(parameter(required=True)),
    ),
    ("body: is needed now", lambda new: operation(new)["requestBody"].update(required=True)),
    ("body: is gone", lambda new: operation(new).pop("requestBody")),
    ("body kind: is gone", lambda new: body(new)["properties"].pop("kind")),
    ("body kind: is needed now", lambda new: body(new)["required"].append("kind")),
    ("body size: is needed now", lambda new: body(new)["required"].append("size")),
    ("body kind: does not take B any more", lambda new: body(new)["properties"]["kind"]["enum"].remove("B")),
    (
        "body name: does not take any value any more",
        lambda new: body(new)["properties"]["name"].update(enum=["A"]),
    ),
    ("body name: maxLength is 5, was 10", lambda new: body(new)["properties"]["name"].update(maxLength=5)),
    ("body name: has another pattern", lambda new: body(new)["properties"]["name"].update(pattern="a")),
    (
        "body tags[]: was string, is integer",
        lambda new: body(new)["properties"]["tags"].update(items={"type": "integer"}),
    ),
]  # fmt: skip
KEPT: list[Callable[[Json], Any]] = [
    lambda new: new["paths"].update({"/others": {"get": {"responses": {}}}}),
    lambda new: operation(new)["parameters"].append(parameter()),
    lambda new: operation(new)["parameters"][0]["schema"].update(maximum=200),
    lambda new: operation(new)["parameters"][1].update(name="thingId"),
    lambda new: operation(new)["responses"].update({"409": {"description": "not now"}}),
    lambda new: answer(new)["properties"].update(more={"type": "string"}),
    lambda new: answer(new)["properties"].update(note={"type": "string"}),
    lambda new: answer(new)["required"].append("at"),
    lambda new: body(new)["properties"].update(more={"type": "string"}),
    lambda new: body(new)["required"].remove("name"),
    lambda new: body(new)["properties"]["kind"]["enum"].append("C"),
    lambda new: body(new)["properties"]["name"].pop("maxLength"),
    lambda new: body(new)["properties"].update(name={"anyOf": [{"type": "string"}, {"type": "null"}]}),
]


@pytest.mark.parametrize(("told", "change"), BROKEN, ids=[told for told, _ in BROKEN])
def test_a_break_is_told_with_its_place(told: str, change: Callable[[Json], Any]) -> None:
    new = deepcopy(DOCUMENT)
    change(new)
    (found,) = breaks(DOCUMENT, new)
    assert found.removeprefix("POST /things/{id}").strip() == told


@pytest.mark.parametrize("change", KEPT)
def test_what_breaks_nobody_is_let_through(change: Callable[[Json], Any]) -> None:
    new = deepcopy(DOCUMENT)
    change(new)
    assert breaks(DOCUMENT, new) == []


def test_nothing_changed() -> None:
    assert breaks(DOCUMENT, DOCUMENT) == []
