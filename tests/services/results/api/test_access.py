"""Who may do what: every route of the application against every role and every tenant, generated from the table."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.models import ExecutionState, ProcessResultCode, StepResultCode
from services.results.api import issuing, models
from services.results.api.access import ROLES, Operation, Operations, operations
from services.results.api.app import create_app
from services.results.api.issuing import NewKey
from services.results.api.keys import new_key
from services.results.api.parts import now
from services.results.fold import execution_id
from tests.contract import ContractTransport
from tests.services.results import factory
from tests.services.results.conftest import HEADERS, OTHER_CUSTOMER, Projection

BEGIN = factory.onboarded("e1", individual=factory.person("Onlyofcone"))
SECRETS = ("Onlyofcone", execution_id(BEGIN.id), "found-of-c1")
IN_PATH = {
    "entityId": "e1", "serviceName": "KYC", "workflowName": "Standard", "workflowExecutionId": execution_id(BEGIN.id),
    "matchlistName": "Mine", "entryId": "entry-1", "approvalId": "approval-1",
}  # fmt: skip
FOUND = {"processResults": ["found-of-c1"], "manualStatus": "FALSE_POSITIVE"}
BODIES: dict[str, Any] = {
    "PATCH /v2/individuals/{entityId}/results/aml": FOUND,
    "POST /v2/executions/{workflowExecutionId}/heartbeat": {"taskToken": "a.1.b"},
    "POST /v2/matchlists/{matchlistName}/entries": {
        "entries": [{"attributes": [{"type": "IND_FAMILY_NAME", "value": "Of c2"}]}]
    },
    "PATCH " + next(one.path for one in operations().rows if one.audit == "WORKFLOW_STATUS_CHANGE"): {"status": "PASS"},
}


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of every route, also of those that the description leaves out."""
    waiting = [*app.routes]
    while waiting:
        route: Any = waiting.pop()
        if router := getattr(route, "original_router", None):
            waiting += router.routes
        elif methods := getattr(route, "methods", None):
            yield from ((method, route.path) for method in methods - {"HEAD"})
        else:
            raise AssertionError(f"a route of an unknown kind: {route!r}")


def asked(app: FastAPI) -> list[Operation]:
    """The operations of the application that take a key."""
    there = set(routes(app))
    return [one for one in operations().rows if not one.public and (one.method, one.path) in there]


async def send(api: httpx.AsyncClient, one: Operation, headers: dict[str, str]) -> httpx.Response:
    path = one.path.format_map({**dict.fromkeys(_names(one.path), "x"), **IN_PATH})
    query = {"enabled": "true"} if path.endswith("/monitor") else {}
    body = None if one.method in ("GET", "DELETE") else BODIES.get(one.name, {})
    return await api.request(one.method, path, params=query, json=body, headers=headers)


def _names(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


async def keyed(engine: AsyncEngine, new: NewKey) -> dict[str, str]:
    key = new_key()
    async with engine.begin() as connection:
        await issuing.issue(connection, key, new, "test", now())
    return {"api_key": key, "X-Frankie-CustomerID": new.customer_id}


@pytest_asyncio.fixture
async def done(projection: Projection, api: httpx.AsyncClient) -> httpx.AsyncClient:
    """A person of c1 whose screening has a hit."""
    hit = factory.finding("found-of-c1", processClass="AML", objectType="NAME", result=ProcessResultCode.HIT)
    found = [factory.step("AML", StepResultCode.HIT, [hit]), factory.decision()]
    ended = factory.progressed(BEGIN, 2, state=ExecutionState.SUCCEEDED)
    await projection.fold([BEGIN, factory.progressed(BEGIN, 1, accepted=found), ended])
    return api


async def test_every_route_has_its_row(app: FastAPI) -> None:
    rows = {(one.method, one.path) for one in operations().rows}
    assert set(routes(app)) - rows == set(), "add them to services/results/api/access.csv"
    assert len(rows) == len(operations().rows), "a row is there twice"


async def test_a_row_is_public_or_some_role_may(app: FastAPI) -> None:
    assert [one.name for one in operations().rows if one.public == bool(one.roles)] == []
    assert [one.name for one in operations().rows if one.audit and one.method == "GET"] == []


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_do_what_the_table_says_and_nothing_else(
    app: FastAPI, done: httpx.AsyncClient, projection: Projection, role: str
) -> None:
    headers = await keyed(projection.engine, NewKey("c1", [role]))
    wrong = []
    for one in asked(app):
        projection.published.clear()
        response = await send(done, one, headers)
        refused = response.status_code == 403
        if refused != (role not in one.roles) or (refused and projection.published) or response.status_code == 401:
            wrong.append((one.name, response.status_code))
        if refused:
            models.Error.model_validate(response.json())
    assert wrong == []


@pytest.mark.parametrize("who", ["another customer", "a child", "a child's key", "a child of another's"])
async def test_no_tenant_sees_or_changes_anothers_anything(
    app: FastAPI, done: httpx.AsyncClient, projection: Projection, who: str
) -> None:
    headers = {
        "another customer": OTHER_CUSTOMER,
        "a child": {**HEADERS, "X-Frankie-CustomerChildID": "north"},
        "a child's key": await keyed(projection.engine, NewKey("c1", ROLES, child_id="north")),
        "a child of another's": {**OTHER_CUSTOMER, "X-Frankie-CustomerChildID": "c1"},
    }[who]
    wrong = []
    for one in asked(app):
        projection.published.clear()
        response = await send(done, one, headers)
        touched = [event for event in projection.published if getattr(event.data, "customerId", "") == "c1"]
        told = [secret for secret in SECRETS if secret in response.text]
        broken = response.status_code >= 500 and response.status_code != httpx.codes.NOT_IMPLEMENTED
        if touched or told or broken or response.status_code in (401, 403):
            wrong.append((one.name, response.status_code, told))
    assert wrong == []


async def test_no_key_is_good_for_another_customers_header(
    app: FastAPI, done: httpx.AsyncClient, projection: Projection
) -> None:
    child = await keyed(projection.engine, NewKey("c1", ROLES, child_id="north"))
    for headers in (
        {**OTHER_CUSTOMER, "X-Frankie-CustomerID": "c1"},
        {**child, "X-Frankie-CustomerChildID": "south"},
        {**OTHER_CUSTOMER, "X-Frankie-CustomerID": "c1", "X-Frankie-CustomerChildID": "c2"},
    ):
        statuses = {(await send(done, one, headers)).status_code for one in asked(app)}
        assert (statuses, projection.published) == ({403}, [])


async def test_what_a_child_takes_on_is_the_childs(done: httpx.AsyncClient, projection: Projection) -> None:
    new = "/v2/individuals/new/serviceprofiles/KYC/workflows/Standard/execute"
    body = {"individual": {"entityId": "of-north", "name": {"givenName": "Ada", "familyName": "Nkemelu"}}}
    north = {"X-Frankie-CustomerChildID": "north"}
    assert (await done.post(new, json=body, headers=north)).status_code == 200
    statuses = [
        (await done.get("/v2/individuals/of-north", headers=headers)).status_code
        for headers in (north, {}, {"X-Frankie-CustomerChildID": "south"})
    ]
    assert statuses == [200, 404, 404]


async def test_a_route_without_a_row_lets_nobody_in(
    projection: Projection, api_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.results.api.app.operations", lambda: Operations([]))
    app = create_app(api_engine, projection, projection.broker, schema=projection.schema)
    async with httpx.AsyncClient(transport=ContractTransport(app), base_url="http://api", headers=HEADERS) as client:
        response = await client.get("/v2/workflows")
    assert (response.status_code, response.json()["errorCode"]) == (403, "FORBIDDEN")


async def test_a_key_for_one_person_is_nobody_elses(done: httpx.AsyncClient, projection: Projection) -> None:
    headers = await keyed(projection.engine, NewKey("c1", ["analyst"], username="ana"))
    path = "/v2/individuals/e1"
    other = await done.get(path, headers={**headers, "X-Frankie-Username": "ben"})
    own = await done.get(path, headers={**headers, "X-Frankie-Username": "ana"})
    assert (other.status_code, own.status_code) == (403, 200)
