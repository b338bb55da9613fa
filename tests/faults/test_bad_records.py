"""Records that are no events: kept with their bytes, told to whom it concerns, and no hindrance to the next one."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from libs.events.codec import decode, encode
from libs.events.message import Event, Message, Partition, derived_id
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    DeadLetter,
    StepOutcome,
    StepResult,
    StepResultCode,
    WorkflowProgressed,
)
from libs.streaming.answering import TOKEN_HEADER
from libs.streaming.replay import letters
from tests.factory import asked, onboarded
from tests.faults.once import each_had_one_effect, outcomes, rebuilt_is_equal
from tests.faults.system import RunningSystem
from tests.flows.system import execution_of

MEGABYTE = 2**20


def made_bad(good: Message) -> dict[str, Message]:
    """Records that cannot be read, by the reason that is given for each."""
    value = good.value or b""
    return {
        "NOT_FRAMED": replace(good, value=b"\xff\xfe no event \x00\x80"),
        "UNKNOWN_SCHEMA": replace(good, value=b"\x00\x00\x00\xff\xff" + value[5:]),
        "NOT_AVRO": replace(good, value=value[: len(value) // 2]),
        "NULL_VALUE": replace(good, value=None),
        "TOO_LARGE": replace(good, value=value[:5] + b"\x41" * MEGABYTE),
    }


def without(message: Message, *names: str) -> Message:
    """The record without some of its headers."""
    return replace(message, headers=tuple((name, value) for name, value in message.headers if name not in names))


async def letters_of(system: RunningSystem, group: str, since: int) -> list[DeadLetter]:
    """The dead letters of a group from a number on."""
    return [letter.content for letter in await letters(system.broker, group) if letter.number >= since]


async def kept_as_they_were(
    system: RunningSystem, group: str, before: Mapping[str, int], bad: Mapping[str, Message]
) -> None:
    """Each bad record becomes one letter of the group, with its reason, its place and its bytes."""

    async def kept() -> bool:
        return (await system.letters())[group] >= before[group] + len(bad)

    await system.until(f"{len(bad)} dead letters of {group}", kept)
    found = {letter.reason: letter for letter in await letters_of(system, group, before[group])}
    assert set(found) == set(bad)
    for reason, message in bad.items():
        letter = found[reason]
        assert (letter.topic, letter.partition, letter.offset) == (message.topic, message.partition, message.offset)
        assert (letter.key, letter.value) == (message.key, message.value)
        assert [(header.key, header.value) for header in letter.headers] == list(message.headers)


async def test_bad_onboardings_are_kept_and_the_next_one_is_taken(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    first, second = onboarded("p1", "bad-onboardings"), onboarded("p1", "bad-onboardings", entityVersion=2)
    bad = made_bad(encode(first))
    *sent, nameless, _ = await system.publish(*bad.values(), without(encode(first), "ce_id"), encode(second))
    # Without an id it is known by its place.
    placed = replace(first, id=derived_id(f"{nameless.topic}/{nameless.partition}/{nameless.offset}"))
    await system.all_ended("bad-onboardings", [placed, second])
    for group in ("orchestration", "results"):
        await kept_as_they_were(system, group, before, dict(zip(bad, sent, strict=True)))
    await each_had_one_effect(system, "bad-onboardings", [placed, second])
    await rebuilt_is_equal(system)
    print(f"\n    kept by both groups: {', '.join(bad)}; one without an id was taken once")


async def test_bad_requests_are_kept_and_the_next_one_is_answered(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    answered = len(await system.records("kyc.completed"))
    first = onboarded("p1", "bad-requests")
    await system.publish(first)
    await system.all_ended("bad-requests", [first])
    (real,) = await _records_of(system, "kyc.requested", first)
    bad = made_bad(without(real, TOKEN_HEADER))
    *sent, _ = await system.publish(*bad.values(), without(real, "ce_id"))
    await kept_as_they_were(system, "kyc", before, dict(zip(bad, sent, strict=True)))
    second = onboarded("p1", "bad-requests", entityVersion=2)
    await system.publish(second)
    await system.all_ended("bad-requests", [first, second])
    # Three answers: of the two real requests, and of the repeat that came without its id; the workflow has an answer
    # already, so that the last one is late.
    assert len(await system.records("kyc.completed")) == answered + 3
    await each_had_one_effect(system, "bad-requests", [first, second])


async def test_bad_answers_are_kept_and_the_next_one_is_taken(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    event = onboarded("p1", "bad-answers")
    system.hold("kyc")
    await system.publish(event)
    answer = encode(_answer_to(decode(await _asked(system, event))))
    bad = made_bad(answer)
    *sent, _, _ = await system.publish(*bad.values(), without(answer, "ce_id"), without(answer, "ce_id"))
    await kept_as_they_were(system, "orchestration", before, dict(zip(bad, sent, strict=True)))
    await system.all_ended("bad-answers", [event])
    system.let_go("kyc")
    await system.ready(["kyc"])
    await system.until("the real answer is taken, too late", system.caught_up)
    await each_had_one_effect(system, "bad-answers", [event])


async def test_a_forged_answer_is_kept_and_changes_nothing(running_system: RunningSystem) -> None:
    system = running_system
    before = await system.letters()
    await system.publish(_answer_to(asked("kyc", token="0b6f.3.00000000000000000000000000000000")))

    async def kept() -> bool:
        return (await system.letters())["orchestration"] > before["orchestration"]

    await system.until("the forged answer is kept", kept)
    (letter,) = await letters_of(system, "orchestration", before["orchestration"])
    assert letter.reason == "BAD_TOKEN"


async def test_a_workflow_does_not_wait_for_an_unreadable_request(running_system: RunningSystem) -> None:
    """The request is lost and comes back cut in half: its header still tells which task it was."""
    system = running_system
    before = await system.letters()
    event = onboarded("p1", "unreadable")
    system.hold("kyc")
    await system.publish(event)
    request = await _asked(system, event)
    await system.commit("kyc", {Partition(request.topic, request.partition): request.offset + 1})
    (cut,) = await system.publish(replace(request, value=(request.value or b"")[:-40]))
    system.let_go("kyc")
    seconds = await system.all_ended("unreadable", [event])
    await kept_as_they_were(system, "kyc", before, {"NOT_AVRO": cut})

    outcome = (await outcomes(system, "unreadable"))["p1"]
    assert dict(outcome.steps)["KYC"] == "ERROR"
    assert outcome.status in ("REVIEW", "FAIL")
    assert await _failures(system, event) == [("TaskFailed", "Check.Unreadable")]
    await each_had_one_effect(system, "unreadable", [event])
    print(f"\n    answered FAILED and ended {seconds:.1f} s after the check came back")


async def _records_of(system: RunningSystem, topic: str, event: Event) -> list[Message]:
    """What a topic holds of the execution that an event started."""
    execution = execution_of(event).encode()
    return [one for one in await system.records(topic) if dict(one.headers).get("correlationid") == execution]


async def _asked(system: RunningSystem, event: Event) -> Message:
    """The request of the identity check for the person whom an event took on, as it lies on its topic."""
    found: list[Message] = []

    async def so() -> bool:
        found[:] = await _records_of(system, "kyc.requested", event)
        return bool(found)

    await system.until("the check is asked", so)
    return found[0]


def _answer_to(request: Event) -> Event:
    """The identity check knows the person of a request."""
    assert isinstance(request.data, CheckRequested)
    now = datetime.now(UTC)
    result = StepResult(outcome=StepOutcome(stepName="KYC", result=StepResultCode.MATCH), startedAt=now, endedAt=now)
    completed = CheckCompleted(task=request.data.task, result=result)
    return request.caused("kyc", "kyc.completed", "answer", request.key, completed, now)


async def _failures(system: RunningSystem, event: Event) -> list[tuple[str, str | None]]:
    """Kind and error of each task that failed or timed out, as the story of the execution tells."""
    chapters = [decode(one).data for one in await _records_of(system, "workflow.progressed", event)]
    told = {
        one.id: (one.type, json.loads(one.details).get("error"))
        for chapter in chapters
        if isinstance(chapter, WorkflowProgressed)
        for one in chapter.history
    }
    return [told[number] for number in sorted(told) if told[number][0] in ("TaskFailed", "TaskTimedOut")]
