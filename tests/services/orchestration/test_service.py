"""What orchestration does with people, answers and time."""

from datetime import timedelta

from sqlalchemy import text

from libs.events.message import derived_id
from libs.events.models import DeadLetter
from services.orchestration.steps import AGAIN
from tests.factory import onboarded, person, requested
from tests.services.orchestration.conftest import Alone, answer, outcome

KYC = {"Type": "Task", "Resource": "vetstream:check:kyc", "End": True}
SETTINGS = {"ruleSet": "2+2", "n": 3, "on": True, "types": ["AML"]}


def reasons(alone: Alone) -> list[str]:
    return [one.data.reason for one in alone.sent("dlq.orchestration") if isinstance(one.data, DeadLetter)]


async def test_a_task_asks_its_check_with_the_person_the_settings_and_the_evidence(alone: Alone) -> None:
    await alone.define(
        "Checked",
        {
            "Seen": {"Type": "Pass", "Result": [{"stepName": "AML", "result": "CLEAR"}], "Next": "Ask"},
            "Ask": {**KYC, "Parameters": {"settings": SETTINGS, "evidence.$": "$"}},
        },
    )
    start = requested("Checked", individual=person("Ada", "Lovelace"))
    await alone.take(start)
    (request,) = alone.requests("kyc")
    assert request.individual == person("Ada", "Lovelace")
    assert request.settings == {"ruleSet": "2+2", "n": "3", "on": "true", "types": '["AML"]'}
    assert request.evidence == [outcome("AML")]
    assert request.task.stepName == "Ask"
    assert request.task.workflowExecutionId == derived_id(start.id, "orchestration", "execution")


async def test_an_answer_takes_the_execution_to_its_end_and_is_told(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    await alone.take(requested("One"))
    (request,) = alone.requests("kyc")
    await alone.take(answer(request, "kyc", outcome("KYC", "MATCH")))
    first, last = alone.chapters()
    assert (first.sequence, first.state, first.started and first.started.workflowName) == (1, "RUNNING", "One")
    assert (last.sequence, last.state, last.started) == (2, "SUCCEEDED", None)
    assert [result.outcome.stepName for result in last.accepted] == ["KYC"]
    assert [one.type for one in last.history] == ["TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"]
    ids = [one.id for chapter in alone.chapters() for one in chapter.history]
    assert ids == list(range(1, len(ids) + 1))


async def test_a_second_and_a_late_answer_change_nothing(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    await alone.take(requested("One"))
    (request,) = alone.requests("kyc")
    for result in ("MATCH", "NO_MATCH"):
        await alone.take(answer(request, "kyc", outcome("KYC", result)))
    assert [chapter.state for chapter in alone.chapters()] == ["RUNNING", "SUCCEEDED"]
    assert reasons(alone) == []


async def test_the_person_is_not_kept_once_the_execution_has_ended(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    await alone.take(requested("One"))
    assert [row.individual is None for row in await alone.rows("SELECT individual FROM executions")] == [False]
    await alone.take(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    assert [row.individual for row in await alone.rows("SELECT individual FROM executions")] == [None]


async def test_nothing_personal_stands_in_what_is_told(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    await alone.take(requested("One", individual=person("Zaphod", "Beeblebrox", "1977-07-07")))
    told = "".join(chapter.model_dump_json() for chapter in alone.chapters())
    assert not [word for word in ("Zaphod", "Beeblebrox", "1977-07-07") if word in told]


async def test_a_token_of_somebody_elses_making_is_refused(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    await alone.take(requested("One"))
    (request,) = alone.requests("kyc")
    token = request.task.token[:-1] + ("0" if request.task.token[-1] != "0" else "1")
    forged = request.model_copy(update={"task": request.task.model_copy(update={"token": token})})
    await alone.take(answer(forged, "kyc", outcome("KYC", "MATCH")))
    assert reasons(alone) == ["BAD_TOKEN"]
    assert [chapter.state for chapter in alone.chapters()] == ["RUNNING"]


async def test_another_customers_answer_finds_no_execution(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    await alone.take(requested("One"))
    (request,) = alone.requests("kyc")
    other = request.model_copy(update={"task": request.task.model_copy(update={"customerId": "c2"})})
    await alone.take(answer(other, "kyc", outcome("KYC", "MATCH")))
    assert reasons(alone) == ["UNKNOWN_EXECUTION"]


async def test_a_workflow_that_does_not_exist_is_a_dead_letter(alone: Alone) -> None:
    await alone.take(requested("Missing"), onboarded("p2"))
    assert reasons(alone) == ["UNKNOWN_WORKFLOW", "UNKNOWN_WORKFLOW"]
    assert await alone.rows("SELECT 1 FROM inbox") == []


async def test_a_task_that_no_check_understands_fails_in_the_workflow(alone: Alone) -> None:
    await alone.define("Wrong", {"Ask": {**KYC, "Resource": "vetstream:check:astrology"}})
    await alone.take(requested("Wrong"))
    (chapter,) = alone.chapters()
    assert (chapter.state, chapter.error) == ("FAILED", "Vetstream.BadTask")
    assert chapter.cause == 'States.Ask: "Resource" names no check (vetstream:check:astrology)'


async def test_evidence_of_the_wrong_shape_can_be_caught(alone: Alone) -> None:
    await alone.define(
        "Caught",
        {
            "Ask": {
                **KYC,
                "Parameters": {"evidence": [{"no": "outcome"}]},
                "Catch": [{"ErrorEquals": ["Vetstream.BadTask"], "Next": "Then"}],
            },
            "Then": {"Type": "Succeed"},
        },
    )
    await alone.take(requested("Caught"))
    assert [chapter.state for chapter in alone.chapters()] == ["SUCCEEDED"]


async def test_a_failed_check_is_retried_when_its_time_has_come(alone: Alone) -> None:
    retry = {"ErrorEquals": ["Check.SourceUnavailable"], "IntervalSeconds": 10, "MaxAttempts": 1}
    await alone.define("Again", {"Ask": {**KYC, "Retry": [retry]}})
    await alone.take(requested("Again"))
    await alone.take(answer(alone.requests("kyc")[0], "kyc", error="Check.SourceUnavailable"))
    await alone.pass_time(timedelta(seconds=9))
    assert len(alone.requests("kyc")) == 1
    await alone.pass_time(timedelta(seconds=1))
    assert [request.task.attempt for request in alone.requests("kyc")] == [0, 1]


async def test_a_task_times_out(alone: Alone) -> None:
    await alone.define("Slow", {"Ask": {**KYC, "TimeoutSeconds": 20}})
    await alone.take(requested("Slow"))
    await alone.pass_time(timedelta(seconds=20))
    assert (alone.chapters()[-1].state, alone.chapters()[-1].error) == ("FAILED", "States.Timeout")


async def test_a_request_without_an_answer_is_sent_again_with_the_same_id(alone: Alone) -> None:
    await alone.define("Lost", {"Ask": KYC})
    await alone.take(requested("Lost"))
    await alone.pass_time(AGAIN + timedelta(seconds=6))
    await alone.pass_time(timedelta(seconds=6))
    sent = alone.sent("kyc.requested")
    assert len(sent) == 2
    assert len({one.id for one in sent}) == 1


async def test_a_request_that_is_open_for_days_is_sent_again_and_never_forgotten(alone: Alone) -> None:
    await alone.define("Patient", {"Ask": KYC})
    await alone.take(requested("Patient"))
    for _ in range(5):
        await alone.pass_time(timedelta(hours=20))
        await alone.pass_time(timedelta(seconds=6))
    assert len(alone.sent("kyc.requested")) == 6


async def test_of_an_execution_that_ends_at_once_no_person_is_kept(alone: Alone) -> None:
    await alone.define("Short", {"End": {"Type": "Succeed"}})
    await alone.take(requested("Short"))
    assert [row.individual for row in await alone.rows("SELECT individual FROM executions")] == [None]


async def test_running_executions_keep_the_definition_they_started_with(alone: Alone) -> None:
    asks = {"Type": "Task", "Resource": "vetstream:check:kyc", "Next": "Old"}
    await alone.define("Grows", {"Ask": asks, "Old": {"Type": "Succeed"}})
    await alone.take(requested("Grows"))
    await alone.define("Grows", {"New": {"Type": "Succeed"}})
    await alone.take(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    history = [one for chapter in alone.chapters() for one in chapter.history]
    assert ['"Old"' in one.details for one in history if one.type == "SucceedStateEntered"] == [True]


async def test_a_timer_that_cannot_be_fired_stops_no_other_execution(alone: Alone) -> None:
    """The row of one execution is broken; its timer and another's are due at the same time."""
    await alone.define("Slow", {"Ask": {**KYC, "TimeoutSeconds": 20}})
    await alone.take(requested("Slow", "broken"), requested("Slow", "whole"))
    async with alone.engine.begin() as connection:
        broken = "UPDATE executions SET document = '{}' WHERE entity_id = 'broken'"
        await connection.execute(text(broken))
    await alone.pass_time(timedelta(seconds=20))
    ended = [chapter.entityId for chapter in alone.chapters() if chapter.state == "FAILED"]
    assert ended == ["whole"]
    due = await alone.rows("SELECT next_due FROM executions WHERE entity_id = 'broken'")
    assert due[0].next_due > alone.now + timedelta(minutes=50)
