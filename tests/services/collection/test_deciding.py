"""What a change of a case does to a collection, and what is told of a step."""

from typing import Any

import pytest

from libs.events.codec import decode
from libs.events.models import CaseChanged, DocumentAsked
from services.collection import policy
from services.collection.collected import APPROVED, ASKED, CLOSED, COLLECTING, REJECTED, SUBMITTED, Collected
from services.collection.deciding import learn, submit, told
from services.collection.machine import Step
from tests.factory import NOON
from tests.services.collection.factory import PASSPORT, complete, picture

POLICY = policy.load()
SUBMITTING = Step("selfie_review", "final", "final", False)


def changed(sequence: int, kind: str, **more: Any) -> CaseChanged:
    given: dict[str, Any] = {"requestId": "collection-1", "caseId": "case-1", "round": 1, "status": "OPEN", **more}
    return CaseChanged(
        changeId=f"change-{sequence}",
        customerId="acme",
        entityId="p-1",
        workflowExecutionId="execution-1",
        sequence=sequence,
        kind=kind,
        changedBy="ana",
        changedAt=NOON,
        **given,
    )


def submitted(**more: Any) -> Collected:
    return complete(**{"status": SUBMITTED, "state": "final", "entity_version": 1, **more})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (changed(2, "DECIDED", decision="APPROVED"), APPROVED),
        (changed(2, "DECIDED", decision="REJECTED", message="No."), REJECTED),
        (changed(2, "CLOSED"), CLOSED),
        (changed(1, "OPENED"), SUBMITTED),
    ],
)
def test_a_decision_is_the_applicants_status(change: CaseChanged, status: str) -> None:
    one = submitted()
    assert learn(one, change)
    assert (one.status, one.message, one.state) == (status, change.message, "final")


def test_an_older_change_and_one_of_another_request_change_nothing() -> None:
    one = submitted(case_id="case-1", case_sequence=3)
    assert not learn(one, changed(3, "DECIDED", decision="APPROVED"))
    assert not learn(one, changed(4, "DECIDED", decision="APPROVED", requestId="somebody's"))
    assert one.status == SUBMITTED


def test_what_is_asked_again_begins_a_round_and_the_earlier_pictures_stay() -> None:
    one = submitted()
    asked = [
        DocumentAsked(type="PASSPORT", reason="BLURRED"), DocumentAsked(type="SELF_IMAGE", reason="DARK"),
    ]  # fmt: skip
    assert learn(one, changed(2, "RESUBMISSION_ASKED", documents=asked, message="Again, please."))
    assert (one.status, one.round, one.message) == (ASKED, 2, "Again, please.")
    assert one.chosen == [{"type": "PASSPORT", "country": "AUS", "round": 2}]
    assert [picture.round for picture in one.pictures] == [1, 1]
    assert not learn(one, changed(2, "RESUBMISSION_ASKED", documents=asked))
    assert one.round == 2


def test_the_first_round_is_an_onboarding() -> None:
    one = complete()
    submit(one)
    (message,) = told(one, POLICY, SUBMITTING, "Reviewed", NOON)
    event = decode(message)
    data: Any = event.data
    assert (event.topic, event.key, data.workflowName) == ("entity.onboarded", "acme:p-1", "Reviewed")
    assert [one.documentId for one in data.individual.documents] == ["passport-1", "self_image-1"]
    assert told(one, POLICY, SUBMITTING, "Reviewed", NOON)[0].headers == message.headers


def test_another_round_answers_the_case_with_every_document_the_new_ones_first() -> None:
    one = submitted(status=ASKED, round=2, case_id="case-1", documents=[PASSPORT, {**PASSPORT, "round": 2}])
    one.pictures.append(picture("passport-front", 2))
    submit(one)
    (message,) = told(one, POLICY, SUBMITTING, "Reviewed", NOON)
    data: Any = decode(message).data
    assert (data.caseId, data.round, data.entityVersion) == ("case-1", 2, 2)
    assert [one.documentId for one in data.individual.documents] == ["passport-2", "passport-1", "self_image-1"]
    assert [one.documentId for one in data.documents] == ["passport-2"]


def test_a_submit_state_that_is_left_is_told_without_personal_data() -> None:
    one = complete(documents=[{"type": "PASSPORT", "country": "AUS", "round": 1}])
    (message,) = told(one, POLICY, Step("document_photo", "document_review", None, True), "Reviewed", NOON)
    data: Any = decode(message).data
    assert (data.left, data.entered, one.status) == ("document_photo", "document_review", COLLECTING)
    (attachment,) = data.documents[0].attachments
    assert (attachment.sha256, attachment.side) == ("a" * 64, "FRONT")
