"""PATCH …/monitor: begun, ended, read back."""

from typing import Any

import httpx
import pytest

from libs.events.models import LifecyclePhase, SubscriptionRequested
from services.results.api import models
from tests.services.results import factory
from tests.services.results.conftest import Projection


@pytest.fixture
async def known(api: httpx.AsyncClient, projection: Projection) -> None:
    """Somebody who was taken on, and a workflow that screens whoever is watched."""
    begin = factory.onboarded()
    screening = factory.published("Screening", phase=LifecyclePhase.MONITORING, types=["AML"])
    await projection.fold([screening, begin, *factory.story(begin)])


async def patch(api: httpx.AsyncClient, entity: str = "e1", json: Any = None, **query: Any) -> httpx.Response:
    return await api.patch(f"/v2/individuals/{entity}/monitor", params=query, json=json)


async def subscriptions(api: httpx.AsyncClient) -> dict[str, str]:
    """Type and status, as the person's profile tells them."""
    told = models.Person.model_validate((await api.get("/v2/individuals/e1")).json())
    return {one.type: one.status for one in told.serviceProfiles[0].subscriptions}


@pytest.mark.usefixtures("known")
async def test_the_answer_and_every_read_after_it_show_what_was_asked(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    assert await subscriptions(api) == {}
    answer = await patch(api, json={"comment": {"text": "opened"}}, enabled="true", monitoringTypes="AML")
    assert answer.status_code == 200
    told = models.Monitored.model_validate(answer.json())
    assert told.monitoring.AML.status == "ENABLED"
    (service,) = told.monitoring.AML.subscriptions
    assert (service.enabledBy, service.enabledRequestId) == ("officer", told.requestId)
    assert [one["workflowName"] for one in service.workflows] == ["Screening"]
    assert await subscriptions(api) == {"AML": "ENABLED"}
    (asked,) = [one.data for one in projection.published if isinstance(one.data, SubscriptionRequested)]
    assert (asked.comment, asked.entityVersion, asked.individual) == ("opened", 1, factory.person())


@pytest.mark.usefixtures("known")
async def test_without_types_all_are_meant_and_each_is_ended_for_itself(api: httpx.AsyncClient) -> None:
    told = models.Monitored.model_validate((await patch(api, enabled="true")).json())
    assert told.monitoring.ACTIVITY
    assert told.monitoring.ACTIVITY.status == "ENABLED"
    assert (await patch(api, enabled="false", monitoringTypes="AML")).status_code == 200
    assert await subscriptions(api) == {"AML": "DISABLED", "ACTIVITY": "ENABLED"}
    profile = (await api.get("/v2/individuals/e1/serviceprofiles/KYC")).json()["serviceProfile"]
    assert [one["type"] for one in profile["subscriptions"]] == ["ACTIVITY", "AML"]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("types", [["AML,ACTIVITY"], ["AML", "ACTIVITY"]])
async def test_types_are_repeated_or_separated_by_commas(api: httpx.AsyncClient, types: list[str]) -> None:
    assert (await patch(api, enabled="true", monitoringTypes=types)).status_code == 200
    assert await subscriptions(api) == {"AML": "ENABLED", "ACTIVITY": "ENABLED"}


@pytest.mark.usefixtures("known")
async def test_asking_again_is_answered_and_changes_nothing(api: httpx.AsyncClient) -> None:
    first, second = [(await patch(api, enabled="true", monitoringTypes="AML")).json() for _ in range(2)]
    assert first["monitoring"] == second["monitoring"]
    assert first["requestId"] != second["requestId"]


@pytest.mark.usefixtures("known")
async def test_what_takes_too_long_is_accepted(api: httpx.AsyncClient, projection: Projection) -> None:
    projection.runs = False
    answer = await patch(api, enabled="true")
    assert answer.status_code == 202
    assert models.MonitorAccepted.model_validate(answer.json()).entityId == "e1"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("query", "body", "place"),
    [
        ({}, None, "query.enabled"),
        ({"enabled": "perhaps"}, None, "query.enabled"),
        ({"enabled": "true", "monitoringTypes": "AML,PEP"}, None, "query.monitoringTypes[1]"),
        ({"enabled": "true"}, {"comment": {"text": 5}}, "comment.text"),
        ({"enabled": "true"}, {"reason": "x"}, "reason"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place(
    api: httpx.AsyncClient, projection: Projection, query: dict[str, str], body: Any, place: str
) -> None:
    answer = await patch(api, json=body, **query)
    assert answer.status_code == 422
    assert models.Error.model_validate(answer.json()).details[0].issueLocation == place
    assert projection.published == []


async def test_nobody_watches_whom_the_customer_does_not_know(api: httpx.AsyncClient, projection: Projection) -> None:
    answer = await patch(api, "nobody", enabled="true")
    assert (answer.status_code, answer.json()["details"][0]["issueLocation"]) == (404, "path.entityId")
    assert projection.published == []
