"""Every answer of the API, as the tests get it, against the contract and what is listed as added to it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from services.results.api.contract import document, extensions
from services.results.api.openapi import described

Json = dict[str, Any]

TYPES: Mapping[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float),
    "null": type(None),
}  # fmt: skip
FORMATS = {"date-time": datetime.fromisoformat, "date": date.fromisoformat}
ERROR = {"$ref": "#/components/schemas/Error"}


class ContractTransport(httpx.ASGITransport):
    """A client's way to the application; an answer that the contract does not have fails the test that asked."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        await response.aread()
        assert problems(request.method, request.url.path, response) == []
        return response


def problems(method: str, path: str, response: httpx.Response) -> list[str]:
    """What is not of the contract in an answer, each with its place."""
    if not path.startswith("/v2/"):
        return []
    at = f"{method} {path} {response.status_code}"
    if response.status_code >= 400:
        return [*unlike(response.json(), ERROR, at)]
    operation = operation_at(document(), method, path)
    if operation is None:
        return [f"{at}: {one}" for one in unlike_own(method, path, response)]
    known = operation["responses"] | extensions()["answers"].get(operation["operationId"], {})
    if str(response.status_code) not in known:
        return [f"{at}: no such status of {operation['operationId']}"]
    schema = schema_of(known[str(response.status_code)])
    if schema is None:
        return [f"{at}: {one}" for one in unlike_own(method, path, response)]
    return [*unlike(response.json(), schema, at, f"{operation['operationId']} {response.status_code}")]


def operation_at(description: Json, method: str, path: str) -> Json | None:
    """The operation at a path; one that is named there goes before a parameter."""
    fits = {
        template: item[method.lower()]
        for template, item in description["paths"].items()
        if method.lower() in item and re.fullmatch(re.sub(r"{[^}]*}", "[^/]*", template), path)
    }
    return fits[min(fits, key=lambda one: one.count("{"))] if fits else None


def schema_of(answer: Json) -> Json | None:
    """The schema of a JSON answer."""
    found: Json | None = answer.get("content", {}).get("application/json", {}).get("schema")
    return found


@cache
def own() -> Json:
    """How the API describes itself."""
    return described().openapi()


def unlike_own(method: str, path: str, response: httpx.Response) -> Iterator[str]:
    """What the contract says nothing of is as we describe it."""
    found = operation_at(own(), method, path)
    if found is None:
        yield "is described nowhere"
        return
    answer = found["responses"].get(str(response.status_code))
    if answer is None:
        yield "is no status that we describe"
        return
    kind = response.headers["content-type"].partition(";")[0]
    if kind not in answer.get("content", {}):
        yield f"{kind} is no media type that we describe"
    if kind != "application/json":
        return
    schema = {**(schema_of(answer) or {}), "components": own()["components"]}
    yield from (f"{one.json_path}: {one.message}" for one in Draft202012Validator(schema).iter_errors(response.json()))


def unlike(value: Any, schema: Json, at: str, name: str = "") -> Iterator[str]:
    """Where a value differs from a schema of the contract; `name` is the schema's, for what is added to it."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        yield from unlike(value, document()["components"]["schemas"][name], at, name)
        return
    for several in ("anyOf", "oneOf"):
        if several in schema:
            yield from min(([*unlike(value, one, at, name)] for one in schema[several]), key=len)
            return
    kind: str | None = "object" if "allOf" in schema and isinstance(value, dict) else schema.get("type")
    if kind is None:
        for one in schema.get("allOf", ()):
            yield from unlike(value, one, at, name)
    elif not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{at}: {value!r} is no {kind}"
    elif kind == "object":
        yield from _unlike_object(value, schema, at, name)
    elif kind == "array":
        for number, one in enumerate(value):
            yield from unlike(one, schema["items"], f"{at}[{number}]")
    elif "enum" in schema and value not in [*schema["enum"], *extensions()["values"].get(name, ())]:
        yield f"{at}: {value!r} is no value of {name or schema['enum']}"
    elif not _reads(schema.get("format"), value):
        yield f"{at}: {value!r} is no {schema['format']}"


def _unlike_object(value: Json, schema: Json, at: str, name: str) -> Iterator[str]:
    properties, required, additional, names = _merged(schema, name)
    for one in sorted(required - value.keys()):
        yield f"{at}.{one}: is missing"
    for one, told in value.items():
        if one in properties:
            yield from unlike(told, properties[one], f"{at}.{one}")
        elif additional is not None:
            yield from unlike(told, additional, f"{at}.{one}")
        elif properties:
            yield f"{at}.{one}: is no field of {' or '.join(names) or 'the contract'}, and not listed as added"


def _merged(schema: Json, name: str) -> tuple[Json, set[str], Json | None, list[str]]:
    """Fields, those that are needed, what others may be, and the names of the schemas that say so."""
    properties, required = dict(schema.get("properties", {})), set(schema.get("required", ()))
    additional, names = schema.get("additionalProperties"), [name] if name else []
    for part in schema.get("allOf", ()):
        of = part["$ref"].rsplit("/", 1)[-1] if "$ref" in part else ""
        inner = _merged(document()["components"]["schemas"][of] if of else part, of)
        properties |= inner[0]
        required |= inner[1]
        additional = additional or inner[2]
        names += inner[3]
    required -= set(extensions()["optional"].get(name, ()))
    return properties | extensions()["fields"].get(name, {}), required, additional, names


def _reads(form: str | None, value: str) -> bool:
    try:
        return form not in FORMATS or bool(FORMATS[form](value))
    except ValueError:
        return False
