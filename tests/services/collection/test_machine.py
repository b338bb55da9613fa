"""The statechart: its document, what each state leads to, and where an applicant goes on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.collection import policy
from services.collection.collected import ASKED, SUBMITTED, Collected
from services.collection.facts import FACTS, facts
from services.collection.machine import InvalidFlow, load, machine_of
from tests.services.collection.factory import DETAILS, PASSPORT, collected, complete, picture

MACHINE, POLICY = load(), policy.load()


def known(one: Collected) -> frozenset[str]:
    return facts(one, POLICY)


def way(one: Collected, state: str) -> list[str]:
    """The states that follow where each page is gone on from."""
    found = [state]
    while (step := MACHINE.step(found[-1], "next", known(one))) is not None:
        found.append(step.entered)
        if step.entered == "final":
            break
    return found


def test_the_shipped_chart_has_the_states_of_the_flow() -> None:
    assert MACHINE.states == (
        *("welcome", "personal_details", "document_selection", "document_photo", "document_review"),
        *("selfie", "selfie_review", "final"),
    )
    assert way(complete(), "welcome") == list(MACHINE.states)


def test_nothing_is_gone_on_from_before_it_is_done() -> None:
    assert way(collected(), "welcome") == ["welcome"]
    assert way(collected(consents=["GENERAL", "DOCS"]), "welcome") == ["welcome", "personal_details"]
    assert way(complete(pictures=[]), "welcome")[-1] == "document_photo"
    assert way(complete(documents=[{**PASSPORT, "number": ""}]), "welcome")[-1] == "document_review"
    assert way(complete(pictures=[picture("passport-front")]), "welcome")[-1] == "selfie"


@pytest.mark.parametrize(
    ("one", "kept", "resumed"),
    [
        (collected(), "welcome", "welcome"),
        (complete(), "document_selection", "document_selection"),
        (complete(), "document_review", "document_review"),
        (complete(pictures=[]), "document_review", "document_selection"),
        (complete(status=SUBMITTED), "final", "final"),
        (complete(status=SUBMITTED), "document_review", "final"),
    ],
)
def test_an_applicant_goes_on_where_a_restored_state_was_kept(one: Collected, kept: str, resumed: str) -> None:
    assert MACHINE.resumed(kept, known(one)) == resumed


def test_only_restored_states_are_kept_and_leaving_the_submit_state_is_told() -> None:
    steps = [MACHINE.step(state, "next", known(complete())) for state in MACHINE.states[:-1]]
    assert [step.kept for step in steps if step] == [
        *(None, "document_selection", None, "document_review", None, None, "final"),
    ]
    assert [step.left for step in steps if step and step.told] == ["document_photo"]


def test_what_is_asked_again_is_all_that_another_round_goes_through() -> None:
    again = complete(status=ASKED, round=2, documents=[PASSPORT, {**PASSPORT, "round": 2}])
    step = MACHINE.step("final", "resubmit", known(again))
    assert step is not None
    assert step.entered == "document_photo"
    again.pictures.append(picture("passport-front", 2))
    assert way(again, "document_photo") == ["document_photo", "document_review", "final"]
    assert not MACHINE.may_show("personal_details", known(again))

    selfie = complete(status=ASKED, round=2, asked=[{"type": "SELF_IMAGE", "reason": "DARK"}])
    step = MACHINE.step("final", "resubmit", known(selfie))
    assert step is not None
    assert step.entered == "selfie"
    selfie.pictures.append(picture("selfie", 2))
    assert way(selfie, "selfie") == ["selfie", "selfie_review", "final"]


def test_nothing_can_be_changed_once_it_is_submitted() -> None:
    shown = [state for state in MACHINE.states if MACHINE.may_show(state, known(complete(status=SUBMITTED)))]
    assert shown == ["final"]
    assert MACHINE.step("final", "resubmit", known(complete(status=SUBMITTED))) is None


@given(
    st.builds(
        complete,
        status=st.sampled_from(["COLLECTING", "SUBMITTED", "ASKED", "APPROVED", "REJECTED", "CLOSED"]),
        details=st.sampled_from([{}, DETAILS]),
        consents=st.sampled_from([[], ["GENERAL", "DOCS"]]),
        documents=st.sampled_from([[], [PASSPORT], [{**PASSPORT, "number": ""}]]),
        pictures=st.sampled_from([[], [picture("passport-front")], [picture("selfie")]]),
        round=st.integers(1, 3),
    ).filter(lambda one: one.status != "COLLECTING" or one.round == 1),
    st.sampled_from(MACHINE.states),
)
def test_whatever_was_given_there_is_a_page_to_go_on_with(one: Collected, kept: str) -> None:
    assert MACHINE.may_show(MACHINE.resumed(kept, known(one)), known(one))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"states": {}}, "initial: Field required"),
        ({"initial": "a", "states": {}}, "initial: a is none of "),
        ({"initial": "a", "states": {"a": {"needs": ["b"]}}}, "states.a.needs: b is none of "),
        ({"initial": "a", "states": {"a": {"events": {"go": [{"to": "b"}]}}}}, "states.a.events.go: b is none of a"),
        ({"initial": "a", "states": {"a": {"restore": True}}}, "states.a.restore: Extra inputs"),
    ],
)
def test_a_chart_that_is_wrong_is_refused_with_its_place(document: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidFlow) as refused:
        machine_of(document, FACTS)
    assert str(refused.value).startswith(problem)
