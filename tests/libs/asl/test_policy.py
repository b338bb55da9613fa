"""Whom a workflow can pass, and past which checks."""

from typing import Any

import pytest

from libs.asl.graph import read_graph
from libs.asl.policy import InvalidPolicy, Policy
from tests.libs.asl.factory import END, branch, state, task

PASSED = {"passes": [{"Resource": "decision"}], "never": [{"Result": {"result": "ERROR"}}]}
NEEDS_AML = Policy.load({**PASSED, "requires": {"AML": [{"Type": "Task", "Resource": "aml"}]}})
DECISION = task("decision")
NOTED = {"Result": {"stepName": "AML", "result": "ERROR"}}


def breaches(policy: Policy = NEEDS_AML, **states: Any) -> list[str]:
    return [str(problem) for problem in policy.breaches(read_graph(branch(**states)))]


def catch(target: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": ["States.ALL"], "Next": target}]


def choice(*targets: str) -> dict[str, Any]:
    *others, default = targets
    rules = [{"Variable": "$.a", "IsPresent": True, "Next": target} for target in others]
    return {"Type": "Choice", "Choices": rules, "Default": default}


def test_a_way_through_the_check_is_as_required() -> None:
    assert breaches(AML=task("aml", Next="Decide"), Decide=DECISION) == []


def test_a_way_around_the_check_is_printed() -> None:
    found = breaches(
        Known=choice("AML", "Skip"), AML=task("aml", Next="Decide"), Skip=state("Pass", Next="Decide"), Decide=DECISION
    )
    assert found == ["States.Decide: somebody can pass without AML: Known → Skip → Decide"]


def test_a_check_that_failed_was_not_gone_through() -> None:
    found = breaches(AML=task("aml", Catch=catch("Decide"), Next="Decide"), Decide=DECISION)
    assert found == ["States.Decide: somebody can pass without AML: AML fails → Decide"]


def test_nobody_passes_after_a_note_that_the_check_is_down() -> None:
    note = state("Pass", **NOTED, Next="Decide")
    assert breaches(AML=task("aml", Catch=catch("Note"), Next="Decide"), Note=note, Decide=DECISION) == []


def test_a_parallel_state_has_gone_through_what_one_of_its_branches_must() -> None:
    both = state("Parallel", Branches=[branch(KYC=task("kyc")), branch(AML=task("aml"))], Next="Decide")
    assert breaches(Both=both, Decide=DECISION) == []


def test_the_way_through_a_parallel_state_tells_of_the_branch_that_matters() -> None:
    around = branch(Known=choice("AML", "Skip"), AML=task("aml"), Skip=END)
    both = state("Parallel", Branches=[branch(KYC=task("kyc")), around], Next="Decide")
    found = breaches(Both=both, Decide=DECISION)
    assert found == ["States.Decide: somebody can pass without AML: Both (Known → Skip) → Decide"]


def test_a_parallel_state_that_fails_may_not_have_gone_through_anything() -> None:
    both = state("Parallel", Branches=[branch(AML=task("aml"))], Catch=catch("Decide"), Next="Decide")
    assert breaches(Both=both, Decide=DECISION) == ["States.Decide: somebody can pass without AML: Both fails → Decide"]


def test_a_map_may_have_no_items() -> None:
    each = state("Map", ItemProcessor=branch(AML=task("aml")), Next="Decide")
    assert breaches(Each=each, Decide=DECISION) == ["States.Decide: somebody can pass without AML: Each → Decide"]


def test_a_pass_inside_a_branch_is_found() -> None:
    both = state("Parallel", Branches=[branch(Decide=DECISION)])
    assert breaches(First=state("Pass", Next="Both"), Both=both) == [
        "States.Both.Branches[0].States.Decide: somebody can pass without AML: First → Both: Decide"
    ]


def test_a_branch_that_fails_lets_nobody_through() -> None:
    around = branch(Known=choice("AML", "Stop"), AML=task("aml"), Stop={"Type": "Fail"})
    assert breaches(Both=state("Parallel", Branches=[around], Next="Decide"), Decide=DECISION) == []


def test_the_passing_state_can_be_what_is_required() -> None:
    by_policy = {"Resource": "decision", "Parameters": {"settings": {"policy": "strict"}}}
    strict = Policy.load({**PASSED, "requires": {"the strict policy": [by_policy]}})
    assert breaches(strict, Decide=task("decision", Parameters={"settings": {"policy": "strict", "n": 1}})) == []
    assert breaches(strict, Decide=DECISION) == ["States.Decide: somebody can pass without the strict policy: Decide"]


def test_a_star_in_a_pattern_stands_for_anything() -> None:
    any_aml = Policy.load({**PASSED, "requires": {"AML": [{"Resource": "arn:*:function:aml*"}]}})
    aml = task("arn:aws:lambda:us-east-1:111111111111:function:amlScreening", Next="Decide")
    assert breaches(any_aml, AML=aml, Decide=DECISION) == []


def test_a_policy_that_fits_no_state_is_told_of() -> None:
    assert breaches(A=END) == ["the policy applies to nothing here: no state can pass anybody"]


@pytest.mark.parametrize(
    "document",
    [
        7,
        {},
        {"requires": {}},
        {"passes": [{}], "requires": {}},
        {**PASSED, "requires": {"AML": {}}},
        {**PASSED, "requires": {}, "pass": []},
    ],
)
def test_what_is_no_policy_is_refused(document: Any) -> None:
    with pytest.raises(InvalidPolicy):
        Policy.load(document)
