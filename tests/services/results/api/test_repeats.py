"""Idempotency-Key: done once, answered alike, however often, however many at once, and after a crash."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.events.message import Event, Message
from libs.events.models import EntityOnboarded
from services.results import api as api_package
from services.results.api import models
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import OTHER_CUSTOMER, Projection, body

NEW = "/v2/individuals/new/serviceprofiles/KYC/workflows/Standard/execute"
AGAIN = "/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/execute"


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def onboarded(projection: Projection) -> list[Event]:
    return [event for event in projection.published if isinstance(event.data, EntityOnboarded)]


async def change(projection: Projection, statement: str, **given: Any) -> None:
    async with projection.engine.begin() as connection:
        await connection.execute(text(statement), given)


async def test_two_hundred_at_once_with_one_key_are_one_execution(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    same = key()
    answers = await asyncio.gather(*(api.post(NEW, json=body(), headers=same) for _ in range(200)))

    assert len(onboarded(projection)) == 1
    assert {one.status_code for one in answers} <= {200, 409}
    done = {one.content for one in answers if one.status_code == 200}
    assert len(done) == 1
    busy = [one for one in answers if one.status_code == 409]
    assert all(one.headers["Retry-After"] == "1" for one in busy)
    assert all(models.Error.model_validate(one.json()).errorCode == "CONFLICT" for one in busy)


async def test_two_without_a_key_are_two(api: httpx.AsyncClient, projection: Projection) -> None:
    first, second = await asyncio.gather(api.post(NEW, json=body()), api.post(NEW, json=body()))

    assert len({execution_id(event.id) for event in onboarded(projection)}) == 2
    assert first.json()["individual"]["entityId"] != second.json()["individual"]["entityId"]


async def test_the_answer_is_given_again_with_its_status_and_headers(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    begin = factory.onboarded("e1")
    await projection.fold([begin, *factory.story(begin)])
    path = f"/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions/{execution_id(begin.id)}"
    same = key()
    first = await api.patch(path, json={"status": "FAIL"}, headers=same)
    again = await api.patch(path, json={"status": "FAIL"}, headers=same)

    assert (first.status_code, first.content, first.headers["ETag"]) == (200, again.content, again.headers["ETag"])
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    assert len(projection.published) == 1


@pytest.mark.parametrize("other", ["body", "path", "query"])
async def test_another_request_under_the_same_key_is_refused(
    api: httpx.AsyncClient, projection: Projection, other: str
) -> None:
    await projection.fold([factory.onboarded("e1")])
    same = key()
    assert (await api.post(NEW, json=body(), headers=same)).status_code == 200
    path = {"body": NEW, "path": AGAIN, "query": f"{NEW}?level=id"}[other]
    response = await api.post(path, json=body(gender={"gender": "OTHER"}) if other == "body" else body(), headers=same)

    assert response.status_code == 422
    (detail,) = models.Error.model_validate(response.json()).details
    assert detail.issueLocation == "header.Idempotency-Key"
    assert len(onboarded(projection)) == 1


async def test_a_key_is_its_customers_own(api: httpx.AsyncClient, projection: Projection) -> None:
    same = key()
    mine = await api.post(NEW, json=body(), headers=same)
    other = await api.post(NEW, json=body(), headers={**same, **OTHER_CUSTOMER})

    assert mine.json()["requestId"] != other.json()["requestId"]
    assert [event.key.partition(":")[0] for event in onboarded(projection)] == ["c1", "c2"]


async def test_what_was_refused_and_wrote_nothing_may_be_tried_again(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    same = key()
    assert (await api.post(AGAIN, json={}, headers=same)).status_code == 404
    await projection.fold([factory.onboarded("e1")])
    assert (await api.post(AGAIN, json={}, headers=same)).status_code == 200


async def test_a_path_that_nobody_has_is_refused_as_without_a_key(api: httpx.AsyncClient) -> None:
    path = NEW.replace("Standard", "%00%C3%A4")
    statuses = [(await api.post(path, json=body(), headers=headers)).status_code for headers in ({}, key())]
    assert statuses == [400, 400]


@pytest.mark.parametrize("given", ["", "ä", "k" * 256])
async def test_what_is_no_key_is_refused(api: httpx.AsyncClient, given: str) -> None:
    response = await api.post(NEW, json=body(), headers={b"Idempotency-Key": given.encode()})
    assert response.status_code == 400
    assert response.json()["details"][0]["issueLocation"] == "header.Idempotency-Key"


@pytest.mark.parametrize("entity", [None, "mine-1"])
async def test_a_crash_between_publishing_and_answering_makes_no_second_execution(
    api: httpx.AsyncClient, projection: Projection, entity: str | None
) -> None:
    """The first process has published and is gone: its claim is there, no answer. The event is not folded twice, as
    the inbox would see to it by its id."""
    same, told = key(), body(entityId=entity) if entity else body()
    first = await api.post(NEW, json=told, headers=same)
    lost = "UPDATE idempotent_requests SET status = NULL, body = NULL WHERE idempotency_key = :key"
    await change(projection, lost, key=same["Idempotency-Key"])
    assert (await api.post(NEW, json=told, headers=same)).status_code == 409
    aged = "UPDATE idempotent_requests SET claimed_at = claimed_at - interval '1 minute' WHERE idempotency_key = :key"
    await change(projection, aged, key=same["Idempotency-Key"])
    second = await api.post(NEW, json=told, headers=same)

    one, other = onboarded(projection)
    assert (one.id, one.data) == (other.id, other.data)
    assert second.json()["requestId"] == first.json()["requestId"]
    assert second.json()["workflowResult"]["workflowExecutionId"] == execution_id(one.id)


async def test_a_broker_that_fails_leaves_the_request_to_the_next(
    api: httpx.AsyncClient, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish, tried = Projection.publish, []

    async def fails_once(self: Projection, event: Event) -> Message:
        tried.append(event.id)
        if len(tried) == 1:
            raise OSError("gone")
        return await publish(self, event)

    monkeypatch.setattr(Projection, "publish", fails_once)
    same = key()
    statuses = [(await api.post(NEW, json=body(), headers=same)).status_code for _ in range(3)]

    assert statuses == [503, 200, 200]
    created, again, started = tried
    assert created == again != started


def test_what_an_operation_makes_has_ids_that_follow_from_its_request() -> None:
    """A random id would be another one when the request is done again after a crash: `Caller.new_id` makes them."""
    sources = Path(api_package.__file__).parent.glob("*.py")
    assert [file.name for file in sources if "uuid4" in file.read_text()] == []


async def test_a_day_later_the_key_is_free(api: httpx.AsyncClient, projection: Projection) -> None:
    same = key()
    await api.post(NEW, json=body(), headers=same)
    aged = "UPDATE idempotent_requests SET claimed_at = claimed_at - interval '25 hours' WHERE idempotency_key = :key"
    await change(projection, aged, key=same["Idempotency-Key"])
    await api.post(NEW, json=body(), headers=same)

    assert len({event.id for event in onboarded(projection)}) == 2
