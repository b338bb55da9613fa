"""Executions that start others, through all services: whatever the order, the repeats, and who dies on the way."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from libs.asl import Machine
from libs.embedded.database import RunningDatabase
from libs.events.codec import LARGEST_BYTES, decode
from libs.events.message import Event, Message
from libs.events.models import ExecutionCommand, LifecyclePhase, WorkflowProgressed
from libs.store import outbox
from libs.streaming.consumer import UNSENT, StatefulConsumer
from services.orchestration.definitions import Workflow, publish
from services.orchestration.runner import AT_ONCE
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens
from services.results import rebuild
from tests.factory import person, requested
from tests.flows.system import System, Unruly, execution_of
from tests.flows.test_commands import commanded
from tests.flows.test_onboarding import LISTED, STRANGER

DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


def ask(check: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"vetstream:check:{check}", "OutputPath": "$.result", "End": True, **fields}


def each(items: list[Any], states: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A branch that maps these items."""
    processor = {"ProcessorConfig": DISTRIBUTED, "StartAt": next(iter(states)), "States": states}
    mapped = {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}
    return {"StartAt": "Items", "States": {"Items": {"Type": "Pass", "Result": items, "Next": "Each"}, "Each": mapped}}


NESTED = {
    "Type": "Task",
    "Resource": "arn:aws:states:::states:startExecution.sync:2",
    "Parameters": {"StateMachineArn": "Screened", "Name": "screening", "Input": {}},
    "OutputPath": "$.Output",
    "End": True,
}
BOTH = {
    "Both": {
        "Type": "Parallel",
        "Branches": [
            each([1, 2, 3], {"Kyc": ask("kyc")}, MaxConcurrency=2),
            {"StartAt": "Screen", "States": {"Screen": NESTED}},
        ],
        "End": True,
    }
}


async def define(system: System, name: str, states: Mapping[str, Any]) -> None:
    """Publish a workflow that starts at its first state."""
    machine = Machine.load({"StartAt": next(iter(states)), "States": states})
    workflow = Workflow("Test", name, f"wf-{name}", "test", LifecyclePhase.OTHER, None, machine)
    async with system.engines["orchestration"].begin() as connection:
        await publish(connection, workflow, system.now)


async def define_both(system: System) -> None:
    await define(system, "Screened", {"Aml": ask("aml")})
    await define(system, "Both", BOTH)


def stories(system: System) -> dict[str, list[WorkflowProgressed]]:
    """What was told of every execution, each chapter once, in order."""
    found = {
        chapter.workflowExecutionId
        for place, log in system.broker.logs.items()
        if place.topic == "workflow.progressed"
        for message in log
        if isinstance(chapter := decode(message).data, WorkflowProgressed)
    }
    return {execution: system.story(execution) for execution in found}


def children(system: System, start: Event) -> list[list[WorkflowProgressed]]:
    """The stories of those that the execution asked for has started."""
    parent = execution_of(start)
    return [
        told for told in stories(system).values() if told[0].started and told[0].started.parentExecutionId == parent
    ]


def output(system: System, start: Event) -> Any:
    last = system.story(execution_of(start))[-1]
    assert last.state == "SUCCEEDED", last.cause
    return json.loads(last.output or "")


async def is_whole(system: System) -> None:
    """Every story is without a gap and tells of each event once, nothing is left to do, and a rebuild is equal."""
    for story in stories(system).values():
        assert [chapter.sequence for chapter in story] == list(range(1, len(story) + 1))
        ids = [one.id for chapter in story for one in chapter.history]
        assert ids == list(range(1, len(ids) + 1))
    assert await system.query("orchestration", "SELECT 1 FROM errands") == []
    assert await system.query("orchestration", "SELECT 1 FROM executions WHERE individual IS NOT NULL") == []
    said: list[str] = []
    await rebuild.run(system.engines["results"], rebuild.of(system.broker), check=True, say=said.append)
    assert said[-1] == "equal"


@pytest.mark.parametrize("seed", range(3))
async def test_repeats_and_disorder_change_nothing(embedded_database: RunningDatabase, seed: int) -> None:
    people = {"stranger": STRANGER, "listed": LISTED, "meier": person("Anton", "Meier", "1951-02-11")}
    starts = [requested("Both", entity, individual=individual) for entity, individual in people.items()]
    expected = {}
    async with System(embedded_database) as calm:
        await define_both(calm)
        await calm.publish(*starts)
        await calm.settle()
        expected = {start.key: output(calm, start) for start in starts}
    assert expected["c1:listed"] == [["NO_MATCH"] * 3, "HIT"]
    async with System(embedded_database, Unruly(seed=seed, times=2), instances=2) as unruly:
        await define_both(unruly)
        await unruly.publish(*starts)
        await unruly.settle()
        assert {start.key: output(unruly, start) for start in starts} == expected
        for start in starts:
            ends = [chapter.state for told in children(unruly, start) for chapter in told if chapter.state != "RUNNING"]
            assert ends == ["SUCCEEDED"] * 4
        await is_whole(unruly)


@pytest.mark.parametrize("seed", range(3))
async def test_children_stop_with_their_parent_and_go_on_with_it(embedded_database: RunningDatabase, seed: int) -> None:
    starts = [requested("Both", f"p{number}", individual=STRANGER) for number in range(3)]
    async with System(embedded_database, Unruly(seed=seed, times=2), instances=2) as system:
        await define_both(system)
        await system.publish(*starts)
        await system.settle(without=["kyc", "aml"])
        await system.publish(*[commanded(system, one, ExecutionCommand.STOP) for one in starts])
        await system.settle(without=["kyc", "aml"])
        ends = Counter(told[-1].state for told in stories(system).values())
        assert ends == {"ABORTED": len(starts) * 4}
        await system.settle()
        assert Counter(told[-1].state for told in stories(system).values()) == ends
        again = [commanded(system, one, ExecutionCommand.REDRIVE, individual=STRANGER) for one in starts]
        await system.publish(*again, *again)
        await system.settle()
        for start in starts:
            last = system.story(execution_of(start))[-1]
            # The name of the screening is taken by the one that was stopped, as on AWS.
            assert last.error == "StepFunctions.ExecutionAlreadyExistsException"
        await is_whole(system)


async def test_a_redriven_map_goes_on_with_those_that_failed(embedded_database: RunningDatabase) -> None:
    start = requested("Mapped", individual=STRANGER)
    async with System(embedded_database, Unruly(seed=1, times=2), instances=2) as system:
        await define(system, "Mapped", {"All": {"Type": "Parallel", "Branches": [each([1, 2], MIXED)], "End": True}})
        await system.publish(start)
        await system.settle(without=["kyc"])
        await system.publish(commanded(system, start, ExecutionCommand.STOP))
        await system.settle(without=["kyc"])
        assert sorted(told[-1].state for told in children(system, start)) == ["ABORTED", "SUCCEEDED"]
        await system.publish(commanded(system, start, ExecutionCommand.REDRIVE, individual=STRANGER))
        await system.settle()
        assert output(system, start) == [[1, "NO_MATCH"]]
        assert len(children(system, start)) == 2
        await is_whole(system)


MIXED = {
    "Which": {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "Done"}],
        "Default": "Kyc",
    },
    "Done": {"Type": "Succeed"},
    "Kyc": ask("kyc"),
}


@pytest.mark.parametrize("seed", range(4))
async def test_an_instance_that_dies_loses_and_doubles_nothing(
    embedded_database: RunningDatabase, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Every other transaction with something to tell is cut off: just before its commit, or just after it."""
    broker = Unruly(seed=seed)
    start = requested("Both", individual=STRANGER)
    dying = Dying(broker)
    async with System(embedded_database, broker, instances=2) as system:
        await define_both(system)
        await system.publish(start)
        monkeypatch.setattr(outbox, "write", dying.write)
        await dying.settle(system)
        assert output(system, start) == [["NO_MATCH"] * 3, "CLEAR"]
        assert dying.deaths
        await is_whole(system)


class Dying:
    """Cuts off orchestration's transactions, and starts a new instance for the one that died so."""

    def __init__(self, broker: Unruly) -> None:
        assert broker.random is not None
        self._random = broker.random
        self._write = outbox.write
        self.deaths = 0

    async def write(self, connection: Any, messages: Sequence[Message], now: Any) -> list[int]:
        rows = await self._write(connection, messages, now)
        told = {message.topic for message in messages}
        if "workflow.progressed" in told and self._random.random() < 0.5:
            if self._random.random() < 0.5:
                await connection.commit()
            raise ConnectionError
        return rows

    async def settle(self, system: System) -> None:
        """Until everything is done, and what the dead have left unsent is sent."""
        while True:
            try:
                await system.settle()
            except ConnectionError:
                self.deaths += 1
                await _replace(system)
            else:
                if not await system.query("orchestration", "SELECT 1 FROM outbox_unsent"):
                    return
                system.now += UNSENT


async def _replace(system: System) -> None:
    """New instances of orchestration in the places of those that there were."""
    for number, one in enumerate(system.consumers):
        if isinstance(one.handler, Orchestration):
            await one.stop()
            new = StatefulConsumer(
                Orchestration(Tokens(b"secret")), system.broker, system.engines["orchestration"], system.clock
            )
            await new.start()
            system.consumers[number] = new


async def test_a_map_of_thousands_is_many_small_transactions_and_records(
    embedded_database: RunningDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Sequence[Message]] = []
    write = outbox.write

    async def noted(connection: Any, messages: Sequence[Message], now: Any) -> list[int]:
        written.append(messages)
        return await write(connection, messages, now)

    monkeypatch.setattr(outbox, "write", noted)
    items = list(range(2000))
    start = requested("Large")
    async with System(embedded_database) as system:
        await define(system, "Large", each(items, {"Double": DOUBLE})["States"])
        await system.publish(start)
        await system.settle()
        assert output(system, start) == [2 * item for item in items]
        assert len(await system.query("orchestration", "SELECT 1 FROM executions WHERE parent_id IS NOT NULL")) == 2000
        assert max(map(len, written)) <= AT_ONCE
        assert max(len(message.value or b"") for batch in written for message in batch) <= LARGEST_BYTES
        (listed,) = await system.query(
            "results", "SELECT count(*) FROM projection.executions WHERE state = 'COMPLETED'"
        )
        assert listed.count == 2001


DOUBLE = {"Type": "Pass", "Parameters": {"of.$": "States.MathAdd($, $)"}, "OutputPath": "$.of", "End": True}
