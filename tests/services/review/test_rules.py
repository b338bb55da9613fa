"""What may be done to a case, by whom, and what follows."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import ExecutionState, StepResult, WorkflowProgressed
from services.review import rules
from services.review.case import APPROVED, REJECTED, Case
from services.review.rules import Actor, Hits, Refused, Told
from tests.factory import NOON
from tests.services.review.factory import BLURRED, actor, opened, policy, requested, submitted

NO_HITS = Hits()


def decide(case: Case, what: str = APPROVED, reason: str | None = None, hits: Hits = NO_HITS, by: str = "ana") -> Told:
    return rules.decide(case, actor(case, by), policy(), what, reason, None, None, hits)


def test_an_answer_tells_who_decided_in_which_round_and_by_which_policy() -> None:
    case = opened()
    told = decide(case, hits=Hits({"hit-1": "FALSE_POSITIVE"}))
    assert told.answer is not None
    assert told.answer.result is not None
    outcome = told.answer.result.outcome
    assert outcome.decision is not None
    assert (outcome.result, outcome.decision.status) == ("PASS", "APPROVED")
    assert '"by":"ana"' in outcome.decision.input
    assert '"hits":{"hit-1":"FALSE_POSITIVE"}' in outcome.decision.input
    assert outcome.decision.policy == policy().version
    assert (case.status, told.change.sequence, told.change.changedBy) == ("DECIDED", 2, "ana")


@pytest.mark.parametrize(
    ("what", "reason", "hits", "refusal"),
    [
        (APPROVED, None, Hits(open=1), "OPEN_HITS"),
        (REJECTED, None, Hits(), "UNKNOWN_REASON"),
        (REJECTED, "BLURRED", Hits(), "UNKNOWN_REASON"),
        ("PASS", None, Hits(), "UNKNOWN_DECISION"),
    ],
)
def test_what_the_policy_does_not_allow_is_refused_and_changes_nothing(
    what: str, reason: str | None, hits: Hits, refusal: str
) -> None:
    case = opened()
    before = case.model_copy(deep=True)
    with pytest.raises(Refused) as refused:
        decide(case, what, reason, hits)
    assert refused.value.reason == refusal
    assert case == before


@pytest.mark.parametrize(("risk", "hits"), [("HIGH", Hits()), ("LOW", Hits({"h": "TRUE_POSITIVE_ACCEPT"}))])
def test_a_second_person_agrees_where_the_policy_asks_for_one(risk: str, hits: Hits) -> None:
    case = opened(risk)
    proposed = decide(case, hits=hits)
    assert (proposed.answer, case.status) == (None, "AWAITING_SECOND")
    with pytest.raises(Refused) as refused:
        rules.confirm(case, actor(case), policy(), hits)
    assert refused.value.reason == "SAME_PERSON"
    told = rules.confirm(case, actor(case, "sue"), policy(), hits)
    assert told.answer is not None
    assert told.answer.result is not None
    decision = told.answer.result.outcome.decision
    assert decision is not None
    assert '"secondBy":"sue"' in decision.input
    assert told.detail["proposedBy"] == "ana"


def test_who_does_not_agree_gives_the_case_back_to_its_proposer() -> None:
    case = opened("HIGH")
    decide(case)
    told = rules.refuse(case, actor(case, "sue"), "look at the selfie")
    assert (case.status, case.assignee, told.answer) == ("OPEN", "ana", None)


def test_of_what_is_given_again_only_the_round_that_was_asked_for_counts() -> None:
    case = opened()
    with pytest.raises(Refused) as refused:
        rules.resubmitted(case, submitted(case), policy(), NOON)
    assert refused.value.reason == "NOT_OPEN"
    asked = rules.ask_again(case, actor(case), policy(), [BLURRED], None)
    assert asked.change.message == policy().resubmit_reasons["BLURRED"]
    with pytest.raises(Refused) as refused:
        rules.resubmitted(case, submitted(case, 3), policy(), NOON)
    assert refused.value.reason == "OTHER_ROUND"
    told = rules.resubmitted(case, submitted(case), policy(), NOON)
    assert told.answer is not None
    assert told.answer.entityVersion == 2
    with pytest.raises(Refused) as refused:
        decide(case)
    assert refused.value.reason == "BEING_CHECKED"
    assert rules.asked_again(case, requested("execution-1.9.mac"), policy(), NOON) is not None
    assert decide(case).change.round == 2


def test_a_request_that_is_sent_again_is_none() -> None:
    case = opened()
    assert rules.asked_again(case, requested(), policy(), NOON) is None


@pytest.mark.parametrize(("asked", "outcome"), [(False, "REVIEW"), (True, "INCOMPLETE")])
def test_silence_comes_to_what_the_policy_says_of_who_is_silent(asked: bool, outcome: str) -> None:
    case = opened()
    if asked:
        rules.ask_again(case, actor(case), policy(), [BLURRED], None)
    assert rules.time_has_come(case, policy(), NOON) is None
    reminded = rules.time_has_come(case, policy(), NOON + timedelta(hours=100))
    assert reminded is not None
    assert reminded.change.kind == "REMINDED"
    told = rules.time_has_come(case, policy(), NOON + timedelta(days=30))
    assert told is not None
    assert (told.change.decision, case.wakes_at) == (outcome, None)


def test_an_end_closes_a_case_unless_its_decision_was_taken_in() -> None:
    late, counted = opened(), opened()
    assert decide(counted).answer is not None
    answer = decide(late).answer
    assert answer is not None
    assert answer.result is not None
    assert rules.taken_in(counted, chapter(answer.result)) is True
    assert rules.ended(counted, NOON) is None
    told = rules.ended(late, NOON)
    assert told is not None
    assert (told.change.status, told.detail) == ("CLOSED", {"late": "APPROVED"})
    assert rules.ended(late, NOON) is None


def chapter(result: StepResult) -> WorkflowProgressed:
    return WorkflowProgressed(
        customerId="c1", entityId="p1", entityVersion=1, workflowExecutionId="execution-1", requestId="r1", sequence=9,
        accepted=[result], state=ExecutionState.RUNNING, occurredAt=NOON,
    )  # fmt: skip


DEEDS: list[Any] = [
    lambda case, who: rules.assign(case, who, who.by),
    lambda case, who: rules.ask_again(case, who, policy(), [BLURRED], None),
    lambda case, who: rules.decide(case, who, policy(), APPROVED, None, None, None, Hits()),
    lambda case, who: rules.decide(case, who, policy(), REJECTED, "NOT_ELIGIBLE", None, None, Hits()),
    lambda case, who: rules.confirm(case, who, policy(), Hits()),
    lambda case, who: rules.refuse(case, who, None),
    lambda case, who: rules.resubmitted(case, submitted(case, case.round + 1), policy(), NOON),
    lambda case, who: rules.ended(case, NOON),
]


@given(
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(["ana", "sue"]), st.integers(0, 9)), max_size=12),
    risk=st.sampled_from([None, "HIGH"]),
)
def test_whatever_is_done_a_task_is_answered_once_and_each_change_has_its_number(deeds: Any, risk: str | None) -> None:
    case = opened(risk)
    answered, sequence = [], case.sequence
    for deed, by, seen in deeds:
        before = case.model_copy(deep=True)
        try:
            told = deed(case, Actor(by, NOON, seen))
        except Refused:
            assert case == before
            continue
        if told is None:
            continue
        sequence += 1
        assert (case.sequence, told.change.sequence) == (sequence, sequence)
        answered += [told.answer.task.token] if told.answer is not None else []
    assert len(answered) == len(set(answered))
