"""The API's own description: FastAPI's, with the contract's names of operations, and an example of everything."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.results.api.contract import operations, place
from services.results.api.examples import Examples

Json = dict[str, Any]

WORDS = Path(__file__).with_name("words.yaml")
METHODS = ("get", "post", "put", "patch", "delete")
# What FastAPI says where a route does not: answers of its own that are never given here.
FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")
SAYS_NOTHING = "Successful Response"


class Described(FastAPI):
    """An application that describes itself in full, by the contract's names and without pages of another host."""

    def __init__(self, **given: Any) -> None:
        super().__init__(generate_unique_id_function=operation_id, docs_url=None, redoc_url=None, **given)

    def openapi(self) -> Json:
        """The description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


def operation_id(route: APIRoute) -> str:
    """The contract's name of an operation; else method and path: `postExecutionsByWorkflowExecutionIdStop`."""
    (method,) = sorted(route.methods or ())
    named = {one.place: one.id for one in operations()}
    parts = [part for part in re.split(r"[/_-]|(?={)", route.path) if part not in ("", "v2")]
    words = [f"By{_capital(part[1:-1])}" if part.startswith("{") else _capital(part) for part in parts]
    return named.get(place(method, route.path), method.lower() + "".join(words))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def complete(document: Json) -> Json:
    """Each parameter, body and answer with a description and an example."""
    for name in FRAMEWORKS_OWN:
        document["components"]["schemas"].pop(name, None)
    words = _words()
    examples = Examples(document, words["values"])
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                _complete(item[method], words, examples)
    return document


def _complete(operation: Json, words: Json, examples: Examples) -> None:
    for parameter in operation.get("parameters", ()):
        name, schema = parameter["name"], parameter["schema"]
        parameter.setdefault("description", schema.get("description") or words["parameters"].get(name, ""))
        parameter.setdefault("example", examples.of(schema, name))
    if "requestBody" in operation:
        schema = _json(operation["requestBody"])
        operation["requestBody"].setdefault("description", f"{operation['summary']}.")
        if schema.get("schema"):
            schema["example"] = examples.of(schema["schema"])
    for status, answer in [*operation["responses"].items()]:
        schema = _json(answer)
        if schema.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"):
            del operation["responses"][status]
            continue
        if answer["description"] == SAYS_NOTHING:
            answer["description"] = f"{operation['summary']}."
        if schema.get("schema"):
            schema["example"] = examples.of(schema["schema"])


def _json(of: Json) -> Json:
    """What stands of the JSON of a body or an answer."""
    return dict.get(of.get("content", {}), "application/json", {})


@cache
def _words() -> Json:
    """What parameters mean, and values of fields, by their names."""
    return dict(yaml.safe_load(WORDS.read_text()))
