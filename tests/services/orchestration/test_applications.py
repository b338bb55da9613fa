"""Applications: one execution each, the machine that was published and the recommended one, failures and outages."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from libs.events.applications import execution_id
from libs.events.message import Event
from libs.events.models import CheckRequested, CommandRequested, ExecutionCommand, StepOutcome
from services.orchestration.definitions import publish, shipped
from tests.factory import NOON, application, event, person, submitted
from tests.services.orchestration.conftest import Alone, answer, outcome
from tests.services.orchestration.test_service import reasons

EXECUTION = execution_id("c1", "app-1")
AS_PUBLISHED, RECOMMENDED = "Prescreening", "Prescreening-With-Review"
ORDER = [
    *("customerInformation", "bankStatements", "financialStatements", "externalCreditReport", "internalExposure"),
    *("aml", "matchlist", "fraud", "ongoingLoans", "paymentHistory", "finalDecision"),
]
STEPS = {
    **{"customerInformation": "CUSTOMER_INFORMATION", "bankStatements": "BANK_STATEMENTS", "aml": "AML"},
    **{"financialStatements": "FINANCIAL_STATEMENTS", "externalCreditReport": "EXTERNAL_CREDIT_REPORT"},
    **{"internalExposure": "INTERNAL_EXPOSURE", "matchlist": "BLOCKLIST", "fraud": "FRAUD", "rejected": "NOTIFICATION"},
    **{"ongoingLoans": "ONGOING_LOANS", "paymentHistory": "PAYMENT_HISTORY", "finalDecision": "FINAL_DECISION"},
}


class Screening:
    """Answers what is asked in its order; the steps in `instead` by the error named for them, as often as given."""

    def __init__(self, alone: Alone, instead: Mapping[str, list[str]] | None = None) -> None:
        self.alone = alone
        self.instead = {step: list(errors) for step, errors in (instead or {}).items()}
        self.asked: list[str] = []
        self.requests: dict[str, CheckRequested] = {}
        self._answered: set[str] = set()

    async def run(self, *events: Event, until: str = "") -> None:
        """Until nobody asks anything more, or `until` is asked."""
        await self.alone.take(*events)
        for _ in range(40):
            waiting = [one for one in self._open() if one[1] != until]
            if not waiting:
                await self.alone.pass_time(timedelta(seconds=30))
                waiting = [one for one in self._open() if one[1] != until]
            if not waiting:
                return
            for check, step, request in waiting:
                await self.alone.take(self._answer(check, step, request))

    def _open(self) -> list[tuple[str, str, CheckRequested]]:
        found = []
        for check in ("prescreening", "aml", "matchlist", "notification"):
            for request in self.alone.requests(check):
                step = request.settings.get("check", "rejected" if check == "notification" else check)
                if request.task.token not in self._answered:
                    found.append((check, step, request))
        return found

    def _answer(self, check: str, step: str, request: CheckRequested) -> Event:
        self._answered.add(request.task.token)
        self.asked.append(step)
        self.requests[step] = request
        errors = self.instead.get(step, [])
        if not errors:
            return answer(request, check, outcome(STEPS[step], "PASS"))
        error = errors.pop(0)
        return answer(request, check, outcome(STEPS[step], "FAIL" if error == FAILED else "ERROR"), error)


FAILED, OUTAGE = "Prescreening.Failed", "Check.SourceUnavailable"


@pytest.fixture
async def screening(alone: Alone) -> Alone:
    """The workflows of pre-screening, as they ship."""
    async with alone.engine.begin() as connection:
        for workflow in shipped():
            await publish(connection, workflow, NOON)
    return alone


def ended(alone: Alone) -> tuple[str, list[str]]:
    """The last state told, and the names of the states that were left."""
    chapters = alone.chapters()
    assert {one.workflowExecutionId for one in chapters} == {EXECUTION}
    types = [one for chapter in chapters for one in chapter.history]
    return chapters[-1].state.value, [one.type for one in types]


@pytest.mark.parametrize("workflow", [AS_PUBLISHED, RECOMMENDED])
async def test_an_application_goes_through_every_check_and_each_is_told_of_it(screening: Alone, workflow: str) -> None:
    applied = application()
    run = Screening(screening)
    await run.run(submitted(applied, workflowName=workflow))
    assert sorted(run.asked) == sorted(ORDER)
    assert run.asked[:5] == ORDER[:5]
    assert run.asked[-1] == "finalDecision"
    assert all(request.application == applied for request in run.requests.values())
    decided = [one.stepName for one in run.requests["finalDecision"].evidence]
    assert sorted(decided) == sorted(STEPS[step] for step in ORDER[:-1])
    assert ended(screening)[0] == "SUCCEEDED"


@pytest.mark.parametrize("workflow", [AS_PUBLISHED, RECOMMENDED])
@pytest.mark.parametrize("step", [step for step in ORDER if step not in ("aml", "matchlist")])
async def test_what_fails_ends_it_there_and_the_outside_service_is_told(
    screening: Alone, workflow: str, step: str
) -> None:
    run = Screening(screening, {step: [FAILED]})
    await run.run(submitted(application(), workflowName=workflow))
    assert run.asked[-1] == "rejected"
    later = ORDER[ORDER.index(step) + 1 :]
    assert not set(run.asked) & set(later) - {"paymentHistory"}
    told = run.requests["rejected"].settings
    assert (told["purpose"], told["outcome"], told["error"]) == ("rejection", "REJECTED", FAILED)
    assert told["cause"] == "it is down"
    assert run.requests["rejected"].application == application()


async def test_loans_and_payment_history_are_asked_at_the_same_time(screening: Alone) -> None:
    run = Screening(screening)
    await run.run(submitted(application()), until="paymentHistory")
    history = [one for chapter in screening.chapters() for one in chapter.history]
    asked = [one.id for one in history if one.type == "TaskScheduled" and "ongoingLoans" in one.details]
    beside = [one.id for one in history if one.type == "TaskScheduled" and "paymentHistory" in one.details]
    answered = [one.id for one in history if one.type == "TaskSucceeded" and "ONGOING_LOANS" in one.details]
    assert len(asked) == len(beside) == len(answered) == 1
    assert max(asked[0], beside[0]) < answered[0]


async def test_an_outage_is_a_rejection_as_it_was_published(screening: Alone) -> None:
    run = Screening(screening, {"bankStatements": [OUTAGE]})
    await run.run(submitted(application(), workflowName=AS_PUBLISHED))
    assert run.asked == ["customerInformation", "bankStatements", "rejected"]
    assert run.requests["rejected"].settings["error"] == OUTAGE


async def test_an_outage_is_tried_again_and_then_told_to_the_final_decision(screening: Alone) -> None:
    run = Screening(screening, {"bankStatements": [OUTAGE, OUTAGE], "paymentHistory": [OUTAGE] * 5})
    await run.run(submitted(application()))
    assert run.asked.count("bankStatements") == 3
    assert run.asked[-1] == "finalDecision"
    assert "rejected" not in run.asked
    evidence = {one.stepName: one.result.value for one in run.requests["finalDecision"].evidence}
    assert (evidence["BANK_STATEMENTS"], evidence["PAYMENT_HISTORY"]) == ("PASS", "ERROR")


async def test_an_application_that_is_sent_again_is_the_same_execution(screening: Alone) -> None:
    run = Screening(screening)
    await run.run(submitted(application()), submitted(application()))
    await run.run(submitted(application()))
    assert len(run.asked) == len(ORDER)
    assert [row.status for row in await screening.rows("SELECT status FROM executions")] == ["SUCCEEDED"]
    assert screening.sent("dlq.orchestration") == []


async def test_another_application_under_its_id_is_refused(screening: Alone) -> None:
    await screening.take(submitted(application()), submitted(application(amount="26000.00")))
    await screening.take(submitted(application(), entity="p2"))
    assert reasons(screening) == ["ANOTHER_APPLICATION"] * 2
    assert len(screening.requests("prescreening")) == 1


async def test_a_redriven_execution_asks_anew_about_the_application(screening: Alone) -> None:
    run = Screening(screening, {"finalDecision": ["Check.Failed"]})
    await run.run(submitted(application()))
    assert (ended(screening)[0], (await kept(screening))) == ("FAILED", [(None, None)])
    command = CommandRequested(
        commandId="command-1", customerId="c1", entityId="p1", workflowExecutionId=EXECUTION, individual=person(),
        command=ExecutionCommand.REDRIVE, application=application(), requestedBy="o", requestId="r", requestedAt=NOON,
    )  # fmt: skip
    await run.run(event(command, "command.requested", source="results"))
    assert run.asked[-2:] == ["finalDecision", "finalDecision"]
    assert run.requests["finalDecision"].application == application()
    assert ended(screening)[0] == "SUCCEEDED"


async def kept(alone: Alone) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await alone.rows("SELECT individual, application FROM executions")]


async def test_figures_travel_with_the_workflow_only_where_there_are_some(screening: Alone) -> None:
    await screening.take(submitted(application()))
    (request,) = screening.requests("prescreening")
    await screening.take(answer(request, "prescreening", outcome("CUSTOMER_INFORMATION", "PASS")))
    (told,) = [
        one.details for chapter in screening.chapters() for one in chapter.history if one.type == "TaskSucceeded"
    ]
    assert "measures" not in told
    assert StepOutcome.model_validate(outcome("A", "PASS").model_dump(exclude={"measures"})).measures == []
