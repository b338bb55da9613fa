"""The API's own description: FastAPI's, with the contract's names of operations, and an example of everything."""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute

from services.results.api.contract import operations, place
from services.results.api.examples import Examples
from services.results.api.gate import REPEATABLE
from services.results.api.repeats import HEADER

Json = dict[str, Any]

WORDS = Path(__file__).with_name("words.yaml")
METHODS = ("get", "post", "put", "patch", "delete")
# What FastAPI says where a route does not: answers of its own that are never given here.
FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")
SAYS_NOTHING = "Successful Response"
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
REPEATED = {
    "409": "A request with this Idempotency-Key is being answered.",
    "422": "The Idempotency-Key was used for another request.",
}


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
                _drop_frameworks_own(item[method])
                _tell_of_repeats(method, item[method])
                _complete(item[method], words, examples)
    return document


def _tell_of_repeats(method: str, operation: Json) -> None:
    """An Idempotency-Key, which every caller may send, means something to some methods only."""
    parameters = operation.get("parameters", [])
    keys = [one for one in parameters if one["name"] == HEADER]
    if keys and method.upper() in REPEATABLE:
        for status, text in REPEATED.items():
            operation["responses"].setdefault(status, {"description": text, "content": deepcopy(ERROR)})
    else:
        operation["parameters"] = [one for one in parameters if one not in keys]


def _complete(operation: Json, words: Json, examples: Examples) -> None:
    for parameter in operation.get("parameters", ()):
        name, schema = parameter["name"], parameter["schema"]
        parameter.setdefault("description", schema.get("description") or words["parameters"].get(name, ""))
        parameter.setdefault("example", examples.of(schema, name))
    if "requestBody" in operation:
        operation["requestBody"].setdefault("description", f"{operation['summary']}.")
        _give_examples(operation["requestBody"], examples)
    for answer in operation["responses"].values():
        if answer["description"] == SAYS_NOTHING:
            answer["description"] = f"{operation['summary']}."
        _give_examples(answer, examples)


def _give_examples(of: Json, examples: Examples) -> None:
    """To each form of a body or an answer that is described."""
    for form in _forms(of):
        if form.get("schema"):
            form["example"] = examples.of(form["schema"])


def _drop_frameworks_own(operation: Json) -> None:
    for status, answer in [*operation["responses"].items()]:
        if any(form.get("schema", {}).get("$ref", "").endswith(FRAMEWORKS_OWN) for form in _forms(answer)):
            del operation["responses"][status]


def _forms(of: Json) -> list[Json]:
    """A body or an answer in each of its media types."""
    return [*of.get("content", {}).values()]


@cache
def _words() -> Json:
    """What parameters mean, and values of fields, by their names."""
    return dict(yaml.safe_load(WORDS.read_text()))
