"""A person created, watched, changed and deleted through the API while every service runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from libs.events.models import MonitoringAlerted
from libs.screening import files
from services.results import rebuild
from services.results.api.app import create_app
from services.results.api.parts import ProducerPublisher
from tests.flows.system import System
from tests.flows.test_monitoring import HEADERS, list_told, sent, states
from tests.libs.screening.factory import facts

ALL = "/v2/individuals"
PERSON = {"name": {"givenName": "Leonora", "familyName": "Quimby"}, "dateOfBirth": {"normalized": "1981-02-03"}}


@asynccontextmanager
async def api(system: System) -> AsyncIterator[Callable[..., Any]]:
    """Calls of the API, while everything runs."""
    publisher = ProducerPublisher(system.broker.producer())
    app = create_app(system.engines["results"], publisher, system.broker, wait_seconds=60)

    async def call(method: str, path: str, sent: Any = None) -> httpx.Response:
        asked = asyncio.create_task(client.request(method, f"{ALL}{path}", json=sent))
        while not asked.done():
            await system.settle()
            await asyncio.sleep(0.01)
        return await asked

    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as client,
    ):
        yield call


async def rebuilt(system: System) -> str:
    """What comparing the projection with one made anew says last."""
    said: list[str] = []
    await rebuild.run(system.engines["results"], rebuild.of(system.broker), check=True, say=said.append)
    return said[-1]


async def test_who_is_watched_is_screened_under_their_new_name(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROOT", tmp_path)
    async with api(system) as call:
        created = await call("POST", "", {"individual": {**PERSON, "entityId": "p1"}})
        assert created.status_code == 201, created.text
        assert (await call("PATCH", "/p1/monitor?enabled=true&monitoringTypes=AML")).status_code == 200
        changed = await call("PATCH", "/p1", {"individual": {"name": {"familyName": "Ostrander"}}})
        assert changed.status_code == 200, changed.text
        born = ["1981-02-03"]
        await system.publish(list_told(tmp_path, "2026-03-01", facts(1, "Anton Meier-Schulze")))
        await system.settle()
        former = facts(2, "Leonora Quimby", datesOfBirth=born)
        await system.publish(list_told(tmp_path, "2026-03-02", facts(1, "Anton Meier-Schulze"), former))
        await system.settle()
        assert sent(system, "monitoring.alerted") == []
        now = facts(3, "Leonora Ostrander", datesOfBirth=born)
        await system.publish(list_told(tmp_path, "2026-03-03", facts(1, "Anton Meier-Schulze"), former, now))
        await system.settle()
        (alert,) = [one.data for one in sent(system, "monitoring.alerted")]
        assert isinstance(alert, MonitoringAlerted)
        assert (alert.entityId, alert.entityVersion, alert.entryId) == ("p1", 2, now["id"])

        assert (await call("DELETE", "/p1")).status_code == 200
        await system.settle()
        assert await states(system, "p1") == {"AML": False}
        assert await system.query("monitoring", "SELECT 1 FROM subscribers") == []
        assert (await call("GET", "/p1")).status_code == 404
    assert await rebuilt(system) == "equal"


async def test_what_was_found_of_a_person_is_stale_once_they_are_another(system: System) -> None:
    execute = "/serviceprofiles/Onboarding/workflows/Individual-Onboarding/execute"
    reference = {"name": "CRM", "value": "C-1", "description": "customer number"}
    await system.settle()
    async with api(system) as call:
        run = await call("POST", f"/new{execute}", {"individual": {**PERSON, "externalReferences": [reference]}})
        assert run.status_code == 200, run.text
        told = run.json()
        entity = told["individual"]["entityId"]
        assert told["individual"]["externalReferences"][0]["description"] == "customer number"

        changed = (await call("PATCH", f"/{entity}", {"individual": {"dateOfBirth": {"year": "1982"}}})).json()
        stale = {one["processResultId"] for one in changed["staleResults"]}
        assert stale
        (profile,) = changed["serviceProfiles"]
        assert profile["workflowSummaries"][0]["riskAssessment"]["isOutdated"] is True

        again = (await call("POST", f"/{entity}{execute}")).json()
        assert again["individual"]["dateOfBirth"]["year"] == "1982"
        valid = (await call("GET", f"/{entity}/results?systemStatuses=VALID&limit=200")).json()["processResults"]
        assert not stale & {one["processResultId"] for one in valid}
    assert await rebuilt(system) == "equal"
