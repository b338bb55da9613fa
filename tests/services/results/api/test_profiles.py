"""Profiles begun, given to somebody, put away and in use again."""

import asyncio
from typing import Any

import httpx
import pytest

from services.results.api import models
from tests.services.results import factory
from tests.services.results.api.test_individuals import ALL
from tests.services.results.conftest import Projection, body, together

pytestmark = pytest.mark.asyncio

PROFILE = f"{ALL}/e1/serviceprofiles/KYC"


@pytest.fixture
async def begun(api: httpx.AsyncClient, projection: Projection) -> None:
    begin = factory.onboarded("e1")
    await projection.fold([begin, *factory.story(begin)])


async def patched(api: httpx.AsyncClient, **change: Any) -> dict[str, Any]:
    response = await api.patch(PROFILE, json={"serviceProfile": change})
    assert response.status_code == 200, response.text
    models.Profile.model_validate(response.json())
    return dict(response.json()["serviceProfile"])


@pytest.mark.usefixtures("begun")
async def test_what_is_not_mentioned_stays(api: httpx.AsyncClient, projection: Projection) -> None:
    given = await patched(api, assignee="ana", reviewer="ben")
    assert (given["state"], given["assignee"], given["updatedBy"]) == ("AUTO", "ana", "officer")
    away = await patched(api, state="ARCHIVED", assignee=None)
    assert (away["state"], away["reviewer"], "assignee" in away) == ("ARCHIVED", "ben", False)
    assert (await api.get(PROFILE)).json()["serviceProfile"] == away
    count = len(projection.published)
    assert await patched(api, state="ARCHIVED") == away
    assert len(projection.published) == count


@pytest.mark.usefixtures("begun")
async def test_a_profile_is_in_use_again_when_a_workflow_is_run(api: httpx.AsyncClient, projection: Projection) -> None:
    await patched(api, state="INACTIVE")
    again = factory.requested("e1", seconds=1e9)
    await projection.fold([again, *factory.story(again, seconds=1e9)])
    assert (await api.get(PROFILE)).json()["serviceProfile"]["state"] == "AUTO"


@pytest.mark.usefixtures("begun")
async def test_of_two_who_change_one_version_one_wins(
    api: httpx.AsyncClient, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "publish", together(projection, 2))
    asked = (api.patch(PROFILE, json={"serviceProfile": {"assignee": name}}) for name in ("ana", "ben"))
    assert sorted(one.status_code for one in await asyncio.gather(*asked)) == [200, 409]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("path", "change", "status", "place"),
    [
        (PROFILE, {"state": "ACTIVE"}, 422, "serviceProfile.state"),
        (PROFILE, {"currentWorkflowName": "Nope"}, 422, "serviceProfile.currentWorkflowName"),
        (PROFILE, {"asignee": "ana"}, 422, "serviceProfile.asignee"),
        (f"{ALL}/e1/serviceprofiles/Nope", {}, 404, "path.serviceName"),
        (f"{ALL}/nobody/serviceprofiles/KYC", {}, 404, "path.entityId"),
    ],
)
async def test_what_does_not_fit_is_refused(
    api: httpx.AsyncClient, projection: Projection, path: str, change: dict[str, Any], status: int, place: str
) -> None:
    response = await api.patch(path, json={"serviceProfile": change})
    assert (response.status_code, response.json()["details"][0]["issueLocation"]) == (status, place)
    assert projection.published == []


async def test_a_profile_that_was_begun_is_run_later(api: httpx.AsyncClient) -> None:
    sent = {**body(entityId="e1"), "serviceName": "KYC"}
    (before,) = (await api.post(ALL, json=sent)).json()["serviceProfiles"]
    await api.post(f"{PROFILE}/workflows/Standard/execute")
    after = (await api.get(PROFILE)).json()["serviceProfile"]
    assert before["serviceProfileId"] == after["serviceProfileId"]
    assert (after["state"], len(after["workflowSummaries"])) == ("AUTO", 1)
