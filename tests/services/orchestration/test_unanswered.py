"""Steps without an answer stand in the story, for the record."""

from datetime import timedelta

from libs.events.models import StepResult
from tests.factory import requested
from tests.services.orchestration.conftest import Alone, answer, outcome

KYC = {"Type": "Task", "Resource": "vetstream:check:kyc", "TimeoutSeconds": 20, "End": True}
AML = {"Type": "Task", "Resource": "vetstream:check:aml", "End": True}


def both(kyc: object, aml: object) -> dict[str, object]:
    branches = [{"StartAt": "Ask", "States": {"Ask": kyc}}, {"StartAt": "Screen", "States": {"Screen": aml}}]
    return {"Both": {"Type": "Parallel", "Branches": branches, "End": True}}


def accepted(alone: Alone) -> list[StepResult]:
    return [step for chapter in alone.chapters() for step in chapter.accepted]


async def test_a_step_that_times_out_is_an_error_of_that_step(alone: Alone) -> None:
    await alone.define("Slow", {"Ask": KYC})
    await alone.take(requested("Slow"))
    asked = alone.now
    await alone.pass_time(timedelta(seconds=20))
    (step,) = accepted(alone)
    assert (step.outcome.stepName, step.outcome.result) == ("KYC", "ERROR")
    assert [(one.code, one.location) for one in step.errors] == [("States.Timeout", "kyc")]
    assert (step.startedAt, step.endedAt) == (asked, alone.now)


async def test_a_step_cancelled_with_its_branch_is_incomplete(alone: Alone) -> None:
    await alone.define("Both", both(KYC, AML))
    await alone.take(requested("Both"))
    await alone.take(answer(alone.requests("kyc")[0], "kyc", error="Check.InvalidSettings"))
    assert alone.chapters()[-1].state == "FAILED"
    (step,) = accepted(alone)
    assert (step.outcome.stepName, step.outcome.result, step.errors[0].code) == (
        "AML", "INCOMPLETE", "Vetstream.Cancelled",
    )  # fmt: skip


async def test_what_was_cancelled_stands_behind_the_answer_that_was_accepted(alone: Alone) -> None:
    """A failed attempt is evidence too: the sources that were asked stand in it."""
    await alone.define("Both", both(KYC, AML))
    await alone.take(requested("Both"))
    failed = answer(alone.requests("kyc")[0], "kyc", outcome("KYC", "ERROR"), error="Check.SourceUnavailable")
    await alone.take(failed)
    assert [(step.outcome.stepName, step.outcome.result) for step in accepted(alone)] == [
        ("KYC", "ERROR"), ("AML", "INCOMPLETE"),
    ]  # fmt: skip


async def test_an_answered_step_is_told_once(alone: Alone) -> None:
    await alone.define("Ask", {"Ask": KYC})
    await alone.take(requested("Ask"))
    await alone.take(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    assert [step.outcome.result for step in accepted(alone)] == ["CLEAR"]
