"""Policies of reviews: what is wrong with one is told with its place."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from services.review.policies import SHIPPED, InvalidPolicy, read_policies, read_policy

TEXT = (SHIPPED / "onboarding.yaml").read_text()


def test_the_policy_that_ships_reminds_before_it_decides_and_approves_nobody_by_silence() -> None:
    shipped = read_policies()["onboarding"]
    assert (shipped.reviewer.remind_after, shipped.reviewer.due_after) == (timedelta(days=2), timedelta(days=10))
    assert {shipped.reviewer.outcome, shipped.applicant.outcome} == {"REVIEW", "INCOMPLETE"}
    assert shipped.version.startswith("review/onboarding@")


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (("reviewer", "outcome"), "APPROVED", "reviewer.outcome: one of REVIEW, REJECTED, INCOMPLETE"),
        (("applicant", "dueAfter"), 1, "applicant: remindAfter and dueAfter are hours, the first before the second"),
        (("openHits",), "ignore", "openHits: refuse or allow"),
        (("secondPerson", "approve", "riskLevels"), ["HUGE"], "secondPerson.approve.riskLevels: a list of HIGH, LOW"),
        (("secondPerson", "reject"), None, "secondPerson.reject: riskLevels and acceptedHits"),
        (("reject",), {}, "reject: reasons with a text for each are needed"),
    ],
)
def test_a_problem_is_told_with_its_place(place: tuple[str, ...], value: Any, problem: str) -> None:
    document = yaml.safe_load(TEXT)
    at = document
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    with pytest.raises(InvalidPolicy) as invalid:
        read_policy("strict", yaml.safe_dump(document))
    assert str(invalid.value).startswith(f"strict: {problem}")
