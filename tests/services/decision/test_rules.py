import json

import pytest
import zen
from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import RiskLevel, StepOutcome, StepResultCode
from services.decision.agent import POLICIES, load
from services.decision.policy import Policy
from services.decision.rules import OPEN, answer
from tests.services.decision.factory import CLEAN, NOW, evidence, outcome, request, risk

LOADED = load()


def decide(given: list[StepOutcome], policy: str = "onboarding") -> StepOutcome:
    return answer(request(given), LOADED[policy], NOW).outcome


def ruling(decided: StepOutcome) -> tuple[str, str, str]:
    """Status, row and the step named first."""
    assert decided.decision is not None
    return decided.decision.status.value, decided.decision.rule, decided.reasons[0].message.partition(":")[0]


ROWS = [
    (outcome("BLOCKLIST", "HIT", "BLOCK"), ("FAIL", "matchlist-block", "BLOCKLIST")),
    (outcome("BLOCKLIST", "HIT", "REVIEW"), ("REVIEW", "matchlist-review", "BLOCKLIST")),
    (outcome("BLOCKLIST", "HIT", "ALERT"), ("REVIEW", "matchlist-review", "BLOCKLIST")),
    (outcome("BLOCKLIST", "HIT"), ("REVIEW", "matchlist-review", "BLOCKLIST")),
    (outcome("BLOCKLIST", "CLEAR", "ALLOW"), ("PASS", "all-clear", "DECISION")),
    (outcome("IDV", "FAIL"), ("FAIL", "idv-fail", "IDV")),
    (outcome("IDV", "EXPIRED"), ("REVIEW", "idv-expired", "IDV")),
    (outcome("IDV", "PARTIAL"), ("REVIEW", "idv-partial", "IDV")),
    (outcome("IDV", "MISSING_DATA"), ("REVIEW", "idv-partial", "IDV")),
    (outcome("IDV", "NOT_APPLICABLE"), ("PASS", "all-clear", "DECISION")),
    (outcome("KYC", "NO_MATCH"), ("FAIL", "kyc-no-match", "KYC")),
    (outcome("KYC", "PARTIAL"), ("REVIEW", "kyc-partial", "KYC")),
    (outcome("KYC", "MISSING_DATA"), ("REVIEW", "kyc-partial", "KYC")),
    (outcome("AML", "HIT"), ("REVIEW", "aml-hit", "AML")),
    (outcome("AML", "MISSING_DATA"), ("REVIEW", "aml-incomplete", "AML")),
    (outcome("AML", "CLEARED"), ("PASS", "all-clear", "DECISION")),
    (outcome("AML", "HIT_REJECTED"), ("FAIL", "aml-rejected", "AML")),
    (outcome("DUPLICATE", "HIT"), ("REVIEW", "duplicate-likely", "DUPLICATE")),
    (risk("UNACCEPTABLE"), ("FAIL", "risk-unacceptable", "RISK")),
    (risk("HIGH"), ("REVIEW", "risk-high", "RISK")),
    (risk("MEDIUM"), ("PASS", "all-clear", "DECISION")),
    (risk("UNKNOWN"), ("REVIEW", "risk-unknown", "RISK")),
    (outcome("KYC", "NOT_APPLICABLE"), ("REVIEW", "no-row", "DECISION")),
]


@pytest.mark.parametrize(
    ("changed", "expected"), ROWS, ids=lambda value: value[1] if isinstance(value, tuple) else None
)
def test_each_row_of_the_policy(changed: StepOutcome, expected: tuple[str, str, str]) -> None:
    assert ruling(decide(evidence(changed))) == expected


@pytest.mark.parametrize("step", [*CLEAN, "RISK"])
def test_a_source_that_was_down_is_reviewed(step: str) -> None:
    assert ruling(decide(evidence(outcome(step, "ERROR"))))[::2] == ("REVIEW", step)


@pytest.mark.parametrize("step", [*CLEAN, "RISK"])
def test_a_required_step_that_is_absent_is_reviewed(step: str) -> None:
    decided = decide(evidence(without=step))
    assert ruling(decided) == ("REVIEW", "step-absent", step)
    assert decided.reasons[0].code == "STEP_ABSENT"


def test_the_results_of_the_step() -> None:
    assert decide(evidence()).result is StepResultCode.PASS
    assert decide(evidence(outcome("KYC", "NO_MATCH"))).result is StepResultCode.FAIL
    assert decide(evidence(outcome("AML", "HIT"))).result is StepResultCode.COMPLETE


def test_a_rejection_outweighs_a_review_and_both_are_told() -> None:
    decided = decide(evidence(outcome("AML", "HIT"), outcome("IDV", "FAIL")))
    assert ruling(decided) == ("FAIL", "idv-fail", "IDV")
    assert [reason.code for reason in decided.reasons] == ["IDV_FAIL", "AML_HIT"]


def test_the_gravest_of_several_outcomes_of_a_step_counts() -> None:
    both = [*evidence(), outcome("AML", "HIT")]
    assert ruling(decide(both)) == ruling(decide(both[::-1])) == ("REVIEW", "aml-hit", "AML")


def test_screening_alone_asks_for_nothing_else() -> None:
    assert ruling(decide([outcome("AML", "CLEAR")], "aml-only")) == ("PASS", "all-clear", "DECISION")
    assert ruling(decide([], "aml-only")) == ("REVIEW", "step-absent", "AML")


outcomes = st.one_of(
    st.builds(
        outcome,
        st.sampled_from([*CLEAN, "RISK", "FRAUD"]),
        st.sampled_from([code.value for code in StepResultCode]),
        st.sampled_from([None, "BLOCK", "REVIEW", "ALLOW", "ALERT", "NONE"]),
    ),
    st.builds(risk, st.sampled_from([level.value for level in RiskLevel])),
)


@given(given_evidence=st.lists(outcomes, max_size=9), clean=st.booleans(), policy=st.sampled_from(sorted(LOADED)))
def test_nobody_passes_while_anything_is_open(given_evidence: list[StepOutcome], clean: bool, policy: str) -> None:
    """No pass with an unresolved hit, a likely duplicate, a source that was down or a required step absent."""
    whole = evidence() * clean + given_evidence
    status, _, step = ruling(decide(whole, policy))
    results = {one.stepName for one in whole if one.result in OPEN}
    required = {"AML"} if policy == "aml-only" else {*CLEAN, "RISK"}
    if results or required - {one.stepName for one in whole}:
        assert status != "PASS"
    # The reason that comes first names the step that decided.
    assert step == "DECISION" or step in {*CLEAN, "RISK", "FRAUD"}


@given(st.lists(outcomes, max_size=9))
def test_deciding_twice_gives_the_same_answer(given_evidence: list[StepOutcome]) -> None:
    assert decide(given_evidence) == decide(given_evidence)


@pytest.mark.parametrize("open_step", [outcome("AML", "HIT"), outcome("KYC", "ERROR")])
def test_a_policy_that_lets_everybody_pass_is_not_obeyed(open_step: StepOutcome) -> None:
    document = json.loads((POLICIES / "aml-only.json").read_text())
    (table,) = (node for node in document["nodes"] if node["type"] == "decisionTableNode")
    rows = table["content"]["rules"]
    table["content"]["rules"] = [
        row | {"aml": "", "failed": "", "missing": ""} for row in rows if row["_id"] == "all-clear"
    ]
    lax = Policy("lax", json.dumps(document), zen.ZenEngine())
    decided = answer(request(evidence(open_step)), lax, NOW).outcome
    assert ruling(decided) == ("REVIEW", "open-step", open_step.stepName)


def test_a_table_that_stops_at_its_first_row_is_read_as_well() -> None:
    document = json.loads((POLICIES / "onboarding.json").read_text())
    (table,) = (node for node in document["nodes"] if node["type"] == "decisionTableNode")
    table["content"]["hitPolicy"] = "first"
    policy = Policy("first", json.dumps(document), zen.ZenEngine())
    decided = answer(request(evidence(outcome("AML", "HIT"), risk("HIGH"))), policy, NOW).outcome
    assert ruling(decided) == ("REVIEW", "aml-hit", "AML")
    assert decided.decision is not None
    assert decided.decision.policy.startswith("first@")
