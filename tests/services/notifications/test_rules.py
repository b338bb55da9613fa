"""What an outside service is told, and what cannot be meant."""

import orjson
import pytest

from libs.events.models import Application, Money, StepOutcome, StepResultCode
from services.notifications import rules
from tests.factory import NOON
from tests.services.notifications.factory import FAILED, PASSED, request


def test_a_rejection_is_ids_codes_and_a_time_and_nothing_of_the_person() -> None:
    applied = Application(
        applicationId="a-7", requestedAmount=Money(amount="5000.00", currency="EUR"), termMonths=12, purpose="CAR"
    )
    told = rules.notification(request().model_copy(update={"application": applied}), NOON)
    assert orjson.loads(told.body) == {
        "notificationId": told.id,
        "purpose": "rejection",
        "customerId": "c1",
        "entityId": "p1",
        "applicationId": "a-7",
        "workflowExecutionId": "execution-1",
        "requestId": "request-1",
        "outcome": "REJECTED",
        "reasons": [{"step": "BANK_STATEMENTS", "code": "BALANCE_UNSTABLE"}],
        "occurredAt": "2026-03-01T12:00:00Z",
        "version": "1",
    }


def test_a_step_without_reasons_counts_by_its_result_and_what_was_caught_stands_last() -> None:
    silent = StepOutcome(stepName="FRAUD", result=StepResultCode.HIT)
    asked = request(error="States.Timeout").model_copy(update={"evidence": [PASSED, silent, FAILED, FAILED]})
    assert orjson.loads(rules.notification(asked, NOON).body)["reasons"] == [
        {"step": "FRAUD", "code": "HIT"},
        {"step": "BANK_STATEMENTS", "code": "BALANCE_UNSTABLE"},
        {"step": "Reject", "code": "States.Timeout"},
    ]


def test_the_same_state_of_the_same_execution_tells_the_same_thing() -> None:
    def id(*given: str, **settings: str) -> str:
        return rules.notification(request(*given, **settings), NOON).id

    same = id("execution-1", "token-1", "Reject")
    assert id("execution-1", "token-2", "Reject", wait="delivered") == same
    others = [
        id("execution-2"),
        id("execution-1", "token-1", "Other"),
        id(purpose="acceptance"),
        id(about="the second loan"),
    ]
    assert len({same, *others}) == 5


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"wait": "forever"}, 'wait is accepted or delivered, not "forever"'),
        ({"purpose": "Not/This"}, 'purpose is a word of small letters, digits and hyphens, not "Not/This"'),
        ({"url": "https://elsewhere.example.com"}, 'no setting "url"; there are about, cause, error'),
    ],
)
def test_what_cannot_be_meant_is_refused(settings: dict[str, str], problem: str) -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.notification(request(**settings), NOON)
    assert str(refused.value).startswith(problem)


@pytest.mark.parametrize(
    ("state", "result"),
    [("PENDING", "COMPLETE"), ("DELIVERED", "COMPLETE"), ("REFUSED", "INCOMPLETE"), ("PARKED", "INCOMPLETE")],
)
def test_a_workflow_can_tell_what_was_not_taken(state: str, result: str) -> None:
    answer = rules.answer(request().task, state, 3, NOON)
    assert answer.result is not None
    outcome = answer.result.outcome
    assert (outcome.stepName, outcome.result, outcome.counts) == ("NOTIFICATION", result, {"attempts": 3})
