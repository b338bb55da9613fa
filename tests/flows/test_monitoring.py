"""People who are watched: from their onboarding to what an alert about them came to, read through the API."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from libs.embedded.database import RunningDatabase
from libs.embedded.sample.people import read_people
from libs.events.codec import decode
from libs.events.message import Event
from libs.events.models import MonitoringAlerted, SubscriptionRequested, WatchlistPublished
from libs.screening import files
from libs.streaming.answering import Answering
from libs.streaming.references import ReferenceReader
from libs.streaming.settings import Settings
from services.aml.agent import check
from services.monitoring import command_line
from services.results import rebuild
from services.results.api.app import create_app
from services.results.api.parts import ProducerPublisher
from tests.contract import ContractTransport
from tests.factory import NOON, event, onboarded
from tests.flows.system import API_KEY, Agent, System, Unruly, execution_of
from tests.flows.test_onboarding import STRANGER, outcome, steps
from tests.libs.screening.factory import facts, list_file

PASSING = [one.individual for one in read_people() if one.group == "clean"]
HEADERS = {"api_key": API_KEY, "X-Frankie-CustomerID": "c1", "X-Frankie-Username": "Ana"}


@asynccontextmanager
async def api(system: System) -> AsyncIterator[Callable[..., Any]]:
    """Calls of the API, while everything runs."""
    app = create_app(
        system.engines["results"], ProducerPublisher(system.broker.producer()), system.broker, wait_seconds=60
    )
    transport = ContractTransport(app)

    async def call(method: str, path: str, **query: str) -> dict[str, Any]:
        asked = asyncio.create_task(client.request(method, f"/v2/individuals{path}", params=query))
        while not asked.done():
            await system.settle()
            await asyncio.sleep(0.01)
        answer = (await asked).json()
        assert isinstance(answer, dict)
        return answer

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://api", headers=HEADERS) as client,
    ):
        yield call


async def alert(system: System, entity: str, type: str) -> int:
    """As an operator raises it."""
    told = ["alert", "--customer", "c1", "--entity", entity, "--type", type, "--reason", "seen in the news"]
    url = system.engines["monitoring"].url.render_as_string(hide_password=False)
    code = await command_line.run(command_line.arguments().parse_args(told), Settings(database_url=url), system.clock)
    await system.pass_time(timedelta(seconds=10))  # until a running instance sweeps its outbox
    return code


async def states(system: System, entity: str) -> dict[str, bool]:
    """What a person is watched for, as the projection has it."""
    rows = await system.query(
        "results",
        """SELECT DISTINCT ON (monitoring_type) monitoring_type, enabled FROM projection.subscription_changes
        WHERE entity_id = :entity ORDER BY monitoring_type, sequence DESC""",
        entity=entity,
    )
    return {row.monitoring_type: row.enabled for row in rows}


async def runs(system: System) -> list[tuple[str, str, str]]:
    """Every execution of the re-screening: of whom, its state and what it came to."""
    rows = await system.query(
        "results",
        """SELECT entity_id, state, result FROM projection.executions
        WHERE workflow_name = 'PEP-and-Sanctions' ORDER BY entity_id""",
    )
    return [tuple(row) for row in rows]


def sent(system: System, topic: str) -> list[Event]:
    return [decode(message) for place, log in system.broker.logs.items() if place.topic == topic for message in log]


def command(entity: str, id: str, enabled: bool, **fields: Any) -> Event:
    data = SubscriptionRequested(
        customerId="c1", entityId=entity, enabled=enabled, requestedBy="crm", requestId=f"request-{id}", **fields
    )
    return event(data, "subscription.requested", f"c1:{entity}", id)


async def test_from_the_onboarding_to_the_result_of_an_alert(system: System) -> None:
    begin = onboarded("p1", individual=PASSING[0], monitoringTypes=["AML"], requestId="request-1")
    await system.publish(begin)
    await system.settle()
    assert await outcome(system, begin) == ("COMPLETED", "PASS", "PASS")
    assert steps(system, begin)["MONITOR_TOGGLE"] == "COMPLETE"

    async with api(system) as call:
        (profile,) = (await call("GET", "/p1"))["serviceProfiles"]
        (subscription,) = profile["subscriptions"]
        assert (subscription["type"], subscription["status"]) == ("AML", "ENABLED")
        assert subscription["workflowName"] == "PEP-and-Sanctions"
        assert (subscription["enabledBy"], subscription["enabledRequestId"]) == ("workflow", "request-1")

        assert await alert(system, "p1", "AML") == 0
        assert await runs(system) == [("p1", "COMPLETED", "PASS")]
        path = "/p1/serviceprofiles/AML Screening/workflows/PEP-and-Sanctions/executions"
        (result,) = (await call("GET", path))["workflowResults"]
        assert (result["status"], result["lifecyclePhase"]) == ("PASS", "MONITORING")
        assert result["steps"]["order"] == ["START", "AML", "DECISION", "FINISH"]

        ended = await call("PATCH", "/p1/monitor", enabled="false", monitoringTypes="AML")
        (service,) = ended["monitoring"]["AML"]["subscriptions"]
        assert (service["status"], service["disabledBy"]) == ("DISABLED", "Ana")
        assert service["enabledRequestId"] == "request-1"
        profile = (await call("GET", "/p1/serviceprofiles/Onboarding"))["serviceProfile"]
        assert [one["status"] for one in profile["subscriptions"]] == ["DISABLED"]
    assert await alert(system, "p1", "AML") == 1
    assert len(await runs(system)) == 1
    assert await system.query("monitoring", "SELECT 1 FROM subscribers") == []


async def test_the_api_begins_what_the_onboarding_did_not_ask_for(system: System) -> None:
    begin = onboarded("p1", individual=PASSING[0])
    await system.publish(begin)
    await system.settle()
    assert "MONITOR_TOGGLE" not in steps(system, begin)
    assert sent(system, "monitoring.requested") == []
    async with api(system) as call:
        told = (await call("PATCH", "/p1/monitor", enabled="true"))["monitoring"]
    assert {type: one["status"] for type, one in told.items()} == {"AML": "ENABLED", "ACTIVITY": "ENABLED"}
    assert await states(system, "p1") == {"AML": True, "ACTIVITY": True}
    assert await alert(system, "p1", "ACTIVITY") == 0
    assert await runs(system) == []  # the shipped re-screening is for AML only
    assert await alert(system, "p1", "AML") == 0
    assert await runs(system) == [("p1", "COMPLETED", "PASS")]


async def test_whoever_is_turned_away_is_not_watched(system: System) -> None:
    begin = onboarded("p1", individual=STRANGER, monitoringTypes=["AML"])
    await system.publish(begin)
    await system.settle()
    assert await outcome(system, begin) == ("COMPLETED", "FAIL", "FAIL")
    assert "MONITOR_TOGGLE" not in steps(system, begin)
    assert await states(system, "p1") == {}


async def test_a_decision_stands_where_the_person_cannot_be_watched(system: System) -> None:
    wrong = onboarded("p1", individual=PASSING[0], monitoringTypes=["PEP"])
    late = onboarded("p2", individual=PASSING[1], monitoringTypes=["AML"])
    await system.publish(wrong)
    await system.settle()
    await system.publish(late)
    await system.settle(without=["monitoring"])
    await system.pass_time(timedelta(hours=1), without=["monitoring"])
    for begin in (wrong, late):
        assert await outcome(system, begin) == ("COMPLETED", "PASS", "PASS")
        assert steps(system, begin)["MONITOR_TOGGLE"] == "ERROR"
    assert await states(system, "p1") == {}


def list_told(folder: Path, version: str, *entries: dict[str, Any]) -> Event:
    """A version of a list, ready to be fetched."""
    content = list_file(*entries)
    (folder / version).write_bytes(content)
    sha256, uri = hashlib.sha256(content).hexdigest(), f"package:{version}"
    data = WatchlistPublished(
        id="new-list", version=version, sha256=sha256, uri=uri, entries=len(entries), publishedAt=NOON
    )
    return event(data, "watchlist.published", "new-list", source="aml")


async def aml_apart(system: System) -> Agent:
    """An aml of this test's own, told of lists by hand."""
    await system.agents["aml"].consumer.stop()
    agent = system.agents["aml"] = Agent(
        Answering(check(), system.clock), system.broker, ReferenceReader(system.broker, [])
    )
    await agent.start()
    return agent


async def test_whoever_is_listed_later_is_screened_again_once_the_new_list_is_loaded(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = onboarded("p1", individual=PASSING[0], monitoringTypes=["AML"])
    await system.publish(begin)
    await system.settle()
    monkeypatch.setattr(files, "ROOT", tmp_path)
    aml = await aml_apart(system)
    first = list_told(tmp_path, "2026-03-01", facts(1, "Anton Meier-Schulze"))
    aml.answering.check.references[0].apply(first)
    await system.publish(first)
    await system.settle()
    assert sent(system, "monitoring.alerted") == []

    name, born = PASSING[0].name, PASSING[0].dateOfBirth
    assert born
    same = facts(2, f"{name.givenName} {name.middleName} {name.familyName}", datesOfBirth=[born.normalized])
    second = list_told(tmp_path, "2026-03-02", facts(1, "Anton Meier-Schulze"), same)
    await system.publish(second, second)
    await system.settle()
    (alert,) = [one.data for one in sent(system, "monitoring.alerted")]
    assert isinstance(alert, MonitoringAlerted)
    assert (alert.entityId, alert.kind, alert.listVersion) == ("p1", "LISTED", "2026-03-02")
    await system.pass_time(timedelta(minutes=1))
    assert await runs(system) == [("p1", "IN_PROGRESS", "UNCHECKED")]

    aml.answering.check.references[0].apply(second)
    await system.pass_time(timedelta(minutes=1))
    assert await runs(system) == [("p1", "COMPLETED", "REVIEW")]


@pytest.mark.parametrize("seed", range(2))
async def test_repeats_disorder_and_instances_change_nothing(embedded_database: RunningDatabase, seed: int) -> None:
    people = [f"p{number}" for number in range(6)]
    async with System(embedded_database, Unruly(seed=seed, times=2), instances=2) as system:
        starts = [
            onboarded(entity, individual=individual, monitoringTypes=["AML"])
            for entity, individual in zip(people, PASSING, strict=False)
        ]
        await system.publish(*starts)
        await system.settle()
        assert [await states(system, entity) for entity in people] == [{"AML": True}] * 6
        ends = [command(entity, f"end-{entity}", enabled=False) for entity in people[:3]]
        await system.publish(*ends)
        await system.settle()
        await system.publish(*starts, *ends)
        await system.settle()
        ended = {"AML": False, "ACTIVITY": False}
        assert [await states(system, entity) for entity in people] == [*[ended] * 3, *[{"AML": True}] * 3]
        assert [await alert(system, entity, "AML") for entity in people] == [1, 1, 1, 0, 0, 0]
        told = sent(system, "monitoring.alerted")
        await system.publish(*told)  # and once more
        await system.settle()
        assert await runs(system) == [(entity, "COMPLETED", "PASS") for entity in people[3:]]
        assert len({one.id for one in told}) == 3
        said: list[str] = []
        await rebuild.run(system.engines["results"], rebuild.of(system.broker), check=True, say=said.append)
        assert said[-1] == "equal"
        for begin in starts:
            story = system.story(execution_of(begin))
            assert [chapter.sequence for chapter in story] == list(range(1, len(story) + 1))
