"""The API's own description: whole, released, and to be browsed with no other host."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from services.results.api import openapi
from services.results.api.breaks import breaks
from services.results.api.contract import operations

Json = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Json:
    return openapi.described().openapi()


def each(description: Json) -> Iterator[tuple[str, Json]]:
    """Operations with their names."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def contents(operation: Json) -> Iterator[tuple[str, Json]]:
    """Its body and its answers."""
    if "requestBody" in operation:
        yield "body", operation["requestBody"]
    yield from operation["responses"].items()


def test_it_is_openapi_3_1(description: Json) -> None:
    assert description["openapi"].startswith("3.1.")


def test_operations_have_the_contracts_names_and_no_two_the_same(description: Json) -> None:
    names = {name: operation["operationId"] for name, operation in each(description)}
    assert len(set(names.values())) == len(names)
    contract = {f"{one.method} {one.path}": one.id for one in operations()}
    assert {name: id for name, id in names.items() if name in contract and id != contract[name]} == {}
    assert names["POST /v2/executions/{workflowExecutionId}/stop"] == "postExecutionsByWorkflowExecutionIdStop"


def test_everything_is_described(description: Json) -> None:
    bare = [
        f"{name} {what}"
        for name, operation in each(description)
        for what, of in [
            *((one, operation) for one in ("summary", "description", "tags")),
            *((f"{one['in']}.{one['name']}", one) for one in operation.get("parameters", ())),
            *contents(operation),
        ]
        if not of.get(what if of is operation else "description")
    ]
    assert bare == []


def test_everything_has_an_example_that_fits(description: Json) -> None:
    wrong = []
    for name, operation in each(description):
        described = [(f"{one['in']}.{one['name']}", one) for one in operation.get("parameters", ())]
        described += [
            (what, content)
            for what, of in contents(operation)
            for content in of.get("content", {}).values()
            if content.get("schema")
        ]
        for what, of in described:
            if "example" not in of:
                wrong.append(f"{name} {what}: no example")
                continue
            schema = {**of["schema"], "components": description["components"]}
            wrong += [
                f"{name} {what}: {one.message}" for one in Draft202012Validator(schema).iter_errors(of["example"])
            ]
    assert wrong == []


def test_an_idempotency_key_is_told_of_where_it_means_something(description: Json) -> None:
    told = {
        name: operation["responses"].keys()
        for name, operation in each(description)
        if any(one["name"] == "Idempotency-Key" for one in operation["parameters"])
    }
    assert told.keys() == {name for name, _ in each(description) if re.match("(POST|PATCH) /v2/", name)}
    assert [name for name, statuses in told.items() if not {"409", "422"} <= statuses] == []


def test_a_person_is_told_with_every_field(description: Json) -> None:
    answer = description["paths"]["/v2/individuals/{entityId}"]["get"]["responses"]["200"]["content"]
    shown = answer["application/json"]["example"]["individual"]
    assert (shown["name"]["familyName"], shown["dateOfBirth"]["normalized"]) == ("Nkemelu", "1990-01-31")


def test_what_is_released_breaks_no_client_and_is_what_is_served(description: Json) -> None:
    released = openapi.released()
    assert released is not None
    assert breaks(released, description) == []
    assert openapi.written(released) == openapi.written(description), "make openapi"


def test_a_break_is_not_released(
    description: Json, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    before = {**description, "paths": {**description["paths"], "/v2/gone": {"get": {"responses": {}}}}}
    (tmp_path / openapi.RELEASED).write_bytes(openapi.written(before))
    monkeypatch.setattr(openapi, "SCHEMAS", tmp_path)

    assert openapi.main() == 1
    assert capsys.readouterr().err == "would break a client: GET /v2/gone: is gone\n"
    assert (tmp_path / openapi.RELEASED).read_bytes() == openapi.written(before)


def test_what_breaks_nobody_is_released(description: Json, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(openapi, "SCHEMAS", tmp_path)

    assert openapi.main() == 0
    assert (tmp_path / openapi.RELEASED).read_bytes() == openapi.written(description)


async def test_it_is_served(api: httpx.AsyncClient, app: FastAPI) -> None:
    response = await api.get("/openapi.json")

    assert response.json() == app.openapi()


async def test_the_page_needs_no_other_host(api: httpx.AsyncClient) -> None:
    page = await api.get("/docs")

    assert page.status_code == 200
    named = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page.text)
    assert len(named) == 3
    for path in named:
        assert path.startswith("/docs/assets/")
        assert (await api.get(path)).status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    missing = await api.get("/docs/assets/..%2f__init__.py")
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "NOT_FOUND")
