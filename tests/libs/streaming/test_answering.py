"""From requests to answers, with checks of the test's own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from libs.events.codec import decode, encode
from libs.events.message import Message
from libs.events.models import (
    CheckCompleted,
    CheckRequested,
    DeadLetter,
    StepError,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.streaming.answering import TOKEN_HEADER, Answering
from libs.streaming.check import Check, CheckFailed
from tests.factory import NOON, asked

Answer = Callable[[CheckRequested, datetime], Awaitable[StepResult]]


async def clear(request: CheckRequested, now: datetime) -> StepResult:
    outcome = StepOutcome(stepName="KYC", result=StepResultCode.CLEAR)
    return StepResult(outcome=outcome, startedAt=now, endedAt=now)


async def broken(request: CheckRequested, now: datetime) -> StepResult:
    raise ZeroDivisionError("a bug")


async def down(request: CheckRequested, now: datetime) -> StepResult:
    raise CheckFailed("Check.SourceUnavailable", "the register does not answer")


async def stuck(request: CheckRequested, now: datetime) -> StepResult:
    await asyncio.Event().wait()
    raise AssertionError


def answering(answer: Answer = clear, **options: object) -> Answering:
    """A check named kyc."""
    found = Answering(Check("kyc", answer, **options), lambda: NOON)  # type: ignore[arg-type]
    found.decoder.pause = 0.0
    return found


def read(message: Message) -> CheckCompleted:
    data = decode(message).data
    assert isinstance(data, CheckCompleted)
    return data


async def test_a_request_is_answered_on_the_completed_topic_with_a_derived_id() -> None:
    request = asked("kyc")
    (first,) = await answering().answer([encode(request)])
    (second,) = await answering().answer([encode(request)])
    event = decode(first)
    assert (event.topic, event.source, event.causation, event.correlation) == (
        "kyc.completed", "kyc", request.id, "execution-1",
    )  # fmt: skip
    assert event.id == decode(second).id
    assert read(first).result is not None
    assert isinstance(request.data, CheckRequested)
    assert read(first).task == request.data.task


@pytest.mark.parametrize(
    ("answer", "error", "cause"),
    [
        (down, "Check.SourceUnavailable", "the register does not answer"),
        (stuck, "Check.SourceUnavailable", "no answer within 0.01 s"),
    ],
)
async def test_a_check_that_cannot_be_made_says_so(answer: Answer, error: str, cause: str) -> None:
    (message,) = await answering(answer, timeout=timedelta(seconds=0.01)).answer([encode(asked("kyc"))])
    told = read(message)
    assert (told.error, told.cause) == (error, cause)
    assert told.result is not None
    assert (told.result.outcome.stepName, told.result.outcome.result) == ("KYC", "ERROR")
    assert told.result.errors == [StepError(code=error, description=cause, location="kyc")]


async def test_what_was_found_before_a_check_failed_goes_along() -> None:
    async def half(request: CheckRequested, now: datetime) -> StepResult:
        raise CheckFailed("Check.SourceUnavailable", "one of two is down", await clear(request, now))

    (message,) = await answering(half).answer([encode(asked("kyc"))])
    found = read(message)
    assert (found.error, found.cause) == ("Check.SourceUnavailable", "one of two is down")
    assert found.result
    assert found.result.outcome.stepName == "KYC"


async def test_a_bug_is_kept_as_a_dead_letter_and_told_to_the_workflow() -> None:
    letter, told = await answering(broken).answer([encode(asked("kyc"))])
    content = decode(letter).data
    assert isinstance(content, DeadLetter)
    assert (letter.topic, content.reason, content.error) == ("dlq.kyc", "RAISED", "ZeroDivisionError: a bug")
    assert read(told).error == "Check.Failed"


async def test_an_unreadable_request_with_a_token_is_answered_failed() -> None:
    good = encode(asked("kyc"))
    bad = replace(good, value=b"\x00garbage", headers=(*good.headers, (TOKEN_HEADER, b"execution-1.3.mac")))
    letter, told = await answering().answer([bad])
    assert letter.topic == "dlq.kyc"
    assert read(told).error == "Check.Unreadable"
    assert read(told).task.token == "execution-1.3.mac"
    assert told.key == b"c1:p1"


async def test_an_unreadable_request_without_a_token_is_only_kept() -> None:
    (letter,) = await answering().answer([replace(encode(asked("kyc")), value=None)])
    assert letter.topic == "dlq.kyc"


async def test_one_bad_request_does_not_keep_the_others_waiting() -> None:
    good = [encode(asked("kyc", f"execution-{n}.1.mac")) for n in range(5)]
    answers = await answering().answer([*good[:2], replace(good[0], value=b"?"), *good[2:]])
    assert [message.topic for message in answers].count("kyc.completed") == 5


@pytest.mark.parametrize("at_once", [1, 3])
async def test_no_more_are_asked_at_once_than_the_check_allows(at_once: int) -> None:
    running, most = 0, 0

    async def counted(request: CheckRequested, now: datetime) -> StepResult:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return await clear(request, now)

    await answering(counted, at_once=at_once).answer([encode(asked("kyc")) for _ in range(20)])
    assert most == at_once
