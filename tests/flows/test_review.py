"""An execution that waits for a reviewer: approved, rejected, asked again, decided twice, stopped, forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError

from libs.asl import Machine
from libs.events.message import Event, Message
from libs.events.models import (
    Attachment,
    CaseChanged,
    CollectionSubmitted,
    Document,
    DocumentAsked,
    ExecutionCommand,
    Individual,
)
from libs.streaming.memory import MemoryProducer
from services.orchestration.definitions import publish, shipped
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens
from services.review import rules
from services.review.case import APPROVED, REJECTED, Case
from services.review.desk import By, Desk
from services.review.policies import read_policies
from services.review.rules import Actor, Hits, Refused
from services.review.service import Review
from tests.factory import event, onboarded
from tests.flows.system import System, execution_of
from tests.flows.test_commands import commanded
from tests.flows.test_onboarding import LISTED, STRANGER, outcome, steps

REVIEWED = "Individual-Onboarding-Reviewed"
PASSPORT = Document(documentId="d1", type="PASSPORT", country="AUS", primaryIdentifier="N1234567")


def desk(system: System) -> Desk:
    """Where the reviewers of a system work."""
    return Desk(system.engines["review"], system.broker.producer(), read_policies(), system.clock)


async def begun(system: System, individual: Individual = STRANGER, entity: str = "p1") -> tuple[Event, Case]:
    """An onboarding that has come to its reviewer, and the case."""
    start = onboarded(entity, individual=individual, workflowName=REVIEWED)
    await system.publish(start)
    await system.settle()
    return start, await case_of(system, start)


async def case_of(system: System, start: Event) -> Case:
    """The case of an onboarding."""
    (row,) = await system.query(
        "review", "SELECT document::text AS document FROM cases WHERE execution_id = :id", id=execution_of(start)
    )
    return Case.model_validate_json(row.document)


def decision(what: str, reason: str | None = None) -> Any:
    """Approve or reject."""

    def deed(case: Case, actor: Actor, policy: Any, hits: Hits) -> rules.Told:
        return rules.decide(case, actor, policy, what, reason, None, None, hits)

    return deed


def asking_again(*documents: DocumentAsked) -> Any:
    def deed(case: Case, actor: Actor, policy: Any, hits: Hits) -> rules.Told:
        return rules.ask_again(case, actor, policy, documents, None)

    return deed


async def decide(system: System, case: Case, what: str, reason: str | None = None, by: str = "ana") -> Case:
    key = case.customer_id, case.case_id
    decided = await desk(system).do(key, By(by), case.sequence, "DECIDE", decision(what, reason))
    await system.settle()
    return decided


async def told(system: System) -> list[tuple[str, str, int]]:
    """What was told of cases: kind, status and round, in order."""
    found = [one for one in system.sent("case.changed") if isinstance(one, CaseChanged)]
    return [(one.kind, one.status, one.round) for one in sorted(found, key=lambda one: one.sequence)]


@pytest.mark.parametrize(("what", "reason"), [(APPROVED, None), (REJECTED, "NOT_ELIGIBLE")])
async def test_a_decision_ends_the_execution_with_its_status(system: System, what: str, reason: str | None) -> None:
    start, case = await begun(system)
    assert (await outcome(system, start))[0] == "IN_PROGRESS"
    await decide(system, case, what, reason)
    assert await outcome(system, start) == ("COMPLETED", what, what)
    assert steps(system, start)["MANUAL_REVIEW"] == {"APPROVED": "PASS", "REJECTED": "FAIL"}[what]
    assert await told(system) == [("OPENED", "OPEN", 1), ("DECIDED", "DECIDED", 1)]


async def test_an_onboarding_that_names_no_workflow_waits_for_nobody(system: System) -> None:
    start = onboarded("p1", individual=STRANGER)
    await system.publish(start)
    await system.settle()
    assert (await outcome(system, start))[0] == "COMPLETED"
    assert await system.query("review", "SELECT 1 FROM chapters") == []


async def test_of_two_decisions_on_one_state_one_counts_and_the_other_is_told(system: System) -> None:
    start, case = await begun(system)
    await decide(system, case, REJECTED, "NOT_ELIGIBLE")
    with pytest.raises(Refused) as refused:
        await decide(system, case, APPROVED, by="ben")
    assert refused.value.reason == "STALE"
    assert (await outcome(system, start))[1] == REJECTED
    audited = await system.query("review", "SELECT username, details->>'refused' FROM staff_audit ORDER BY number")
    assert [tuple(one) for one in audited] == [("ana", None), ("ben", "STALE")]


async def test_what_is_given_again_goes_round_and_the_earlier_pictures_stay(system: System) -> None:
    start, case = await begun(system, STRANGER.model_copy(update={"documents": [PASSPORT]}))
    asked = DocumentAsked(documentId="d1", type="PASSPORT", country="AUS", reason="BLURRED")
    key = case.customer_id, case.case_id
    await desk(system).do(key, By("ana"), case.sequence, "ASK", asking_again(asked))
    await system.settle()
    assert (await outcome(system, start))[0] == "IN_PROGRESS"

    again = Document(
        documentId="d2", type="PASSPORT", country="AUS", primaryIdentifier="N7654321",
        attachments=[Attachment(sha256="ab" * 32, mediaType="image/jpeg", size=5)],
    )  # fmt: skip
    individual = STRANGER.model_copy(update={"documents": [again, PASSPORT]})
    submitted = CollectionSubmitted(
        customerId="c1", entityId="p1", entityVersion=2, collectionId="k1", round=2, caseId=case.case_id,
        individual=individual, documents=[again], submittedAt=system.now,
    )  # fmt: skip
    await system.publish(event(submitted, "collection.submitted"), event(submitted, "collection.submitted"))
    await system.settle()
    assert await told(system) == [
        ("OPENED", "OPEN", 1),
        ("RESUBMISSION_ASKED", "AWAITING_APPLICANT", 1),
        ("RESUBMITTED", "OPEN", 2),
        ("OPENED", "OPEN", 2),
    ]
    assert [one.documents for one in system.requests("idv")] == [[PASSPORT], [again, PASSPORT]]
    rounds = await system.query("review", "SELECT individual->'documents'->0->>'documentId' AS id FROM rounds")
    assert sorted(row.id for row in rounds) == ["d1", "d2"]
    dead = await system.query("review", "SELECT count(*) AS many FROM outbox WHERE topic = 'dlq.review'")
    assert dead[0].many == 1, "the second submission for the round is told, not lost"
    person = await system.query("results", "SELECT entity_version FROM projection.individuals")
    assert [row.entity_version for row in person] == [2]

    await decide(system, await case_of(system, start), APPROVED)
    assert await outcome(system, start) == ("COMPLETED", APPROVED, APPROVED)


async def test_after_the_workflow_was_stopped_a_decision_changes_nothing_and_says_so(system: System) -> None:
    start, case = await begun(system)
    await system.publish(commanded(system, start, ExecutionCommand.STOP))
    await system.settle(without=["review"])
    late = await decide(system, case, APPROVED)
    assert late.status == "DECIDED"
    assert (await outcome(system, start))[0] == "CANCELED"
    assert (await told(system))[-1] == ("CLOSED", "CLOSED", 1)
    (change,) = await system.query("review", "SELECT detail->>'late' AS late FROM changes WHERE kind = 'CLOSED'")
    assert change.late == APPROVED
    with pytest.raises(Refused) as refused:
        await decide(system, await case_of(system, start), APPROVED)
    assert refused.value.reason == "NOT_OPEN"


async def test_silence_is_reminded_of_and_then_comes_to_what_the_policy_says(system: System) -> None:
    start, _ = await begun(system)
    await system.pass_time(timedelta(hours=49))
    assert (await told(system))[-1] == ("REMINDED", "OPEN", 1)
    await system.pass_time(timedelta(hours=200))
    assert (await told(system))[-1] == ("DECIDED", "DECIDED", 1)
    assert await outcome(system, start) == ("COMPLETED", "REVIEW", "REVIEW")


async def test_where_review_itself_is_silent_the_workflow_ends_by_its_own_time(system: System) -> None:
    start, _ = await begun(system)
    asked = len(system.sent("review.requested"))
    await system.pass_time(timedelta(days=46), without=["review"])
    assert (await outcome(system, start))[0] == "COMPLETED"
    assert len(system.sent("review.requested")) - asked < 110, "sent again with growing pauses, for weeks"
    await system.settle()
    assert (await told(system))[-1] == ("CLOSED", "CLOSED", 1)


async def test_a_case_waits_through_a_restart_and_another_version_of_the_workflow(system: System) -> None:
    start, case = await begun(system)
    (reviewed,) = [one for one in shipped() if one.workflow_name == REVIEWED]
    newer = Machine.load({**reviewed.machine.definition, "Comment": "Another version."})
    async with system.engines["orchestration"].begin() as connection:
        await publish(connection, replace(reviewed, machine=newer), system.now)
    await system.restart(Orchestration(Tokens(b"secret")), Review(read_policies()))
    await decide(system, case, APPROVED)
    assert await outcome(system, start) == ("COMPLETED", APPROVED, APPROVED)


class Away(MemoryProducer):
    """A broker that nobody reaches."""

    async def send(self, messages: Sequence[Message]) -> list[Message]:
        raise KafkaConnectionError


async def test_a_decision_made_while_the_broker_is_away_counts_and_is_told_later(system: System) -> None:
    start, case = await begun(system)
    away = replace(desk(system), producer=Away(system.broker))
    await away.do((case.customer_id, case.case_id), By("ana"), case.sequence, "DECIDE", decision(APPROVED))
    await system.settle()
    assert (await outcome(system, start))[0] == "IN_PROGRESS"
    system.now += timedelta(seconds=10)
    await system.settle()
    assert (await outcome(system, start))[1] == APPROVED


async def test_nobody_is_approved_while_a_sanctions_hit_is_open(system: System) -> None:
    start, case = await begun(system, LISTED)
    with pytest.raises(Refused) as refused:
        await decide(system, case, APPROVED)
    assert refused.value.reason == "OPEN_HITS"
    await decide(system, case, REJECTED, "NOT_ELIGIBLE")
    assert (await outcome(system, start))[1] == REJECTED
