"""Stop, redrive and heartbeats through the API."""

from typing import Any

import httpx
import pytest

from libs.events.models import CommandRequested, ExecutionState
from services.results.api import models
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import OTHER_CUSTOMER, Projection

pytestmark = pytest.mark.asyncio

BEGIN = factory.onboarded("e1")
ONE = f"/v2/executions/{execution_id(BEGIN.id)}"
FIRST = factory.progressed(BEGIN, 1)
STORIES = {
    "asked for": [BEGIN],
    "running": [BEGIN, FIRST],
    "failed": [BEGIN, FIRST, factory.progressed(BEGIN, 2, state=ExecutionState.FAILED, error="Check.Down")],
    "succeeded": [BEGIN, *factory.story(BEGIN)],
}


async def command(
    api: httpx.AsyncClient, projection: Projection, story: str, what: str, sent: Any = None
) -> httpx.Response:
    projection.folds = False
    await projection.fold(STORIES[story])
    return await api.post(f"{ONE}/{what}", json=sent)


def published(projection: Projection, response: httpx.Response) -> CommandRequested:
    """The one command, which the answer names."""
    assert response.status_code == 202, response.text
    told = models.Commanded.model_validate(response.json())
    (event,) = projection.published
    assert isinstance(event.data, CommandRequested)
    assert (event.topic, event.key, event.correlation) == ("command.requested", "c1:e1", execution_id(BEGIN.id))
    assert event.id == event.data.commandId == told.commandId
    assert (event.data.requestId, event.data.requestedBy) == (told.requestId, "officer")
    return event.data


async def test_a_running_execution_is_stopped(api: httpx.AsyncClient, projection: Projection) -> None:
    sent = {"error": "Operator.Stopped", "cause": "a wrong person"}
    data = published(projection, await command(api, projection, "running", "stop", sent))
    assert (data.command, data.error, data.cause, data.individual) == ("STOP", *sent.values(), None)


async def test_a_stop_needs_no_reason(api: httpx.AsyncClient, projection: Projection) -> None:
    data = published(projection, await command(api, projection, "running", "stop"))
    assert (data.error, data.cause) == (None, None)


async def test_a_redrive_names_the_person_as_known_and_the_step_that_was_seen(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    await projection.fold([factory.onboarded("e1", version=3, individual=factory.person("Married"), seconds=50)])
    data = published(projection, await command(api, projection, "failed", "redrive"))
    assert (data.command, data.sequence, data.entityVersion) == ("REDRIVE", 2, 3)
    assert data.individual == factory.person("Married")


async def test_a_heartbeat_names_its_task(api: httpx.AsyncClient, projection: Projection) -> None:
    data = published(projection, await command(api, projection, "running", "heartbeat", {"taskToken": "a.1.b"}))
    assert (data.command, data.taskToken) == ("HEARTBEAT", "a.1.b")


@pytest.mark.parametrize(
    ("story", "what", "why"),
    [
        ("asked for", "stop", "the execution has not begun yet"),
        ("failed", "stop", "the execution has ended"),
        ("succeeded", "stop", "the execution has ended"),
        ("running", "redrive", "the execution is still running"),
        ("succeeded", "redrive", "the execution has succeeded"),
        ("failed", "heartbeat", "the execution has ended"),
    ],
)
async def test_what_does_not_fit_the_execution_is_refused(
    api: httpx.AsyncClient, projection: Projection, story: str, what: str, why: str
) -> None:
    response = await command(api, projection, story, what, {"taskToken": "a.1.b"} if what == "heartbeat" else None)
    assert response.status_code == 409
    assert models.Error.model_validate(response.json()).errorMsg == why
    assert projection.published == []


@pytest.mark.parametrize("what", ["stop", "redrive", "heartbeat"])
async def test_another_customers_execution_is_not_found(
    api: httpx.AsyncClient, projection: Projection, what: str
) -> None:
    api.headers.update(OTHER_CUSTOMER)
    response = await command(api, projection, "running", what, {"taskToken": "a.1.b"} if what == "heartbeat" else None)
    assert response.status_code == 404
    assert models.Error.model_validate(response.json()).details[0].issueLocation == "path.workflowExecutionId"
    assert projection.published == []


@pytest.mark.parametrize(
    ("what", "sent", "place"),
    [
        ("heartbeat", {}, "taskToken"),
        ("heartbeat", {"taskToken": ""}, "taskToken"),
        ("stop", {"error": "x" * 257}, "error"),
        ("stop", {"reason": "none"}, "reason"),
    ],
)
async def test_a_bad_command_is_refused_with_the_place(
    api: httpx.AsyncClient, projection: Projection, what: str, sent: Any, place: str
) -> None:
    response = await command(api, projection, "running", what, sent)
    assert response.status_code == 422
    assert response.json()["details"][0]["issueLocation"] == place
    assert projection.published == []


async def test_a_redriven_execution_is_shown_as_running_and_then_as_it_ends(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    await projection.fold(STORIES["failed"])
    path = f"/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions/{execution_id(BEGIN.id)}"
    overridden = await api.patch(path, json={"status": "REVIEW"})
    assert overridden.json()["workflowResult"]["status"] == "REVIEW"
    await projection.fold([factory.progressed(BEGIN, 3, accepted=[factory.decision()])])
    assert models.Running.model_validate((await api.get(path)).json()).workflowExecutionState == "IN_PROGRESS"
    await projection.fold([factory.progressed(BEGIN, 4, state=ExecutionState.SUCCEEDED)])
    result = models.Execution.model_validate((await api.get(path)).json()).workflowResult
    assert (result.status, result.result, result.isManual, result.errors) == ("PASS", "PASS", False, [])
    overrides = models.History.model_validate((await api.get(f"{path}/history")).json()).overrides
    assert [(one["status"], one["accepted"]) for one in overrides] == [("REVIEW", True)]
