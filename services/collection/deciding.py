"""What a change of a case does to a collection, and what is told when an applicant goes on: pure, `now` is given."""

from datetime import datetime

from libs.events.codec import encode
from libs.events.message import Event, Message, derived_id
from libs.events.models import CaseChanged, CollectionProgressed, CollectionSubmitted, EntityOnboarded
from libs.events.record import Record
from services.collection import submission
from services.collection.collected import (
    APPROVED,
    ASKED,
    CLOSED,
    REJECTED,
    SELF_IMAGE,
    SUBMITTED,
    Collected,
)
from services.collection.machine import Step
from services.collection.policy import Policy

SOURCE = "collection"
FINAL = "final"
DECISIONS = {"APPROVED": APPROVED, "REJECTED": REJECTED}


def learn(one: Collected, change: CaseChanged) -> bool:
    """Take in a change of the case that the submission led to; false where it is of another one, or known already."""
    if change.requestId != one.collection_id or (one.case_id == change.caseId and change.sequence <= one.case_sequence):
        return False
    one.case_id, one.case_sequence = change.caseId, change.sequence
    if change.kind == "DECIDED" and change.decision in DECISIONS:
        _decided(one, change)
    elif change.kind == "RESUBMISSION_ASKED":
        _asked(one, change)
    elif change.kind == "CLOSED" and one.status not in DECISIONS.values():
        one.status, one.message, one.asked, one.due_at, one.state = CLOSED, change.message, [], None, FINAL
    return True


def _decided(one: Collected, change: CaseChanged) -> None:
    one.status, one.message, one.asked, one.due_at = DECISIONS[change.decision or ""], change.message, [], None
    one.state = FINAL


def _asked(one: Collected, change: CaseChanged) -> None:
    """A new round, with the documents that are asked for; what was given earlier stays."""
    one.status, one.message, one.due_at, one.state = ASKED, change.message, change.dueAt, FINAL
    one.round = max(one.round, change.round) + 1
    one.asked = [{"type": asked.type, "reason": asked.reason} for asked in change.documents]
    countries = {document["type"]: document["country"] for document in one.documents}
    for asked in change.documents:
        if asked.type != SELF_IMAGE and all(chosen["type"] != asked.type for chosen in one.chosen):
            country = asked.country or countries.get(asked.type) or one.details["nationality"]
            one.documents.append({"type": asked.type, "country": country, "round": one.round})


def submit(one: Collected) -> None:
    """The round is complete: nothing can be changed from now on."""
    one.status, one.message, one.asked, one.due_at = SUBMITTED, None, [], None
    one.entity_version += 1


def told(one: Collected, policy: Policy, step: Step, workflow: str, now: datetime) -> list[Message]:
    """What the workflow is told of a step, after it: a submit state left, a round submitted."""
    found: list[Message] = []
    if step.told:
        found.append(_message(one, "collection.progressed", _progressed(one, policy, step, now), now))
    if step.entered == FINAL and one.status == SUBMITTED:
        if one.round == 1:
            found.append(_message(one, "entity.onboarded", _onboarded(one, policy, workflow), now))
        else:
            found.append(_message(one, "collection.submitted", _submitted(one, policy, now), now))
    return found


def _message(one: Collected, topic: str, data: Record, now: datetime) -> Message:
    id = derived_id(one.collection_id, SOURCE, topic, one.round, one.version)
    return encode(Event(id, topic, SOURCE, now, f"{one.customer_id}:{one.entity_id}", data))


def _progressed(one: Collected, policy: Policy, step: Step, now: datetime) -> CollectionProgressed:
    return CollectionProgressed(
        customerId=one.customer_id,
        entityId=one.entity_id,
        collectionId=one.collection_id,
        round=one.round,
        left=step.left,
        entered=step.entered,
        documents=submission.documents(one, policy, one.round),
        progressedAt=now,
    )


def _onboarded(one: Collected, policy: Policy, workflow: str) -> EntityOnboarded:
    return EntityOnboarded(
        customerId=one.customer_id,
        entityId=one.entity_id,
        entityVersion=one.entity_version,
        individual=submission.person(one, policy),
        workflowName=workflow,
        requestId=one.collection_id,
        requestedBy=SOURCE,
    )


def _submitted(one: Collected, policy: Policy, now: datetime) -> CollectionSubmitted:
    return CollectionSubmitted(
        customerId=one.customer_id,
        entityId=one.entity_id,
        entityVersion=one.entity_version,
        collectionId=one.collection_id,
        round=one.round,
        caseId=one.case_id or "",
        individual=submission.person(one, policy),
        documents=submission.documents(one, policy, one.round),
        submittedAt=now,
    )
