"""What an alert about a person who is watched starts."""

import json
from typing import Any

from libs.asl import Machine
from libs.events.message import Event, derived_id
from libs.events.models import LifecyclePhase, MonitoringAlerted
from services.orchestration.definitions import Workflow, publish, shipped
from tests.factory import NOON, event, onboarded, person
from tests.services.orchestration.conftest import Alone

KYC = {"Type": "Task", "Resource": "vetstream:check:kyc", "End": True}


def alerted(type: str = "AML", id: str = "alert-1", **fields: Any) -> Event:
    data = MonitoringAlerted(
        alertId=id,
        customerId="c1",
        entityId="p1",
        entityVersion=3,
        individual=person("Ada", "Lovelace"),
        monitoringType=type,
        kind="REPORTED",
        reason="seen in the news",
        requestedBy="Ana",
        raisedAt=NOON,
        **fields,
    )
    return event(data, "monitoring.alerted", id=id, source="monitoring")


async def define(
    alone: Alone, name: str, types: list[str] | None, phase: LifecyclePhase = LifecyclePhase.MONITORING
) -> None:
    machine = Machine.load({"StartAt": "Ask", "States": {"Ask": KYC}})
    workflow = Workflow("Test", name, f"wf-{name}", "test", phase, types, machine)
    async with alone.engine.begin() as connection:
        await publish(connection, workflow, alone.now)


async def define_all(alone: Alone) -> None:
    await define(alone, "All", None)
    await define(alone, "Aml", ["AML"])
    await define(alone, "Activity", ["ACTIVITY"])
    await define(alone, "Other", None, LifecyclePhase.OTHER)


def started(alone: Alone) -> list[str]:
    return sorted(chapter.started.workflowName for chapter in alone.chapters() if chapter.started)


async def test_each_monitoring_workflow_that_takes_the_type_runs_once(alone: Alone) -> None:
    await define_all(alone)
    await alone.take(alerted("AML"), alerted("AML"))
    await alone.take(alerted("AML"))
    assert started(alone) == ["All", "Aml"]
    ids = {chapter.workflowExecutionId for chapter in alone.chapters()}
    assert ids == {derived_id("alert-1", "orchestration", "execution", "Test", name) for name in ("All", "Aml")}


async def test_a_type_that_only_some_take_starts_only_those(alone: Alone) -> None:
    await define_all(alone)
    await alone.take(alerted("ACTIVITY"), onboarded("p9"))
    assert started(alone) == ["Activity", "All"]


async def test_the_person_and_who_raised_it_come_from_the_alert(alone: Alone) -> None:
    await define(alone, "Aml", ["AML"])
    await alone.take(alerted(requestId="request-5"))
    (request,) = alone.requests("kyc")
    assert request.individual == person("Ada", "Lovelace")
    assert (request.task.entityVersion, request.task.requestId) == (3, "request-5")
    (chapter,) = alone.chapters()
    assert chapter.started
    assert chapter.started.requestedBy == "Ana"
    given = json.loads(chapter.history[0].details)["input"]
    assert (given["monitoringType"], given["alertKind"], given["alertId"]) == ("AML", "REPORTED", "alert-1")


async def test_nobody_runs_where_no_workflow_takes_the_type(alone: Alone) -> None:
    await define(alone, "Aml", ["AML"])
    await alone.take(alerted("ACTIVITY"))
    assert (alone.chapters(), alone.sent("dlq.orchestration")) == ([], [])


async def test_the_shipped_screening_runs_for_aml_and_not_for_activity(alone: Alone) -> None:
    async with alone.engine.begin() as connection:
        for workflow in shipped():
            await publish(connection, workflow, alone.now)
    await alone.take(alerted("ACTIVITY", "alert-1"), alerted("AML", "alert-2"))
    assert started(alone) == ["PEP-and-Sanctions"]
    assert {request.task.workflowExecutionId for request in alone.requests("aml")} == {
        derived_id("alert-2", "orchestration", "execution", "AML Screening", "PEP-and-Sanctions")
    }
