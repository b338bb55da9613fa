"""Machines written for AWS: the pre-screening of another account runs here as it was exported."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from libs.asl import Event, Execution, Machine, ScheduleTask, TaskSucceeded
from libs.asl.checker import check
from libs.asl.integration import answer_to, call_of
from libs.asl.simulation import BEGIN, Asked, Run, simulate
from libs.asl.step import start
from libs.events.catalogue import checks
from libs.events.models import CheckCompleted, StepOutcome, StepResult, Task
from services.orchestration.definitions import shipped_resources
from services.orchestration.kept import Kept
from services.orchestration.resources import BadTable, Resources
from services.orchestration.rules import BadTask, answer_of, check_of, request_of
from tests.factory import person, requested
from tests.services.orchestration.conftest import Alone, answer, outcome

EXPORTED = json.loads(Path(__file__).with_name("prescreening.asl.json").read_text())
MACHINE = Machine.load(EXPORTED)
TABLE = shipped_resources()
STEPS = {
    **{"kyc": ("KYC", "MATCH"), "idv": ("IDV", "PASS"), "duplicates": ("DUPLICATE", "CLEAR"), "aml": ("AML", "CLEAR")},
    **{"matchlist": ("BLOCKLIST", "CLEAR"), "risk": ("RISK", "COMPLETE"), "decision": ("DECISION", "PASS")},
}
KEPT = Kept(
    "c1",
    "p1",
    1,
    "r1",
    "",
    start(MACHINE, execution_id="e1", input={}, now=BEGIN).execution,
    person().model_dump_json(),
)


class Screening:
    """The checks, each giving its outcome or the result or error named for it; a list is used up first."""

    def __init__(self, **instead: list[str]) -> None:
        self.instead = instead
        self.asked: list[str] = []
        self.evidence: dict[str, list[str]] = {}
        self.run: Run = simulate(MACHINE, {"customerId": "c1"}, self._answer)

    @property
    def execution(self) -> Execution:
        return self.run.execution

    def _answer(self, effect: Asked) -> Iterator[Event]:
        assert isinstance(effect, ScheduleTask)
        call = call_of(effect.resource, effect.parameters)
        row = TABLE.row(call)
        if row is not None and row.check is None:
            yield TaskSucceeded(effect.task_id, answer_to(effect.resource, row.answer))
            return
        name = check_of(effect, checks(), row)
        request = request_of(KEPT, effect, "token", row)
        self.asked.append(name)
        self.evidence[name] = [one.stepName for one in request.evidence]
        yield answer_of(effect.task_id, self._completed(name, request.task), call, TABLE)

    def _completed(self, name: str, task: Task) -> CheckCompleted:
        step, result = STEPS[name]
        if self.instead.get(name):
            result = self.instead[name].pop(0)
        if result.startswith("Check."):
            return CheckCompleted(task=task, error=result, cause="it is down")
        found = StepResult(outcome=outcome(step, result), startedAt=BEGIN, endedAt=BEGIN)
        return CheckCompleted(task=task, result=found)


def test_the_exported_machine_has_no_problems() -> None:
    found = check(EXPORTED)
    assert (found.problems, found.warnings) == ((), ())


def test_each_function_asks_its_check_and_the_decision_has_all_the_evidence() -> None:
    screening = Screening()
    assert screening.execution.status == "SUCCEEDED"
    assert screening.asked == ["kyc", "idv", "duplicates", "aml", "matchlist", "risk", "decision"]
    assert screening.evidence["decision"] == ["KYC", "IDV", "DUPLICATE", "AML", "BLOCKLIST", "RISK"]
    assert StepOutcome.model_validate(screening.execution.output).stepName == "DECISION"


@pytest.mark.parametrize(
    ("name", "result", "entered"),
    [
        ("kyc", "NO_MATCH", ["ValidateCustomerInformation", "Reject"]),
        ("idv", "FAIL", ["ValidateCustomerInformation", "ValidateIdentityDocument", "Reject"]),
        ("matchlist", "HIT", ["ParallelValidation", "CheckInternalExposure", "AssessRisk", "Reject"]),
        ("decision", "FAIL", ["FinalDecision", "Reject"]),
    ],
)
def test_a_result_that_the_machine_expects_as_an_error_takes_the_reject_path(
    name: str, result: str, entered: list[str]
) -> None:
    screening = Screening(**{name: [result]})
    assert screening.run.states_entered[-len(entered) :] == entered
    assert screening.execution.status == "SUCCEEDED"
    assert screening.execution.output["posted"] == {"posted": True}
    assert screening.execution.output["rejection"]["Error"] in ("ValidationFailed", "CustomerRejected")


def test_an_outage_has_the_name_that_the_machine_retries_and_is_no_rejection() -> None:
    down = "Check.SourceUnavailable"
    assert Screening(aml=[down]).asked.count("aml") == 2
    screening = Screening(aml=[down] * 9)
    assert screening.run.states_entered[-1] == "ManualReview"
    assert screening.execution.output["failure"]["Error"] == "Lambda.ServiceException"


def test_a_function_that_stands_in_no_row_names_no_check() -> None:
    effect = ScheduleTask(1, "Ask", "arn:aws:states:::lambda:invoke", {"FunctionName": "horoscope"}, 0, None)
    with pytest.raises(BadTask, match=r'States.Ask: "Resource" names no check \(horoscope\)'):
        check_of(effect, checks(), TABLE.row(call_of(effect.resource, effect.parameters)))


def test_every_row_of_the_table_asks_a_check_that_there_is() -> None:
    assert {row.check for row in TABLE.rows} <= {*checks(), None}


@pytest.mark.parametrize(
    "more", [{}, {"check": "kyc", "answer": 1}, {"check": "kyc", "resource": "r"}, {"check": "kyc", "chek": 1}]
)
def test_a_row_that_cannot_be_understood_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(BadTable, match=r"resources\[0\]"):
        Resources.load({"resources": [{"function": "f", **more}], "errors": {}, "machines": {}})


def test_a_machine_that_is_no_workflow_of_a_service_is_refused() -> None:
    with pytest.raises(BadTable, match=r"machines\.screen: SERVICE/WORKFLOW is needed, not Screening"):
        Resources.load({"resources": [], "errors": {}, "machines": {"screen": "Screening"}})


async def test_orchestration_runs_it_from_its_events_alone(alone: Alone) -> None:
    await alone.define("Prescreening", EXPORTED["States"])
    await alone.take(requested("Prescreening"))
    for name, (step, result) in STEPS.items():
        await alone.take(answer(alone.requests(name)[-1], name, outcome(step, result)))
    last = alone.chapters()[-1]
    assert (last.state, json.loads(last.output or "{}")["stepName"]) == ("SUCCEEDED", "DECISION")
    assert alone.requests("decision")[0].settings == {"policy": "onboarding"}


async def test_orchestration_rejects_without_asking_anybody(alone: Alone) -> None:
    await alone.define("Prescreening", EXPORTED["States"])
    await alone.take(requested("Prescreening"))
    await alone.take(answer(alone.requests("kyc")[0], "kyc", outcome("KYC", "NO_MATCH")))
    last = alone.chapters()[-1]
    assert last.state == "SUCCEEDED"
    assert [result.outcome.stepName for result in last.accepted] == ["KYC"]
