"""Recorded answers decided again by other rule sets."""

import pytest

from libs.events.models import (
    CheckRequested,
    Finding,
    Individual,
    Name,
    ProcessResultCode,
    ProviderResult,
    StepOutcome,
    StepResult,
    StepResultCode,
    Task,
)
from services.kyc.agent import RULESETS, again
from tests.factory import NOON

SHIPPED = RULESETS.read_text()
ONE = SHIPPED.replace('defaultRuleSet: "2+2"', 'defaultRuleSet: "1+1"')
TASK = Task(token="t", customerId="c", entityId="e", workflowExecutionId="x", requestId="r", stepName="KYC")
REQUEST = CheckRequested(task=TASK, individual=Individual(name=Name(familyName="Citizen")))
MATCH, PARTIAL, NO_MATCH = (ProcessResultCode(word) for word in ("MATCH", "PARTIAL_MATCH", "NO_MATCH"))


def recorded(result: str, *found: tuple[str, str, ProcessResultCode]) -> StepResult:
    """An answer with what was found: (source, thing, result)."""
    findings = [
        Finding(
            processResultId=f"{source}/{thing}",
            processClass="KYC",
            objectType=thing,
            result=code,
            provider=ProviderResult(name="p", source=source, sourceNormalized=source),
        )
        for source, thing, code in found
    ]
    outcome = StepOutcome(stepName="KYC", result=StepResultCode(result))
    return StepResult(outcome=outcome, findings=findings, startedAt=NOON, endedAt=NOON)


ROLL = [("au-elec-roll", "NAME", MATCH), ("au-elec-roll", "ADDRESS", MATCH)]
# Two sources of one credit bureau count once.
HEADERS = [
    (source, thing, MATCH)
    for source in ("au-credit-header", "au-credit-consumer")
    for thing in ("NAME", "DATE_OF_BIRTH")
]


@pytest.mark.parametrize(
    ("text", "answer", "result"),
    [
        (SHIPPED, recorded("PARTIAL", *ROLL), "PARTIAL"),
        (ONE, recorded("PARTIAL", *ROLL), "MATCH"),
        (SHIPPED, recorded("PARTIAL", *HEADERS), "PARTIAL"),
        (ONE, recorded("PARTIAL", *HEADERS), "MATCH"),
        (SHIPPED, recorded("MATCH", *ROLL, *HEADERS), "MATCH"),
        (ONE, recorded("NO_MATCH", ("au-elec-roll", "NAME", MATCH)), "NO_MATCH"),
        (ONE, recorded("PARTIAL", ("au-elec-roll", "NAME", MATCH), ("au-elec-roll", "ADDRESS", PARTIAL)), "PARTIAL"),
        (SHIPPED, recorded("MATCH", *ROLL), "PARTIAL"),
        (ONE, recorded("MISSING_DATA"), "MISSING_DATA"),
    ],
)
def test_the_result_is_that_of_the_rules_given(text: str, answer: StepResult, result: str) -> None:
    decided = again(text)(REQUEST, answer)
    assert decided.outcome.result == result
    if result == answer.outcome.result:
        assert decided is answer
    else:
        assert [one.value for one in decided.outcome.riskFactors] == [result]
        assert decided.outcome.reasons[0].code == ("KYC_VERIFIED" if result == "MATCH" else "KYC_NOT_VERIFIED")
