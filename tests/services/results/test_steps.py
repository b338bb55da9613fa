"""What several runs of a step come to."""

import pytest

from services.results.steps import combined, grouped, runs


@pytest.mark.parametrize(
    ("step", "results", "expected"),
    [
        ("AML", ["HIT", "CLEAR"], "HIT"),
        ("AML", ["CLEAR", "HIT"], "HIT"),
        ("AML", ["CLEAR_REVIEW", "CLEAR"], "CLEAR_REVIEW"),
        ("AML", ["ERROR", "CLEAR"], "CLEAR"),
        ("AML", ["CLEAR", "ERROR"], "ERROR"),
        ("AML", ["HIT", "ERROR"], "HIT"),
        ("BLOCKLIST", ["INCOMPLETE"], "INCOMPLETE"),
        ("DUPLICATE", ["CLEAR", "CLEAR"], "CLEAR"),
        ("KYC", ["NO_MATCH", "MATCH"], "MATCH"),
        ("KYC", ["MATCH", "NO_MATCH"], "MATCH"),
        ("KYC", ["PARTIAL", "ERROR"], "PARTIAL"),
        ("KYC", ["NO_MATCH", "MISSING_DATA"], "MISSING_DATA"),
        ("KYC", ["ERROR", "ERROR"], "ERROR"),
        ("IDV", ["FAIL", "PASS"], "PASS"),
        ("DECISION", ["FAIL", "PASS"], "PASS"),
        ("RISK", ["COMPLETE", "ERROR"], "ERROR"),
    ],
)
def test_several_runs_have_one_result(step: str, results: list[str], expected: str) -> None:
    assert combined(step, results) == expected


def test_steps_stand_in_the_order_of_their_first_run() -> None:
    assert runs([("KYC", "NO_MATCH"), ("AML", "CLEAR"), ("KYC", "MATCH")]) == {"KYC": "MATCH", "AML": "CLEAR"}


def test_the_groups_of_the_contract() -> None:
    told = [("START", "COMPLETE"), ("KYC", "NO_MATCH"), ("IDV", "NOT_APPLICABLE"), ("AML", "INCOMPLETE")]
    assert grouped(told) == {
        "order": ["START", "KYC", "IDV", "AML"],
        "passed": ["START"],
        "failed": ["KYC"],
        "incomplete": ["AML"],
        "notApplicable": ["IDV"],
    }
