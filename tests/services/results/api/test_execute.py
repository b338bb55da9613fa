"""Taking persons on and running workflows on them."""

import asyncio
from typing import Any

import httpx
import pytest

from libs.events.codec import encode
from libs.events.message import Event, Message
from libs.events.models import EntityChanged, EntityOnboarded, WorkflowRequested
from services.results.api import models
from services.results.api.app import create_app
from services.results.fold import execution_id
from tests.contract import ContractTransport
from tests.services.results import factory
from tests.services.results.conftest import HEADERS, Projection, body

pytestmark = pytest.mark.asyncio

NEW = "/v2/individuals/new/serviceprofiles/KYC/workflows/Standard/execute"
AGAIN = "/v2/individuals/{}/serviceprofiles/KYC/workflows/Standard/execute"


async def test_a_person_is_taken_on_and_the_result_comes_back(api: httpx.AsyncClient, projection: Projection) -> None:
    response = await api.post(NEW, json={**body(dateOfBirth={"normalized": "1990-01-31"}), "comment": {"text": "hi"}})

    assert response.status_code == 200, response.text
    told = models.Executed.model_validate(response.json())
    created, event = projection.published
    assert isinstance(created.data, EntityChanged)
    assert isinstance(event.data, EntityOnboarded)
    assert created.data.individual == event.data.individual
    assert event.key == f"c1:{event.data.entityId}"
    assert event.correlation == told.workflowResult.workflowExecutionId == execution_id(event.id)
    assert event.data.requestId == told.requestId
    assert event.data.requestedBy == "officer"
    assert (told.workflowResult.status, told.workflowResult.workflowExecutionState) == ("PASS", "COMPLETED")
    assert told.workflowResult.steps.order == [
        "START", "DUPLICATE", "KYC", "AML", "IDV", "BLOCKLIST", "RISK", "DECISION", "FINISH"
    ]  # fmt: skip
    assert told.workflowResult.steps.notApplicable == ["IDV"]
    assert told.workflowResult.riskAssessment is not None
    assert told.workflowResult.riskAssessment.riskScore == 20
    assert told.individual.entityId == event.data.entityId
    assert told.serviceProfile.latestWorkflowExecutionId == told.workflowResult.workflowExecutionId


async def test_in_the_background_it_is_accepted_at_once(api: httpx.AsyncClient, projection: Projection) -> None:
    projection.runs = False

    response = await api.post(NEW, json=body(), headers={"X-Frankie-Background": "1"})

    assert response.status_code == 202
    told = models.Accepted.model_validate(response.json())
    path = f"/v2/individuals/{told.entityId}/serviceprofiles/KYC/workflows/Standard/executions"
    running = await api.get(f"{path}/{told.workflowExecutionId}")
    assert running.status_code == 200
    assert models.Running.model_validate(running.json()).workflowExecutionState == "IN_PROGRESS"


async def test_an_answer_from_the_background_is_shown_by_every_read_after_it(projection: Projection) -> None:
    later: list[asyncio.Task[None]] = []

    class Late:
        async def publish(self, event: Event) -> Message:
            async def fold() -> None:
                await asyncio.sleep(0.1)
                await projection.fold([event])

            later.append(asyncio.create_task(fold()))
            return encode(event)

    await projection.fold([factory.published()])
    app = create_app(projection.engine, Late(), projection.broker, schema=projection.schema, wait_seconds=30)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=ContractTransport(app), base_url="http://api", headers=HEADERS) as client,
    ):
        told = (await client.post(NEW, json=body(), headers={"X-Frankie-Background": "1"})).json()
        path = NEW.replace("new", told["entityId"]).replace("execute", "executions")
        running = await client.get(f"{path}/{told['workflowExecutionId']}")
    await asyncio.gather(*later)

    assert (running.status_code, running.json()["workflowExecutionState"]) == (200, "IN_PROGRESS")


async def test_what_takes_too_long_is_accepted(api: httpx.AsyncClient, projection: Projection) -> None:
    projection.folds = projection.runs = False

    response = await api.post(NEW, json=body())

    assert response.status_code == 202
    models.Accepted.model_validate(response.json())


async def test_the_caller_is_told_when_the_projection_has_it(projection: Projection) -> None:
    """The story is folded while the caller waits, by nobody it knows of."""
    later: list[asyncio.Task[None]] = []

    class Elsewhere:
        async def publish(self, event: Event) -> Message:
            story = factory.story(event) if isinstance(event.data, EntityOnboarded) else []
            later.append(asyncio.create_task(projection.fold([event, *story], 1)))
            return encode(event)

    await projection.fold([factory.published()])
    app = create_app(projection.engine, Elsewhere(), projection.broker, schema=projection.schema, wait_seconds=30)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=ContractTransport(app), base_url="http://api", headers=HEADERS) as client,
    ):
        response = await client.post(NEW, json=body())
    await asyncio.gather(*later)

    assert response.status_code == 200


async def test_a_known_person_is_run_again_as_they_are_known(api: httpx.AsyncClient, projection: Projection) -> None:
    await projection.fold([factory.onboarded("e1", version=3)])

    response = await api.post(AGAIN.format("e1"), json={"comment": {"text": "yearly"}})

    assert response.status_code == 200, response.text
    (event,) = projection.published
    assert isinstance(event.data, WorkflowRequested)
    assert (event.data.entityVersion, event.data.comment) == (3, "yearly")
    assert event.data.individual == factory.person()


@pytest.mark.parametrize("version", ["Standard:3", "Standard:trial"])
async def test_a_version_of_a_workflow_is_asked_for(
    api: httpx.AsyncClient, projection: Projection, version: str
) -> None:
    projection.runs = False
    asked = {"X-Frankie-Background": "1"}
    told = (await api.post(NEW.replace("Standard", version), json=body(), headers=asked)).json()
    again = await api.post(AGAIN.format(told["entityId"]).replace("Standard", version), headers=asked)

    assert again.status_code == 202
    named = [event.data.workflowName for event in projection.published if hasattr(event.data, "workflowName")]
    assert named == [version, version]
    path = f"/v2/individuals/{told['entityId']}/serviceprofiles/KYC/workflows/Standard/executions"
    running = await api.get(f"{path}/{told['workflowExecutionId']}")
    assert (running.status_code, running.json()["workflowExecutionState"]) == (200, "IN_PROGRESS")


@pytest.mark.parametrize("version", ["Standard:", "Standard:1:2", ":1", "Nothing:1"])
async def test_what_is_no_version_of_a_workflow_is_not_found(api: httpx.AsyncClient, version: str) -> None:
    response = await api.post(NEW.replace("Standard", version), json=body())

    assert (response.status_code, response.json()["details"][0]["issueLocation"]) == (404, "path.workflowName")


async def test_a_body_is_not_needed_to_run_again(api: httpx.AsyncClient, projection: Projection) -> None:
    await projection.fold([factory.onboarded("e1")])

    assert (await api.post(AGAIN.format("e1"))).status_code == 200


async def test_an_id_of_the_customers_own(api: httpx.AsyncClient) -> None:
    first = await api.post(NEW, json=body(entityId="mine-1"))
    second = await api.post(NEW, json=body(entityId="mine-1"))

    assert first.json()["individual"]["entityId"] == "mine-1"
    assert second.status_code == 409
    assert second.json()["details"][0]["issueLocation"] == "individual.entityId"


@pytest.mark.parametrize(
    ("sent", "place", "issue"),
    [
        ({}, "individual", "is missing"),
        ({"individual": {}}, "individual.name", "is missing"),
        ({"individual": {"name": {"givenName": "Ada"}}}, "individual.name.familyName", "is missing"),
        ({"individual": {"name": {"familyName": " "}}}, "individual.name.familyName", "pattern"),
        ({"individual": {"name": {"familyName": "N\0"}}}, "individual.name.familyName", "pattern"),
        (body(dateofbirth={}), "individual.dateofbirth", "is not a field"),
        (body(dateOfBirth={"normalized": "1990-02-30"}), "individual.dateOfBirth", "there is no such day"),
        (body(dateOfBirth={"unstructured": "01/02/1990"}), "individual.dateOfBirth", "read as day/month"),
        (body(dateOfBirth={"month": "1"}), "individual.dateOfBirth", "needs its year"),
        (body(dateOfBirth={"normalized": "2999-01-01"}), "individual.dateOfBirth", "in the future"),
        (body(dateOfBirth={"year": "2533", "type": "BUDDHIST"}), "individual.dateOfBirth.type", "GREGORIAN"),
        (body(gender={"gender": "female"}), "individual.gender.gender", "MALE"),
        (body(nationality="Australia"), "individual.nationality", "pattern"),
        (body(addresses=[{"country": "AUS"}, {}]), "individual.addresses[1].country", "is missing"),
        (
            body(documents={"IDENTITY": [{"type": "PASPORT", "country": "AUS"}]}),
            "individual.documents.IDENTITY[0].type",
            "PASSPORT",
        ),
        (body(documents={"PASSPORT": []}), "individual.documents.PASSPORT", "is not a field"),
        (body(phoneNumbers=[{"type": "HOME"}]), "individual.phoneNumbers[0].number", "is needed"),
        (body(emailAddresses=[{"email": "ada"}]), "individual.emailAddresses[0].email", "pattern"),
        (body(consents=[{"type": "ALL"}]), "individual.consents[0].type", "GENERAL"),
        (body(entityType="ORGANIZATION"), "individual.entityType", "INDIVIDUAL"),
        (body(customAttributes={"a": {"type": "x"}}), "individual.customAttributes.a.value", "is missing"),
        ({**body(), "comment": "text"}, "comment", "object"),
        ([], "body", ""),
    ],
)
async def test_a_bad_body_is_refused_with_the_place(
    api: httpx.AsyncClient, projection: Projection, sent: Any, place: str, issue: str
) -> None:
    response = await api.post(NEW, json=sent)

    assert response.status_code == 422, response.text
    detail = models.Error.model_validate(response.json()).details[0]
    assert detail.issueLocation == place
    assert issue in detail.issue
    assert projection.published == []


@pytest.mark.parametrize(
    ("path", "content", "status", "place"),
    [
        (NEW, b'{"individual": ', 400, "body[15]"),
        (NEW, b"\xff", 400, ""),
        (NEW.replace("Standard", "Nope"), None, 404, "path.workflowName"),
        (NEW.replace("KYC", "Nope"), None, 404, "path.workflowName"),
        (NEW.replace("Standard", "%00"), None, 400, "path.workflowName"),
        (AGAIN.format("nobody"), b"{}", 404, "path.entityId"),
        (AGAIN.format("%00"), b"{}", 400, "path.entityId"),
    ],
)
async def test_a_bad_request_is_refused(
    api: httpx.AsyncClient, path: str, content: bytes | None, status: int, place: str
) -> None:
    send = {"json": body()} if content is None else {"content": content}
    response = await api.post(path, headers={"Content-Type": "application/json"}, **send)

    assert response.status_code == status, response.text
    error = models.Error.model_validate(response.json())
    assert place in [detail.issueLocation for detail in error.details] or place == ""


async def test_the_background_header_is_0_or_1(api: httpx.AsyncClient) -> None:
    response = await api.post(NEW, json=body(), headers={"X-Frankie-Background": "yes"})

    assert response.status_code == 400
    assert response.json()["details"][0]["issueLocation"] == "header.X-Frankie-Background"
