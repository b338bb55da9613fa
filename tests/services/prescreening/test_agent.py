from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from libs.events.models import CheckRequested, ProcessResultCode, StepResult, StepResultCode
from libs.streaming.check import CheckFailed
from services.prescreening.agent import POLICIES, check_with, load
from services.prescreening.part import Means, Part, nothing
from services.prescreening.parts import PARTS
from services.prescreening.policy import Policy
from services.prescreening.rules import FAIL, PASS, Judged, Verdict, at_most, told
from tests.factory import NOON, application, asked


def modest(request: CheckRequested, gathered: None, policy: Policy, now: datetime) -> Verdict:
    """No more than the policy's amount."""
    assert request.application is not None
    amount = Decimal(request.application.requestedAmount.amount)
    figure = at_most("amount", amount, Decimal(policy.document["most"]), "EUR")
    result, code = (PASS, "MODEST") if figure.passed else (FAIL, "TOO_MUCH")
    return Verdict(
        [Judged(result, code, f"{amount} EUR are asked for", "AMOUNT", (figure,))], [told("asked", amount, "EUR")]
    )


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    (tmp_path / "modest.yaml").write_text("version: 3\nmost: '30000'\n")
    return tmp_path


async def answer(policies: Path, settings: Mapping[str, str], **more: Any) -> StepResult:
    request = asked("prescreening", settings=dict(settings), **({"application": application()} | more)).data
    assert isinstance(request, CheckRequested)
    check = check_with(Means(), {"fraud": Part("modest", nothing, modest)}, policies)
    return await check.answer(request, NOON)


async def test_the_step_that_the_settings_name_tells_its_figures_and_what_would_have_passed(policies: Path) -> None:
    result = await answer(policies, {"check": "fraud"})
    assert (result.outcome.stepName, result.outcome.result) == ("FRAUD", StepResultCode.PASS)
    ((figure,),) = [one.measures for one in result.findings]
    assert [(one.name, one.value) for one in result.outcome.measures] == [("asked", "25000.00")]
    assert (figure.value, figure.unit, figure.wouldPass, figure.passed) == ("25000.00", "EUR", "at most 30000", True)
    assert [(one.result, one.objectType) for one in result.findings] == [(ProcessResultCode.MATCH, "AMOUNT")]
    assert [(one.id, one.version) for one in result.references] == [("prescreening/modest", "3")]


async def test_a_failure_is_an_error_with_the_outcome_as_its_cause_and_the_result_as_evidence(policies: Path) -> None:
    with pytest.raises(CheckFailed) as raised:
        await answer(policies, {"check": "fraud"}, application=application(amount="30000.01"))
    assert raised.value.error == "Prescreening.Failed"
    told = orjson.loads(raised.value.cause)
    assert (told["stepName"], told["result"], told["reasons"][0]["code"]) == ("FRAUD", "FAIL", "TOO_MUCH")
    found = raised.value.found
    assert found is not None
    assert [(one.value, one.passed) for one in found.findings[0].measures] == [("30000.01", False)]
    decision = found.outcome.decision
    assert decision is not None
    assert (decision.status, decision.rule, decision.policy) == ("FAIL", "TOO_MUCH", "prescreening/modest")
    assert [(one.issue, one.severity) for one in found.outcome.issues] == [("TOO_MUCH", "BLOCK")]


async def test_what_the_settings_do_not_name_as_raised_is_an_answer(policies: Path) -> None:
    dear = application(amount="30000.01")
    result = await answer(policies, {"check": "fraud", "raises": "UNCHECKED"}, application=dear)
    assert result.outcome.result is StepResultCode.FAIL


async def test_no_step_and_no_application_are_errors_of_the_workflow(policies: Path) -> None:
    with pytest.raises(CheckFailed, match="no step 'fraudulence'; there are fraud"):
        await answer(policies, {"check": "fraudulence"})
    with pytest.raises(CheckFailed, match="about no application"):
        await answer(policies, {"check": "fraud"}, application=None)


def test_a_mistake_in_a_policy_is_told_with_its_file_and_place(tmp_path: Path) -> None:
    (tmp_path / "fraud.yaml").write_text((POLICIES / "fraud.yaml").read_text().replace("WATCHLIST_HIT", "SEEN"))
    with pytest.raises(ValueError, match=r'fraud\.yaml: rows\.0\.code: "SEEN" is no code of the reasons'):
        load(tmp_path / "fraud.yaml", PARTS["fraud"].read)
