import pytest

from libs.streaming.check import CheckFailed
from services.decision.agent import check
from tests.services.decision.factory import NOW, evidence, outcome, request


async def test_the_setting_picks_the_policy() -> None:
    decision = check()
    given = [outcome("AML", "CLEAR")]
    screened = (await decision.answer(request(given, policy="aml-only"), NOW)).outcome.decision
    onboarded = (await decision.answer(request(given), NOW)).outcome.decision
    assert screened is not None
    assert onboarded is not None
    assert (screened.status, onboarded.status) == ("PASS", "REVIEW")


async def test_a_policy_that_does_not_exist_is_an_error_of_the_workflow() -> None:
    with pytest.raises(CheckFailed, match="no policy 'gold'") as failed:
        await check().answer(request(evidence(), policy="gold"), NOW)
    assert failed.value.error == "Check.UnknownPolicy"
