"""Orchestration alone: the broker in memory, its database, and workflows of the test's own."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.asl import Machine
from libs.embedded.database import RunningDatabase
from libs.embedded.testing import fresh_database
from libs.events.codec import decode, encode
from libs.events.message import Event
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    LifecyclePhase,
    StepOutcome,
    StepResult,
    StepResultCode,
    WorkflowProgressed,
)
from libs.store.engine import connect
from libs.store.migrate import migrate
from libs.streaming.consumer import TICK, StatefulConsumer
from libs.streaming.memory import MemoryBroker
from services.orchestration.definitions import Workflow, publish
from services.orchestration.files import LocalFiles
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens
from tests.factory import NOON, event


@dataclass
class Alone:
    """One instance of orchestration, and a clock."""

    engine: AsyncEngine
    broker: MemoryBroker
    now: datetime = NOON
    files: LocalFiles | None = None

    async def __aenter__(self) -> "Alone":
        handler = Orchestration(Tokens(b"secret"), self.files)
        self.consumer = StatefulConsumer(handler, self.broker, self.engine, lambda: self.now)
        await self.consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.consumer.stop()

    async def define(self, name: str, states: Mapping[str, Any], **fields: Any) -> None:
        """Publish a workflow that starts at its first state."""
        machine = Machine.load({"StartAt": next(iter(states)), "States": states, **fields})
        workflow = Workflow("Test", name, f"wf-{name}", "test", LifecyclePhase.OTHER, None, machine)
        async with self.engine.begin() as connection:
            await publish(connection, workflow, self.now, files=self.files is not None)

    async def take(self, *events: Event) -> None:
        """Publish events and let orchestration run until it is quiet."""
        await self.broker.producer().send([encode(one) for one in events])
        while await self.consumer.run_once():
            pass

    async def settle(self, *events: Event) -> None:
        """Publish events, and let orchestration run until its executions want no more of each other."""
        await self.take(*events)
        while await self.rows("SELECT 1 FROM errands"):
            await self.pass_time(TICK)

    async def pass_time(self, by: timedelta) -> None:
        self.now += by
        await self.take()

    def sent(self, topic: str) -> list[Event]:
        """What stands on a topic, oldest first."""
        return [decode(m) for place, log in sorted(self.broker.logs.items()) if place.topic == topic for m in log]

    def requests(self, check: str) -> list[CheckRequested]:
        return [one.data for one in self.sent(f"{check}.requested") if isinstance(one.data, CheckRequested)]

    def chapters(self) -> list[WorkflowProgressed]:
        return [one.data for one in self.sent("workflow.progressed") if isinstance(one.data, WorkflowProgressed)]

    async def rows(self, statement: str) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(text(statement))).all())


def outcome(step: str, result: str = "CLEAR") -> StepOutcome:
    """A step's outcome."""
    return StepOutcome(stepName=step, result=StepResultCode(result))


def answer(request: CheckRequested, check: str, given: StepOutcome | None = None, error: str | None = None) -> Event:
    """A check's answer to a request."""
    result = StepResult(outcome=given, startedAt=NOON, endedAt=NOON) if given else None
    data = CheckCompleted(task=request.task, result=result, error=error, cause=error and "it is down")
    return event(data, f"{check}.completed", source=check, correlation=request.task.workflowExecutionId)


@pytest.fixture
async def alone(embedded_database: RunningDatabase) -> AsyncIterator[Alone]:
    url = fresh_database(embedded_database)
    await migrate(url, "services.orchestration")
    engine = connect(url)
    async with Alone(engine, MemoryBroker()) as running:
        yield running
    await engine.dispose()
