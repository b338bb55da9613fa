import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.events.models import RiskLevel, StepOutcome, StepResultCode
from services.decision.agent import load
from services.decision.contract import AT_BEST_REVIEW, STATUSES, issue_problem
from services.decision.rules import OPEN, answer
from services.decision.table import InvalidPolicy
from tests.services.decision.factory import CLEAN, NOW, edited, evidence, outcome, policy, request, risk

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
    (outcome("KYC", "PASS"), ("PASS", "all-clear", "DECISION")),
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


@pytest.mark.parametrize("step", ["AML", "DUPLICATE"])
def test_a_hit_that_is_counted_as_unresolved_is_open_whatever_the_result_says(step: str) -> None:
    cleared = outcome(step, "CLEARED").model_copy(update={"counts": {"totalUnresolved": 1}})
    assert ruling(decide(evidence(cleared))) == ("REVIEW", "open-step", step)


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_the_contract_can_be_given(status: str) -> None:
    lenient = policy(edited(lambda rows: rows[-2].update(status=f"'{status}'")))
    decided = answer(request(evidence()), lenient, NOW).outcome
    assert ruling(decided) == (status, "all-clear", "DECISION")


given_rows = st.lists(
    st.tuples(
        st.sampled_from(["aml", "kyc", "dup", "risk", "failed"]),
        st.sampled_from(["", "'HIT'", "'CLEAR'", "'MATCH'", "'LOW'", "len($) > 0", "not in ['ERROR']"]),
        st.sampled_from(STATUSES),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(made=given_rows, last=st.sampled_from(STATUSES), whole=st.lists(outcomes, max_size=9))
def test_no_table_lets_anybody_pass_while_anything_is_open(
    made: list[tuple[str, str, str]], last: str, whole: list[StepOutcome]
) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        empty = dict.fromkeys(rows[0], "")
        rows[:] = [
            *(
                empty | {"_id": f"r{n}", column: cell, "status": f"'{status}'"}
                for n, (column, cell, status) in enumerate(made)
            ),
            empty | {"_id": "last", "status": f"'{last}'"},
        ]

    try:
        table = policy(edited(edit))
    except InvalidPolicy:
        return
    status, _, _ = ruling(answer(request(whole), table, NOW).outcome)
    if any(one.result in OPEN for one in whole):
        assert status in AT_BEST_REVIEW


def test_the_rows_that_applied_and_what_they_saw_are_told() -> None:
    decided = decide(evidence(outcome("AML", "HIT"), risk("HIGH"))).decision
    assert decided is not None
    assert (decided.rule, decided.rows) == ("aml-hit", ["aml-hit", "risk-high"])
    saw = json.loads(decided.input)
    assert (saw["results"]["AML"], saw["riskLevel"], saw["failed"]) == ("HIT", "HIGH", [])


def test_what_was_relied_on_is_told_with_hashes() -> None:
    def hashes(given_evidence: list[StepOutcome]) -> dict[str, str]:
        return {one.id: one.sha256 for one in answer(request(given_evidence), LOADED["onboarding"], NOW).references}

    one, other = hashes(evidence()), hashes(evidence(outcome("AML", "HIT")))
    assert one.keys() == {"decision-policy/onboarding", "individual", "evidence"}
    assert [name for name in one if one[name] != other[name]] == ["evidence"]


def test_issues_are_those_of_the_row_and_of_what_could_not_be_asked() -> None:
    raising = policy(edited(lambda rows: rows[12].update(issues="['EXPIRY/DOCUMENT_COMPARISON/WARNING']")))
    decided = answer(request(evidence(outcome("IDV", "EXPIRED"), outcome("KYC", "ERROR"))), raising, NOW).outcome
    assert [(one.category, one.issue, one.severity) for one in decided.issues] == [
        ("EXPIRY", "DOCUMENT_COMPARISON", "WARNING"),
        ("SYSTEM", "SERVICE_ERROR", "ERROR"),
    ]


@given(st.lists(outcomes, max_size=9))
def test_issues_are_in_the_words_of_the_contract(given_evidence: list[StepOutcome]) -> None:
    for one in decide(given_evidence).issues:
        assert issue_problem(one.category, one.issue, one.severity) is None
