"""Stop and redrive through all services, whatever the order and the repeats."""

from datetime import timedelta
from typing import Any

import pytest

from libs.embedded.database import RunningDatabase
from libs.events.message import Event
from libs.events.models import CommandRequested, EntityOnboarded, ExecutionCommand, WorkflowRequested
from services.results import rebuild
from tests.factory import event, onboarded
from tests.flows.system import System, Unruly, execution_of
from tests.flows.test_onboarding import STRANGER, outcome, steps


def commanded(system: System, start: Event, command: ExecutionCommand, number: int = 1, **more: Any) -> Event:
    """As the API would publish it."""
    told = start.data
    assert isinstance(told, EntityOnboarded | WorkflowRequested)
    data = CommandRequested(
        commandId=f"{command}-{number}-{start.key}",
        customerId=told.customerId,
        entityId=told.entityId,
        workflowExecutionId=execution_of(start),
        command=command,
        requestedBy="operator",
        requestId="request-9",
        requestedAt=system.now,
        **more,
    )
    return event(data, "command.requested", start.key, data.commandId, correlation=data.workflowExecutionId)


@pytest.mark.parametrize("seed", range(3))
async def test_people_that_were_stopped_are_taken_on_after_a_redrive(
    embedded_database: RunningDatabase, seed: int
) -> None:
    starts = [onboarded(f"p{number}", individual=STRANGER) for number in range(4)]
    async with System(embedded_database, Unruly(seed=seed, times=2), instances=2) as system:
        await system.publish(*starts)
        await system.settle(without=["kyc"])
        stops = [commanded(system, one, ExecutionCommand.STOP, error="Operator.Stopped") for one in starts]
        await system.publish(*stops)
        await system.settle(without=["kyc"])
        assert {await outcome(system, one) for one in starts} == {("CANCELED", "UNCHECKED", "UNCHECKED")}
        asked = requests(system)
        await system.pass_time(timedelta(minutes=10), without=["kyc"])
        assert requests(system) == asked
        await system.settle()
        assert {await outcome(system, one) for one in starts} == {("CANCELED", "UNCHECKED", "UNCHECKED")}

        redrives = [
            commanded(system, one, ExecutionCommand.REDRIVE, number, individual=STRANGER, entityVersion=1)
            for one in starts
            for number in (1, 2)
        ]
        await system.publish(*redrives, *stops)
        await system.settle()
        assert {(await outcome(system, one))[0] for one in starts} == {"COMPLETED"}
        for one in starts:
            story = system.story(execution_of(one))
            assert [chapter.sequence for chapter in story] == list(range(1, len(story) + 1))
            assert [chapter.state for chapter in story if chapter.state != "RUNNING"] == ["ABORTED", "SUCCEEDED"]
            assert steps(system, one)["KYC"] == "NO_MATCH"
        assert await system.query("orchestration", "SELECT 1 FROM executions WHERE individual IS NOT NULL") == []
        assert await system.query("results", "SELECT 1 FROM projection.waiting WHERE kind <> 'ENDED'") == []
        said: list[str] = []
        await rebuild.run(system.engines["results"], rebuild.of(system.broker), check=True, say=said.append)
        assert said[-1] == "equal"


def requests(system: System) -> int:
    """How many records stand on the topics of requests."""
    return sum(len(log) for place, log in system.broker.logs.items() if place.topic.endswith(".requested"))
