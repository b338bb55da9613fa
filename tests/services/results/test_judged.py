"""Evidence as people have resolved it."""

import json
from typing import Any

import pytest

from libs.events.models import Issue, RiskFactorValue, StepOutcome, StepResultCode
from services.results.judged import as_resolved, evidence

AML = StepOutcome(
    stepName="AML",
    result=StepResultCode.HIT,
    issues=[Issue(category="AML", issue="SANCTION", severity="REVIEW")],
    riskFactors=[
        RiskFactorValue(factor="has_sanctions", value="true"),
        RiskFactorValue(factor="num_sanctions", value="2"),
        RiskFactorValue(factor="pep_level", value="1"),
    ],
    counts={"totalHits": 2, "totalUnresolved": 2},
)


def hit(status: str | None, factor: str = "has_sanctions", value: str = "true") -> dict[str, Any]:
    return {
        "result": "HIT", "manualStatus": status, "systemStatus": "VALID", "updatedAt": "2026-03-01T00:00:00Z",
        "riskFactors": [{"factor": factor, "value": value}],
    }  # fmt: skip


def factors(outcome: StepOutcome) -> dict[str, str]:
    return {one.factor: one.value for one in outcome.riskFactors}


def test_what_nobody_said_anything_of_is_as_it_was() -> None:
    assert as_resolved(AML, None, [hit(None)]) is AML


@pytest.mark.parametrize(
    ("result", "said", "expected", "issues"),
    [
        ("CLEARED", ["FALSE_POSITIVE", "FALSE_POSITIVE"], ("false", "0"), 0),
        ("HIT_ACCEPTED", ["FALSE_POSITIVE", "TRUE_POSITIVE_ACCEPT"], ("true", "1"), 0),
        ("HIT_REJECTED", ["TRUE_POSITIVE_REJECT", "TRUE_POSITIVE_ACCEPT"], ("true", "2"), 1),
    ],
)
def test_hits_that_were_false_are_no_factors_any_more(
    result: str, said: list[str], expected: tuple[str, str], issues: int
) -> None:
    told = as_resolved(AML, result, [hit(status) for status in said])
    assert told.result == result
    assert (factors(told)["has_sanctions"], factors(told)["num_sanctions"], factors(told)["pep_level"]) == (
        *expected,
        "1",
    )
    assert (told.counts["totalUnresolved"], len(told.issues)) == (0, issues)


def test_of_a_customers_lists_the_gravest_that_stands_counts() -> None:
    listed = StepOutcome(stepName="BLOCKLIST", result=StepResultCode.HIT, counts={"totalMatches": 2})
    said = [("FALSE_POSITIVE", "BLOCK"), ("UNKNOWN_ACCEPT", "ALERT")]
    hits = [
        hit(status, "on_matchlist_internal", action)
        | {"supplementaryData": {"matchlistId": action, "matchlistName": action, "matchlistAction": action}}
        for status, action in said
    ]
    assert factors(as_resolved(listed, "HIT_ACCEPTED", hits)) == {"on_matchlist_internal": "ALERT"}


def test_the_evidence_is_what_the_last_judgement_was_given() -> None:
    risk = StepOutcome(stepName="RISK", result=StepResultCode.COMPLETE)
    given = [[AML], [AML, risk]]
    events = [
        {
            "type": "TaskScheduled",
            "details": json.dumps({"parameters": {"evidence": [one.model_dump(mode="json") for one in some]}}),
        }
        for some in given
    ]
    assert evidence([*events, {"type": "TaskScheduled", "details": '{"parameters": {"settings": {}}}'}]) == [AML]
    assert evidence([]) == []
