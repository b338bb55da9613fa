"""Executions that another one has started: shown with their parent, and no onboardings of their person."""

from dataclasses import replace

import httpx
import pytest

from libs.events.message import Event
from services.results.api import models
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio

BEGIN = factory.onboarded("e1")
PARENT = execution_id(BEGIN.id)
LIST = "/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions"


def of_child(chapter: Event) -> Event:
    """A chapter of its parent as one of a child's own."""
    update: dict[str, object] = {"workflowExecutionId": "child-1"}
    if chapter.data.started is not None:  # type: ignore[attr-defined]
        update["started"] = factory.started().model_copy(update={"parentExecutionId": PARENT})
    return replace(chapter, id=f"child-{chapter.id}", data=chapter.data.model_copy(update=update))


@pytest.mark.parametrize("path", ["/v2/executions", LIST])
async def test_they_are_listed_only_when_asked_for_by_their_parent(
    projection: Projection, api: httpx.AsyncClient, path: str
) -> None:
    story = factory.story(BEGIN)
    await projection.fold([BEGIN, *story, *map(of_child, reversed(story))])
    name = "executions" if path == "/v2/executions" else "workflowResults"
    (parent,) = (await api.get(path)).json()[name]
    assert (parent["workflowExecutionId"], parent.get("parentExecutionId")) == (PARENT, None)
    (child,) = (await api.get(path, params={"parentExecutionId": PARENT})).json()[name]
    assert (child["workflowExecutionId"], child["parentExecutionId"]) == ("child-1", PARENT)
    assert (await api.get(path, params={"parentExecutionId": "child-1"})).json()[name] == []


async def test_the_profile_is_that_of_the_onboarding(projection: Projection, api: httpx.AsyncClient) -> None:
    story = factory.story(BEGIN)
    await projection.fold([BEGIN, *story, *map(of_child, story)])
    profile = (await api.get("/v2/individuals/e1/serviceprofiles/KYC")).json()
    summaries = models.Profile.model_validate(profile).serviceProfile.workflowSummaries
    assert [one.workflowExecutionId for one in summaries] == [PARENT]


async def test_one_is_found_by_its_id_with_its_history(projection: Projection, api: httpx.AsyncClient) -> None:
    story = factory.story(BEGIN)
    await projection.fold([BEGIN, *map(of_child, story)])
    found = models.Execution.model_validate((await api.get(f"{LIST}/child-1")).json())
    assert found.workflowResult.parentExecutionId == PARENT
    events = (await api.get(f"{LIST}/child-1/history")).json()["events"]
    assert len(events) == len(story)
