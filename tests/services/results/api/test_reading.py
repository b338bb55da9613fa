"""Persons, what was found about them, workflows, the operator's view, tenants, and the form of errors."""

import asyncio
from typing import Any

import httpx
import pytest
import pytest_asyncio

from libs.events.codec import encode
from libs.events.models import ExecutionStatus
from services.results import rebuild
from services.results.api import models
from services.results.api.app import create_app
from services.results.fold import execution_id
from services.results.person import IndividualJson
from tests.contract import ContractTransport
from tests.services.results import factory
from tests.services.results.conftest import HEADERS, OTHER_CUSTOMER, Projection

pytestmark = pytest.mark.asyncio

BEGIN = factory.onboarded("e1")
PROFILE = "/v2/individuals/e1/serviceprofiles/KYC"
ONE = f"{PROFILE}/workflows/Standard/executions/{execution_id(BEGIN.id)}"


@pytest_asyncio.fixture
async def done(projection: Projection, api: httpx.AsyncClient) -> httpx.AsyncClient:
    await projection.fold([BEGIN, *factory.story(BEGIN, hit=True)])
    return api


async def test_a_person_with_their_profiles(done: httpx.AsyncClient) -> None:
    told = models.Person.model_validate((await done.get("/v2/individuals/e1")).json())

    assert isinstance(told.individual, IndividualJson)
    assert told.individual.name.familyName == "Nkemelu"
    (profile,) = told.serviceProfiles
    assert (profile.serviceName, profile.state, profile.currentWorkflowName) == ("KYC", "AUTO", "Standard")
    alone = models.Profile.model_validate((await done.get(PROFILE)).json())
    assert alone.serviceProfile == profile


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 5),
        ({"classes": "AML"}, 1),
        ({"stepNames": ["KYC", "AML"]}, 5),
        ({"stepTypes": "KYC"}, 4),
        ({"objectTypes": "NAME,ADDRESS"}, 2),
        ({"results": "HIT"}, 1),
        ({"systemStatuses": "VALID", "states": "COMPLETED"}, 5),
        ({"systemStatuses": "STALE"}, 0),
        ({"manualStatuses": "FALSE_POSITIVE"}, 0),
        ({"profileName": "KYC"}, 5),
        ({"profileName": "KYB"}, 0),
        ({"createdAtAfter": "2026-03-01T09:00:03Z"}, 0),
        ({"updatedAtBefore": "2026-03-01T09:00:03Z", "sortFields": "updatedAt", "sort": "asc"}, 5),
    ],
)
async def test_everything_found_about_a_person(done: httpx.AsyncClient, filters: dict[str, Any], count: int) -> None:
    response = await done.get("/v2/individuals/e1/results", params=filters)

    told = models.ProcessResults.model_validate(response.json())
    assert (len(told.processResults), told.meta["total"], told.meta["count"]) == (count, count, count)


async def test_pages_hold_each_result_once(done: httpx.AsyncClient) -> None:
    pages = [
        models.ProcessResults.model_validate(
            (await done.get("/v2/individuals/e1/results", params={"limit": 2, "page": page})).json()
        )
        for page in (1, 2, 3)
    ]

    ids = [one.processResultId for page in pages for one in page.processResults]
    assert len(ids) == len(set(ids)) == 5
    assert [page.meta["count"] for page in pages] == [2, 2, 1]
    assert pages[0].meta == {
        "page": 1, "total": 5, "limit": 2, "count": 2, "sort": "desc", "sortFields": ["createdAt"]
    }  # fmt: skip


async def test_workflows(api: httpx.AsyncClient, projection: Projection) -> None:
    machine = (
        '{"StartAt": "KYC", "States": {"KYC": {"Type": "Task", "Resource": "arn:aws:states:::kyc", "Next": "Good"},'
        ' "Good": {"Type": "Choice", "Choices": [{"Next": "End"}], "Default": "End"}, "End": {"Type": "Succeed"}}}'
    )
    await projection.fold([factory.published(), factory.published("Enhanced", definition=machine)])

    plain = (await api.get("/v2/workflows", params={"serviceName": "KYC"})).json()
    full = (await api.get("/v2/workflows", params={"include": "workflowDefinition"})).json()

    assert [one["workflowName"] for one in plain["workflows"]] == ["Enhanced", "Standard"]
    assert plain["workflows"][0] == {
        "serviceName": "KYC", "workflowId": "id-Enhanced", "workflowName": "Enhanced", "type": "KYC",
        "lifecyclePhase": "ONBOARDING", "monitoringTypes": ["AML"],
    }  # fmt: skip
    steps = full["workflows"][0]["definition"]["steps"]
    assert [(step["name"], step["type"], step["dependsOn"]) for step in steps] == [
        ("KYC", "KYC", []), ("Good", "BRANCH", ["KYC"]), ("End", "OTHER", ["Good"])
    ]  # fmt: skip
    assert (await api.get("/v2/workflows", params={"serviceName": "KYB"})).json()["workflows"] == []


async def test_the_operators_view(api: httpx.AsyncClient, projection: Projection) -> None:
    begins = [factory.onboarded(f"e{number}") for number in range(4)]
    await projection.fold(begins)
    await projection.fold([*factory.story(begins[0]), *factory.story(begins[1], status=ExecutionStatus.REVIEW)])
    await projection.fold([factory.progressed(begins[2], 1, seconds=50), factory.progressed(begins[3], 5)])

    told = models.Overview.model_validate((await api.get("/v2/executions")).json())

    assert next(one.entityId for one in told.executions) == "e2"
    assert told.counts == {
        "states": {"COMPLETED": 2, "IN_PROGRESS": 2},
        "statuses": {"PASS": 1, "REVIEW": 1, "UNCHECKED": 2},
    }
    filtered = (await api.get("/v2/executions", params={"statuses": "REVIEW", "serviceNames": "KYC"})).json()
    assert [one["entityId"] for one in filtered["executions"]] == ["e1"]
    assert filtered["meta"]["total"] == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2/individuals/e1"),
        ("GET", "/v2/individuals/e1/results"),
        ("GET", PROFILE),
        ("GET", f"{PROFILE}/workflows/Standard/executions"),
        ("GET", ONE),
        ("GET", f"{ONE}/history"),
        ("PATCH", ONE),
        ("POST", f"{PROFILE}/workflows/Standard/execute"),
    ],
)
async def test_nobody_sees_another_customers_data(
    done: httpx.AsyncClient, projection: Projection, method: str, path: str
) -> None:
    response = await done.request(
        method, path, headers=OTHER_CUSTOMER, json={"status": "PASS"} if method == "PATCH" else {}
    )

    assert response.status_code == 404
    assert "Nkemelu" not in response.text
    assert projection.published == []


async def test_an_operator_sees_their_own_customer_only(done: httpx.AsyncClient) -> None:
    told = (await done.get("/v2/executions", headers=OTHER_CUSTOMER)).json()

    assert (told["executions"], told["meta"]["total"], told["counts"]["states"]) == ([], 0, {})


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("api_key", "", 401),
        ("X-Frankie-CustomerID", "", 400),
        ("X-Frankie-CustomerID", "two words", 400),
        ("X-Frankie-CustomerChildID", "two words", 400),
        ("X-Frankie-CustomerID", "c2", 403),
        ("api_key", "nobodys", 401),
    ],
)
async def test_headers_that_are_needed(done: httpx.AsyncClient, header: str, value: str, status: int) -> None:
    response = await done.get("/v2/individuals/e1", headers={header: value})

    assert response.status_code == status
    error = models.Error.model_validate(response.json())
    assert error.details[0].issueLocation == f"header.{header}"
    assert len(error.requestId) == 26


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v2/nothing", 404, "NOT_FOUND"),
        ("DELETE", "/v2/workflows", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v2/individuals/%00", 400, "INVALID_REQUEST"),
        ("GET", "/v2/individuals/nobody", 404, "NOT_FOUND"),
        ("GET", "/v2/workflows?serviceName=%00", 400, "INVALID_REQUEST"),
        ("GET", "/v2/workflows?include=everything", 400, "INVALID_REQUEST"),
        ("GET", "/v2/executions?statuses=%00", 400, "INVALID_REQUEST"),
        ("GET", "/v2/executions?serviceNames=%00", 400, "INVALID_REQUEST"),
    ],
)
async def test_errors_have_the_contracts_form(
    done: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await done.request(method, path)

    assert response.status_code == status
    assert models.Error.model_validate(response.json()).errorCode == code


async def test_a_name_in_utf_8_is_kept(api: httpx.AsyncClient, projection: Projection) -> None:
    await projection.fold([BEGIN, *factory.story(BEGIN)])

    told = await api.patch(ONE, json={"status": "FAIL"}, headers={b"X-Frankie-Username": "Zoë".encode()})

    assert told.json()["workflowResult"]["statusOverrideBy"] == "Zoë"


async def test_health(api: httpx.AsyncClient) -> None:
    assert (await api.get("/health/live", headers={})).status_code == 200
    assert (await api.get("/health/ready")).status_code == 200


async def test_all_is_read_while_the_tables_are_rebuilt_and_switched(
    done: httpx.AsyncClient, projection: Projection
) -> None:
    told = [encode(event) for event in (factory.published(), BEGIN, *factory.story(BEGIN, hit=True))]
    await projection.broker.producer().send(told)
    paths = [ONE, "/v2/individuals/e1", "/v2/individuals/e1/results", "/v2/executions", f"{ONE}/history"]

    async def read(path: str) -> dict[str, Any]:
        answer = await done.get(path)
        assert answer.status_code == 200, answer.text
        return {name: value for name, value in answer.json().items() if name != "requestId"}

    async def reading(path: str) -> int:
        count, before = 0, await read(path)
        while not switched.is_set():
            assert await read(path) == before
            count += 1
        return count

    switched = asyncio.Event()
    readers = [asyncio.create_task(reading(path)) for path in paths]
    for _ in range(2):
        assert await rebuild.run(projection.engine, rebuild.of(projection.broker), switch=True, say=lambda _: None) == 0
    switched.set()
    assert min(await asyncio.gather(*readers)) > 0


async def test_not_ready_without_the_tables(projection: Projection) -> None:
    transport = ContractTransport(create_app(projection.engine, projection, projection.broker, schema="elsewhere"))
    async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as client:
        assert (await client.get("/health/ready")).status_code == 503
        broken = await client.get("/v2/individuals/e1")
    assert (broken.status_code, broken.json()["errorCode"]) == (503, "UNAVAILABLE")
