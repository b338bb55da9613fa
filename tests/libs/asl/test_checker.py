"""What the checker says beyond loading."""

import json
from typing import Any

import pytest

from libs.asl.checker import check
from tests.libs.asl.factory import END, branch, state, task


def definition(**states: Any) -> dict[str, Any]:
    return branch(**states)


def problems(**states: Any) -> list[str]:
    return [str(problem) for problem in check(definition(**states)).problems]


def warnings(**states: Any) -> list[str]:
    return [str(warning) for warning in check(definition(**states)).warnings]


def catch(target: str, *errors: str) -> list[dict[str, Any]]:
    return [{"ErrorEquals": list(errors or ["States.ALL"]), "Next": target}]


def test_a_next_that_leaves_its_branch_is_named_as_that() -> None:
    inside = branch(Loans=task(Catch=catch("Reject", "Refused")))
    found = problems(Both=state("Parallel", Branches=[inside], Next="Reject"), Reject=END)
    assert found == [
        'States.Both.Branches[0].States.Loans.Catch[0]: "Next" leaves its branch: "Reject" stands outside, in the '
        "outermost machine; let the state around the branch catch and go there"
    ]


def test_a_next_into_a_branch_is_named_as_that() -> None:
    found = problems(A=state("Pass", Next="B"), Both=state("Parallel", Branches=[branch(B=END)]))
    assert 'States.A: "Next" leaves its machine: "B" stands inside States.Both.Branches[0]' in found


def test_a_next_into_the_branch_beside_is_named_as_that() -> None:
    found = problems(Both=state("Parallel", Branches=[branch(A=state("Pass", Next="B")), branch(B=END)]))
    assert found == [
        'States.Both.Branches[0].States.A: "Next" leaves its branch: "B" stands in States.Both.Branches[1]'
    ]


def test_a_start_outside_is_named_as_that() -> None:
    inside = {"StartAt": "A", "States": {"B": END}}
    found = problems(A=state("Parallel", Branches=[inside]))
    assert 'States.A.Branches[0]: "StartAt" names no state here ("A" stands outside, in the outermost machine)' in found


def test_a_loop_with_no_way_out_is_a_problem() -> None:
    found = problems(A=state("Pass", Next="B"), B=state("Wait", Seconds=1, Next="C"), C=state("Pass", Next="B"))
    assert found == ["States.B: a loop with no way out: B → C → B"]


def test_a_loop_inside_a_branch_is_found() -> None:
    found = problems(Both=state("Parallel", Branches=[branch(A=state("Pass", Next="A"))]))
    assert found == ["States.Both.Branches[0].States.A: a loop with no way out: A → A"]


def test_a_loop_that_a_catch_leads_out_of_is_none() -> None:
    assert problems(A=task(Next="A", Catch=catch("B")), B=END) == []


REJECTED = '"States.ALL" catches outages too and leads only to "{}": who could not be checked is rejected'


@pytest.mark.parametrize(
    ("name", "rejecting"),
    [
        ("RejectPerson", END),
        ("Stop", {"Type": "Fail", "Error": "No"}),
        ("Post", task("arn:aws:lambda:us-east-1:111111111111:function:postRejectionData")),
        ("Post", task("arn:aws:states:::lambda:invoke", Parameters={"FunctionName": "declineLoan"})),
        ("Say", state("Pass", Result={"decision": {"status": "FAIL"}})),
    ],
)
def test_an_outage_that_leads_only_to_a_rejection_is_warned_of(name: str, rejecting: dict[str, Any]) -> None:
    found = warnings(A=task(Catch=catch("Note")), Note=state("Pass", Next=name), **{name: rejecting})
    assert found == [f"States.A.Catch[0]: {REJECTED.format(name)}"]


@pytest.mark.parametrize(
    "states",
    [
        {"A": task(Catch=catch("Review")), "Review": END},
        {"A": task(Catch=catch("Reject", "Refused")), "Reject": END},
        {"A": state("Parallel", Branches=[branch(B=END)], Catch=catch("Reject")), "Reject": END},
        {
            "A": task(Catch=catch("Which")),
            "Which": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.Error", "StringEquals": "Refused", "Next": "Reject"}],
                "Default": "Review",
            },
            "Reject": END,
            "Review": END,
        },
    ],
    ids=["to a review", "of its own error", "around no task", "where a choice decides"],
)
def test_a_catch_that_rejects_nobody_for_an_outage_is_not_warned_of(states: dict[str, Any]) -> None:
    assert warnings(**states) == []


def test_a_fail_inside_a_branch_is_left_to_the_state_around_it() -> None:
    stop = {"Type": "Fail", "Error": "No"}
    inside = branch(A=task(Catch=catch("Stop")), Stop=stop)
    assert len(warnings(Both=state("Parallel", Branches=[inside]))) == 1
    assert warnings(Both=state("Parallel", Branches=[inside], Catch=catch("Review")), Review=END) == []


def test_a_problem_of_loading_is_told_with_the_others() -> None:
    found = problems(A=state("Pass", Nxt="A", Next="A"))
    assert found == [
        'States.A: "Nxt" is not a field here; did you mean "Next"?',
        "States.A: a loop with no way out: A → A",
    ]


@pytest.mark.parametrize("text", ["7", "null", "[]", '{"States": []}', '{"StartAt": {}, "States": {"A": []}}'])
def test_no_document_is_too_odd_to_be_checked(text: str) -> None:
    assert check(json.loads(text)).problems
