"""Stop, redrive and heartbeats, as orchestration takes them."""

from datetime import timedelta
from typing import Any

from libs.events.message import Event, derived_id
from libs.events.models import CommandRequested, ExecutionCommand
from services.orchestration.steps import AGAIN
from tests.factory import NOON, event, person, requested
from tests.services.orchestration.conftest import Alone, answer, outcome
from tests.services.orchestration.test_service import KYC, reasons

NEWER = person("Jane", "Married")


def commanded(start: Event, command: str, **more: Any) -> Event:
    """A command for the execution that `start` asked for."""
    execution = derived_id(start.id, "orchestration", "execution")
    given = {"individual": NEWER, "entityVersion": 2} if command == "REDRIVE" else {}
    data = CommandRequested(
        commandId="command-1",
        customerId="c1",
        command=ExecutionCommand(command),
        requestedBy="operator",
        requestId="request-9",
        requestedAt=NOON,
        **{"workflowExecutionId": execution, "entityId": "p1", **given, **more},
    )
    return event(data, "command.requested", source="results", correlation=execution)


async def begun(alone: Alone, **task: Any) -> Event:
    """An execution that has asked and waits."""
    await alone.define("One", {"Ask": {**KYC, **task}})
    start = requested("One")
    await alone.take(start)
    return start


async def failed(alone: Alone) -> Event:
    start = await begun(alone)
    await alone.take(answer(alone.requests("kyc")[0], "kyc", error="Check.SourceUnavailable"))
    return start


def ends(alone: Alone) -> list[str]:
    return [chapter.state for chapter in alone.chapters()]


async def test_a_stopped_execution_ends_as_it_was_told_to(alone: Alone) -> None:
    start = await begun(alone)
    await alone.take(commanded(start, "STOP", error="Operator.Stopped", cause="a wrong person"))
    last = alone.chapters()[-1]
    assert (last.sequence, last.state, last.error, last.cause) == (2, "ABORTED", "Operator.Stopped", "a wrong person")
    assert [one.type for one in last.history] == ["ExecutionAborted"]


async def test_what_a_stopped_execution_asked_is_not_sent_again_and_its_answer_is_late(alone: Alone) -> None:
    start = await begun(alone, TimeoutSeconds=600)
    await alone.take(commanded(start, "STOP"))
    await alone.pass_time(AGAIN * 20)
    await alone.pass_time(timedelta(seconds=6))
    await alone.take(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    assert len(alone.sent("kyc.requested")) == 1
    assert ends(alone) == ["RUNNING", "ABORTED"]
    assert [tuple(row) for row in await alone.rows("SELECT individual, next_due FROM executions")] == [(None, None)]


async def test_a_redriven_execution_asks_anew_about_the_person_as_known_now(alone: Alone) -> None:
    start = await failed(alone)
    await alone.take(commanded(start, "REDRIVE", sequence=2))
    first, second = alone.requests("kyc")
    assert (first.individual, first.task.entityVersion) == (person(), 1)
    assert (second.individual, second.task.entityVersion) == (NEWER, 2)
    assert second.task.token != first.task.token
    assert [row.individual["name"]["familyName"] for row in await alone.rows("SELECT individual FROM executions")] == [
        "Married"
    ]
    await alone.take(answer(second, "kyc", outcome("KYC")))
    assert ends(alone) == ["RUNNING", "FAILED", "RUNNING", "SUCCEEDED"]
    assert [chapter.sequence for chapter in alone.chapters()] == [1, 2, 3, 4]
    assert [one.type for one in alone.chapters()[2].history][:1] == ["ExecutionRedriven"]
    ids = [one.id for chapter in alone.chapters() for one in chapter.history]
    assert ids == list(range(1, len(ids) + 1))
    assert [row.individual for row in await alone.rows("SELECT individual FROM executions")] == [None]


async def test_the_person_of_a_redriven_execution_is_known_after_it_was_loaded_again(alone: Alone) -> None:
    retry = {"ErrorEquals": ["Check.SourceUnavailable"], "IntervalSeconds": 10, "MaxAttempts": 1}
    start = await begun(alone, Retry=[retry])
    await alone.take(commanded(start, "STOP"), commanded(start, "REDRIVE"))
    await alone.take(answer(alone.requests("kyc")[-1], "kyc", error="Check.SourceUnavailable"))
    await alone.pass_time(timedelta(seconds=10))
    assert [request.individual for request in alone.requests("kyc")] == [person(), NEWER, NEWER]


async def test_commands_that_come_too_late_change_nothing(alone: Alone) -> None:
    start = await failed(alone)
    await alone.take(commanded(start, "STOP"), commanded(start, "REDRIVE", sequence=1))
    assert ends(alone) == ["RUNNING", "FAILED"]
    await alone.take(commanded(start, "REDRIVE"), commanded(start, "REDRIVE"))
    assert ends(alone) == ["RUNNING", "FAILED", "RUNNING"]
    await alone.take(answer(alone.requests("kyc")[1], "kyc", outcome("KYC")))
    await alone.take(commanded(start, "REDRIVE"))
    assert ends(alone)[3:] == ["SUCCEEDED"]
    assert [row.individual for row in await alone.rows("SELECT individual FROM executions")] == [None]
    assert reasons(alone) == []


async def test_a_command_delivered_twice_counts_once(alone: Alone) -> None:
    start = await failed(alone)
    redrive = commanded(start, "REDRIVE")
    await alone.take(redrive, redrive)
    await alone.take(answer(alone.requests("kyc")[1], "kyc", error="Check.SourceUnavailable"))
    await alone.take(redrive)
    assert ends(alone) == ["RUNNING", "FAILED", "RUNNING", "FAILED"]


async def test_a_heartbeat_puts_the_silence_off_and_tells_nothing(alone: Alone) -> None:
    start = await begun(alone, TimeoutSeconds=100, HeartbeatSeconds=20)
    token = alone.requests("kyc")[0].task.token
    await alone.pass_time(timedelta(seconds=15))
    await alone.take(commanded(start, "HEARTBEAT", taskToken=token))
    await alone.pass_time(timedelta(seconds=15))
    assert ends(alone) == ["RUNNING"]
    await alone.pass_time(timedelta(seconds=5))
    assert [(chapter.state, chapter.error) for chapter in alone.chapters()[1:]] == [
        ("FAILED", "States.HeartbeatTimeout")
    ]


async def test_a_command_that_can_be_meant_for_nothing_is_a_dead_letter(alone: Alone) -> None:
    start, other = await begun(alone), requested("One")
    await alone.take(other)
    token = next(one.task.token for one in alone.requests("kyc") if one.task.workflowExecutionId != execution(start))
    await alone.take(
        commanded(requested("One"), "STOP"),
        commanded(start, "STOP", entityId="p2"),
        commanded(start, "HEARTBEAT"),
        commanded(start, "HEARTBEAT", taskToken=token),
        commanded(start, "REDRIVE", individual=None),
    )
    assert reasons(alone) == ["UNKNOWN_EXECUTION", "UNKNOWN_EXECUTION", "BAD_TOKEN", "BAD_TOKEN", "NO_PERSON"]
    assert ends(alone) == ["RUNNING", "RUNNING"]


def execution(start: Event) -> str:
    return derived_id(start.id, "orchestration", "execution")
