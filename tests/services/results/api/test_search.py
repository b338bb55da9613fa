"""Persons found by what is known of them."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy.event import listen
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.models import Address, Document, ExecutionStatus, ExternalReference
from services.results.api import models
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio

PATH = "/v2/search/serviceprofiles"


async def search(api: httpx.AsyncClient, terms: dict[str, str], kind: str = "EXACT", **more: Any) -> dict[str, Any]:
    filters, query = more.pop("filters", {}), "&".join(f"{name}={value}" for name, value in more.items())
    sent: dict[str, Any] = {"filters": filters}
    if terms:
        sent["search"] = {"type": kind, "terms": [{"field": field, "term": term} for field, term in terms.items()]}
    response = await api.post(f"{PATH}?{query}", json=sent)
    assert response.status_code == 200, response.text
    models.Found.model_validate(response.json())
    return dict(response.json())


def found(told: dict[str, Any]) -> list[str]:
    return [matches[0]["serviceProfile"]["entityId"] for matches in told["matches"]]


@pytest.fixture
async def people(projection: Projection) -> None:
    ada = factory.person(
        documents=[Document(type="PASSPORT", country="AUS", primaryIdentifier="N1234567")],
        addresses=[Address(country="AUS", unstructuredLongForm="12 George Street, Sydney")],
        externalReferences=[ExternalReference(name="CRM", value="C-1")],
    )
    first = factory.onboarded("e1", individual=ada)
    second = factory.onboarded("e2", seconds=1, individual=factory.person("Nkemalu"))
    third = factory.onboarded("e3", seconds=2, individual=factory.person("Obi"))
    other = factory.onboarded("e1", customer="c2", individual=ada)
    failed = factory.story(second, status=ExecutionStatus.FAIL, hit=True)
    await projection.fold([first, second, third, other, *factory.story(first), *failed])


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("terms", "kind", "expected"),
    [
        ({"NAME": "ada nkemelu"}, "EXACT", ["e1"]),
        ({"NAME": "ada nkemelu"}, "FUZZY", ["e1", "e2"]),
        ({"GIVEN_NAME": "ADA"}, "EXACT", ["e3", "e2", "e1"]),
        ({"GIVEN_NAME": "ADA", "DOCUMENT_IDENTIFIER": "n123 4567"}, "EXACT", ["e1"]),
        ({"EXTERNAL_REFERENCE": "c-1"}, "EXACT", ["e1"]),
        ({"ADDRESS": "12 George Street Sydney"}, "EXACT", ["e1"]),
        ({"ADDRESS": "Georg Street Sydney"}, "FUZZY", ["e1"]),
        ({"NAME": "nobody"}, "EXACT", []),
        ({"REGISTERED_NAME": "Ada"}, "FUZZY", []),
        ({}, "EXACT", ["e3", "e2", "e1"]),
    ],
)
async def test_whom_a_search_finds(
    api: httpx.AsyncClient, terms: dict[str, str], kind: str, expected: Sequence[str]
) -> None:
    told = await search(api, terms, kind)
    assert found(told) == expected
    assert told["meta"]["total"] == len(expected)


@pytest.mark.usefixtures("people")
async def test_a_match_is_a_profile_and_says_why(api: httpx.AsyncClient) -> None:
    ((match,), (second,)) = (await search(api, {"NAME": "ada nkemelu"}, "FUZZY"))["matches"]
    assert (match["confidence"], match["fieldsMatched"]) == (1.0, [{"field": "NAME", "confidence": 1.0}])
    assert 0.75 < second["confidence"] < 1
    profile = match["serviceProfile"]
    assert (profile["serviceName"], profile["entityName"]) == ("KYC", "Ada Nkemelu")
    assert [one["status"] for one in profile["workflowSummaries"]] == ["PASS"]


@pytest.mark.usefixtures("people")
async def test_pages_and_order(api: httpx.AsyncClient) -> None:
    pages = [await search(api, {"GIVEN_NAME": "Ada"}, sort="asc", limit=2, page=page) for page in (1, 2, 3)]
    assert [found(page) for page in pages] == [["e1", "e2"], ["e3"], []]
    assert pages[0]["meta"] == {
        "page": 1, "total": 3, "limit": 2, "count": 2, "sort": "asc", "sortFields": ["createdAt"]
    }  # fmt: skip


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"entityIds": ["e1", "e3"]}, ["e3", "e1"]),
        ({"entityTypes": ["ORGANIZATION"]}, []),
        ({"createdAtAfter": "2026-03-01T09:00:00Z", "createdAtBefore": "2026-03-01T09:00:02Z"}, ["e2"]),
        ({"workflowStatuses": ["FAIL"]}, ["e2"]),
        ({"workflowExecutionStatuses": [{"overrideType": "EXCLUDE_OVERRIDDEN", "status": ["PASS"]}]}, ["e1"]),
        ({"statusOverrideType": "ONLY_OVERRIDDEN"}, []),
        ({"workflowNames": ["Standard"], "workflowStatuses": ["PASS"]}, ["e1"]),
        ({"workflowNames": ["Other"]}, []),
        ({"riskLevels": ["LOW"]}, ["e2", "e1"]),
        ({"issueCategories": ["AML"], "issueSeverities": ["BLOCK"], "issues": ["SANCTION"]}, ["e2"]),
        ({"states": ["INIT"]}, ["e3"]),
        ({"states": ["AUTO"]}, ["e2", "e1"]),
        ({"states": ["ARCHIVED", "INIT"]}, ["e3"]),
        ({"assignees": ["ana"]}, []),
    ],
)
async def test_filters(api: httpx.AsyncClient, filters: dict[str, Any], expected: Sequence[str]) -> None:
    assert found(await search(api, {}, filters=filters)) == expected


@pytest.mark.usefixtures("people")
async def test_profiles_that_were_given_or_put_away(api: httpx.AsyncClient) -> None:
    profile = {"serviceProfile": {"assignee": "ana", "state": "ARCHIVED"}}
    assert (await api.patch("/v2/individuals/e1/serviceprofiles/KYC", json=profile)).status_code == 200
    told = [await search(api, {}, filters=one) for one in ({"assignees": ["ana"]}, {"states": ["ARCHIVED"]})]
    assert [found(one) for one in told] == [["e1"], ["e1"]]
    assert found(await search(api, {}, filters={"states": ["AUTO"]})) == ["e2"]


@pytest.mark.usefixtures("people")
async def test_a_changed_person_is_found_by_what_holds_now_and_a_deleted_one_not(api: httpx.AsyncClient) -> None:
    await api.patch("/v2/individuals/e1", json={"individual": {"name": {"familyName": "Eze"}}})
    assert found(await search(api, {"FAMILY_NAME": "Nkemelu"})) == []
    assert found(await search(api, {"FAMILY_NAME": "Eze"})) == ["e1"]
    await api.delete("/v2/individuals/e1")
    assert found(await search(api, {"FAMILY_NAME": "Eze"})) == []


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"search": {"type": "EXACT", "terms": []}}, "search.terms"),
        ({"search": {"type": "LIKE", "terms": [{"term": "a", "field": "NAME"}]}}, "search.type"),
        ({"search": {"type": "EXACT", "terms": [{"term": "a", "field": "AGE"}]}}, "search.terms[0].field"),
        ({"search": {"type": "EXACT", "terms": [{"term": "?", "field": "NAME"}]}}, "search.terms[0].term"),
        ({"filters": {"riskLevels": ["NONE"]}}, "filters.riskLevels[0]"),
        ({"filter": {}}, "filter"),
    ],
)
async def test_what_does_not_fit_is_refused(api: httpx.AsyncClient, sent: dict[str, Any], place: str) -> None:
    response = await api.post(PATH, json=sent)
    assert (response.status_code, response.json()["details"][0]["issueLocation"]) == (422, place)


LARGE = ("individuals", "searched", "executions", "deleted_individuals", "individual_changes", "profile_changes")


async def test_every_search_has_an_index(
    api: httpx.AsyncClient, projection: Projection, api_engine: AsyncEngine
) -> None:
    """No table of persons is read whole where there is another way, among some thousand whose statistics are known."""
    crowd = [
        factory.onboarded(f"p{number}", seconds=number, individual=factory.person(f"Family{number}"))
        for number in range(2_000)
    ]
    await projection.fold(crowd)
    asked: list[tuple[str, Any]] = []
    listen(api_engine.sync_engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    assert found(await search(api, {"FAMILY_NAME": "Family77"})) == ["p77"]
    assert found(await search(api, {"FAMILY_NAME": "Famili77"}, "FUZZY"))
    assert len(found(await search(api, {}))) == 20
    assert len(found(await search(api, {}, filters={"entityIds": ["p1", "p2"]}))) == 2
    plans = await explained(projection, [*asked])
    assert len(plans) > 10
    assert [plan for plan in plans if any(f"Seq Scan on {table}" in plan for table in LARGE)] == []


async def explained(projection: Projection, asked: Sequence[tuple[str, Any]]) -> list[str]:
    """The plans of these queries where a table that has an index for it is not read whole."""
    async with projection.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        tables = ", ".join(f"{projection.schema}.{name}" for name in LARGE)
        await driver.execute(f"ANALYZE {tables}")
        async with driver.transaction():
            await driver.execute("SET LOCAL enable_seqscan = off")
            return [
                "\n".join(line[0] for line in await driver.fetch(f"EXPLAIN {statement}", *parameters))
                for statement, parameters in asked
                if statement.startswith(("SELECT", "WITH"))
            ]
