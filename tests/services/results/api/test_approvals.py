"""A second person's approval: who proposed it cannot confirm it, and until then nothing is said of the findings."""

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from libs.events.models import ExecutionState, FindingsAmended, Listing, ProcessResultCode, StepResultCode
from services.results.api import approval_policy, models
from services.results.api.approval_policy import PolicyError
from services.results.api.issuing import NewKey
from tests.services.results import factory
from tests.services.results.api.test_access import keyed
from tests.services.results.conftest import OTHER_CUSTOMER, Projection

ANA, BEN = {"X-Frankie-Username": "Ana"}, {"X-Frankie-Username": "ben"}
ACCEPT = "TRUE_POSITIVE_ACCEPT"


@pytest_asyncio.fixture
async def person(projection: Projection, api: httpx.AsyncClient) -> str:
    """A person nobody else asks about, with a hit on a sanctions list and one of the media."""
    id = f"e-{uuid.uuid4()}"
    begin = factory.onboarded(id)
    hits = [
        factory.finding(
            f"{kind}-{id}", processClass="AML", objectType="NAME", result=ProcessResultCode.HIT, listing=listed(topic)
        )
        for kind, topic in (("sanction", "sanction"), ("pep", "role.pep"))
    ]
    found = [factory.step("AML", StepResultCode.HIT, hits), factory.decision()]
    ended = factory.progressed(begin, 2, state=ExecutionState.SUCCEEDED)
    await projection.fold([begin, factory.progressed(begin, 1, accepted=found), ended])
    return id


def listed(topic: str) -> Listing:
    return Listing(listId="list", entryId="entry", name="A B", matchedName="A B", topics=[topic], score=0.9)


async def say(api: httpx.AsyncClient, person: str, what: str, status: str, who: dict[str, str]) -> httpx.Response:
    body = {"processResults": [f"{what}-{person}"], "manualStatus": status, "comment": {"text": "seen the passport"}}
    return await api.patch(f"/v2/individuals/{person}/results/aml", json=body, headers=who)


async def proposed(api: httpx.AsyncClient, person: str) -> str:
    response = await say(api, person, "sanction", ACCEPT, ANA)
    assert response.status_code == 202, response.text
    told = models.AmendmentAccepted.model_validate(response.json())
    assert told.approval is not None
    assert told.processResults is not None
    assert (told.approval.status, told.processResults[0].manualStatus) == ("PENDING", None)
    return told.approval.approvalId


async def read(api: httpx.AsyncClient, id: str) -> models.Approval:
    return models.ApprovalTold.model_validate((await api.get(f"/v2/approvals/{id}")).json()).approval


async def statuses(api: httpx.AsyncClient, person: str) -> dict[str, str | None]:
    told = models.ProcessResults.model_validate((await api.get(f"/v2/individuals/{person}/results")).json())
    return {one.processResultId.partition("-")[0]: one.manualStatus for one in told.processResults}


async def test_an_accepted_sanction_hit_waits_for_another_person(
    api: httpx.AsyncClient, projection: Projection, person: str
) -> None:
    id = await proposed(api, person)
    assert projection.published == []
    assert (await read(api, id)).proposedBy == "Ana"
    assert await statuses(api, person) == {"sanction": None, "pep": None}
    waiting = models.Approvals.model_validate((await api.get("/v2/approvals", params={"entityId": person})).json())
    assert [one.approvalId for one in waiting.approvals] == [id]

    response = await api.post(f"/v2/approvals/{id}/confirm", json={"comment": {"text": "agreed"}}, headers=BEN)

    assert response.status_code == 200, response.text
    (result,) = models.Resolved.model_validate(response.json()).processResults
    assert (result.manualStatus, result.updatedBy) == (ACCEPT, "Ana")
    (event,) = projection.published
    assert isinstance(event.data, FindingsAmended)
    assert (event.id, event.data.amendmentId, event.data.comment) == (id, id, "seen the passport")
    assert (event.data.amendedBy, event.data.approvedBy) == ("Ana", "ben")
    now = await read(api, id)
    assert (now.status, now.decidedBy, now.decisionComment) == ("CONFIRMED", "ben", {"text": "agreed"})
    assert await statuses(api, person) == {"sanction": ACCEPT, "pep": None}


@pytest.mark.parametrize(
    ("what", "status"), [("sanction", "FALSE_POSITIVE"), ("sanction", "TRUE_POSITIVE_REJECT"), ("pep", ACCEPT)]
)
async def test_what_the_policy_does_not_name_is_applied_at_once(
    api: httpx.AsyncClient, person: str, what: str, status: str
) -> None:
    assert (await say(api, person, what, status, ANA)).status_code == 200
    assert (await statuses(api, person))[what] == status


@pytest.mark.parametrize("who", [ANA, {"X-Frankie-Username": "ANA"}])
async def test_the_same_person_is_refused(
    api: httpx.AsyncClient, projection: Projection, person: str, who: dict[str, str]
) -> None:
    id = await proposed(api, person)
    response = await api.post(f"/v2/approvals/{id}/confirm", headers=who)
    assert (response.status_code, models.Error.model_validate(response.json()).errorCode) == (403, "FORBIDDEN")
    assert (projection.published, (await read(api, id)).status) == ([], "PENDING")


async def test_nobody_proposes_or_confirms_without_a_name(api: httpx.AsyncClient, person: str) -> None:
    id = await proposed(api, person)
    unnamed = {"X-Frankie-Username": ""}
    for response in (
        await say(api, person, "sanction", ACCEPT, unnamed),
        await api.post(f"/v2/approvals/{id}/confirm", headers=unnamed),
    ):
        assert response.status_code == 400
        assert response.json()["details"][0]["issueLocation"] == "header.X-Frankie-Username"


async def test_an_analyst_proposes_and_a_supervisor_confirms(
    api: httpx.AsyncClient, projection: Projection, person: str
) -> None:
    id = await proposed(api, person)
    analyst, supervisor = [
        await keyed(projection.engine, NewKey("c1", [role], username=role)) for role in ("analyst", "supervisor")
    ]
    own = {"X-Frankie-Username": ""}
    path = f"/v2/approvals/{id}/confirm"
    answers = [await api.post(path, headers={**own, **headers}) for headers in (analyst, OTHER_CUSTOMER, supervisor)]
    assert [one.status_code for one in answers] == [403, 404, 200]
    assert (await read(api, id)).decidedBy == "supervisor"


async def test_it_is_decided_once(api: httpx.AsyncClient, projection: Projection, person: str) -> None:
    id = await proposed(api, person)
    names = [{"X-Frankie-Username": name} for name in ("ben", "cleo", "dora")]
    answers = await asyncio.gather(*(api.post(f"/v2/approvals/{id}/confirm", headers=who) for who in names))
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    assert (await api.post(f"/v2/approvals/{id}/reject", headers=BEN)).status_code == 409
    assert len(projection.published) == 1


async def test_what_was_confirmed_and_not_published_is_confirmed_again(
    api: httpx.AsyncClient, projection: Projection, person: str
) -> None:
    """As after a crash: the same event, known as a repeat by its id."""
    id = await proposed(api, person)
    for _ in range(2):
        assert (await api.post(f"/v2/approvals/{id}/confirm", headers=BEN)).status_code == 200
    assert [event.id for event in projection.published] == [id, id]


async def test_a_rejected_one_says_nothing_of_the_findings(
    api: httpx.AsyncClient, projection: Projection, person: str
) -> None:
    id = await proposed(api, person)
    response = await api.post(f"/v2/approvals/{id}/reject", json={"comment": {"text": "no"}}, headers=BEN)
    assert models.ApprovalTold.model_validate(response.json()).approval.status == "REJECTED"
    assert (await api.post(f"/v2/approvals/{id}/confirm", headers=BEN)).status_code == 409
    assert projection.published == []


async def test_one_that_comes_too_late_is_refused_and_says_why(api: httpx.AsyncClient, person: str) -> None:
    id = await proposed(api, person)
    await say(api, person, "sanction", "FALSE_POSITIVE", ANA)
    assert (await api.post(f"/v2/approvals/{id}/confirm", headers=BEN)).status_code == 409
    assert "amended by Ana meanwhile" in ((await read(api, id)).refusal or "")
    assert (await statuses(api, person))["sanction"] == "FALSE_POSITIVE"


async def test_both_persons_are_in_the_audit(api: httpx.AsyncClient, person: str) -> None:
    id = await proposed(api, person)
    await api.post(f"/v2/approvals/{id}/confirm", headers=BEN)
    told = (await api.get("/v2/audit", params={"entityId": person, "sort": "asc"})).json()
    asked, confirmed = models.AuditEvents.model_validate(told).auditEvents
    assert (asked.username, (asked.after or {})["approvalStatus"]) == ("Ana", "PENDING")
    assert (confirmed.username, confirmed.before) == ("ben", {"approvalStatus": "PENDING", "proposedBy": "Ana"})
    assert (confirmed.after or {})["manualStatus"] == ACCEPT


async def test_a_policy_of_ones_own(api: httpx.AsyncClient, app: FastAPI, person: str, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("rules: [{name: any-false-positive, kinds: [aml], statuses: [FALSE_POSITIVE]}]")
    app.state.parts = replace(app.state.parts, approvals=approval_policy.read(file))
    told = await say(api, person, "pep", "FALSE_POSITIVE", ANA)
    assert told.json()["approval"]["rule"] == "any-false-positive"
    assert (await say(api, person, "sanction", ACCEPT, ANA)).status_code == 200


async def test_a_policy_may_ask_for_a_second_person_for_an_override(
    api: httpx.AsyncClient, app: FastAPI, projection: Projection, person: str, tmp_path: Path
) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("rules: [{name: let-pass, kinds: [override], statuses: [PASS]}]")
    app.state.parts = replace(app.state.parts, approvals=approval_policy.read(file))
    path = f"/v2/individuals/{person}/serviceprofiles/KYC/workflows/Standard/executions"
    (before,) = models.Executions.model_validate((await api.get(path)).json()).workflowResults
    one = f"{path}/{before.workflowExecutionId}"
    asked = await api.patch(one, json={"status": "PASS"}, headers=ANA)
    assert asked.status_code == 202
    approval = models.OverrideAccepted.model_validate(asked.json()).approval
    assert approval is not None
    assert (approval.status, approval.executionStatus, projection.published) == ("PENDING", "PASS", [])
    assert (await api.patch(one, json={"status": "FAIL"}, headers=ANA)).status_code == 200

    late = await api.post(f"/v2/approvals/{approval.approvalId}/confirm", headers=BEN)

    assert late.status_code == 409
    assert "the execution is at version" in ((await read(api, approval.approvalId)).refusal or "")
    again = (await api.patch(one, json={"status": "PASS"}, headers=ANA)).json()["amendmentId"]
    told = models.Overridden.model_validate((await api.post(f"/v2/approvals/{again}/confirm", headers=BEN)).json())
    assert (told.workflowResult.status, told.workflowResult.statusOverrideBy) == ("PASS", "Ana")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rules: [{name: a, kinds: [alm], statuses: [UNKNOWN]}]", "rules.0: .*kinds: alm is none of"),
        ("rules: [{name: a, kinds: [aml], statuses: [UNKNOWN, ACCEPT]}]", "rules.0: .*ACCEPT is said by none"),
        ("rules: [{name: a, kinds: [aml, idv], statuses: [UNKNOWN]}]", "rules.0: .*idv takes none of these"),
        ("rules: [{name: a, kinds: [aml], statuses: [UNKNOWN], if: x}]", "rules.0.if"),
        ("rules: [", "line 1"),
    ],
)
def test_a_wrong_policy_is_refused_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(text)
    with pytest.raises(PolicyError, match=place):
        approval_policy.read(file)
