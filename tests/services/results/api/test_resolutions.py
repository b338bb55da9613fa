"""What people say of findings: accepted, refused, repeated, at once; what follows from it, and what does not."""

import asyncio
import random
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from libs.events.message import Event
from libs.events.models import (
    ExecutionState,
    FindingsAmended,
    MatchlistAction,
    MatchlistMatch,
    ProcessResultCode,
    StepResultCode,
)
from services.results import rebuild
from services.results.api import models
from services.results.api.kinds import HITS, KINDS
from services.results.fold import execution_id
from services.results.steps import resolved
from tests.services.results import factory
from tests.services.results.conftest import OTHER_CUSTOMER, Projection

BEGIN = factory.onboarded("e1")
ONE = f"/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions/{execution_id(BEGIN.id)}"
EVERY_STATUS = sorted({status for kind in KINDS.values() for status in kind.statuses} | {"PASS", "NONSENSE"})


LISTED = MatchlistMatch(matchlistId="l1", name="Staff", action=MatchlistAction.REVIEW, entryId="entry-1")


def hit(id: str, kind: str = "AML", result: ProcessResultCode = ProcessResultCode.HIT) -> Any:
    listed = LISTED if kind == "MATCHLIST" else None
    return factory.finding(id, processClass=kind, objectType="NAME", result=result, matchlist=listed)


def found() -> list[Event]:
    aml = factory.step(
        "AML", StepResultCode.HIT, [hit("h1"), hit("h2")], issues=factory.aml("", hit=True).outcome.issues
    )
    idv = factory.step("IDV", StepResultCode.FAIL, [hit("d1", "IDV", ProcessResultCode.NO_MATCH)])
    others = [
        factory.step("BLOCKLIST", StepResultCode.HIT, [hit("m1", "MATCHLIST")]),
        factory.step("DUPLICATE", StepResultCode.HIT, [hit("t1", "DUPLICATE")]),
    ]
    return [
        BEGIN,
        factory.progressed(BEGIN, 1, accepted=[aml, idv, *others, factory.risk(), factory.decision()]),
        factory.progressed(BEGIN, 2, state=ExecutionState.SUCCEEDED),
    ]


@pytest_asyncio.fixture
async def done(projection: Projection, api: httpx.AsyncClient) -> httpx.AsyncClient:
    await projection.fold(found())
    return api


async def say(api: httpx.AsyncClient, kind: str, status: str, *ids: str) -> httpx.Response:
    body = {"processResults": list(ids), "manualStatus": status, "comment": {"text": "spoke to them"}}
    return await api.patch(f"/v2/individuals/e1/results/{kind}", json=body)


async def result(api: httpx.AsyncClient) -> models.WorkflowResult:
    return models.Execution.model_validate((await api.get(ONE)).json()).workflowResult


def step(told: models.WorkflowResult, name: str) -> models.StepResult:
    return next(one for one in told.workflowStepResults if one.stepName == name)


async def test_a_resolution_changes_what_follows_from_it_and_nothing_else(done: httpx.AsyncClient) -> None:
    before = (await result(done)).model_dump()

    response = await say(done, "aml", "FALSE_POSITIVE", "h1", "h2")

    told = models.Resolved.model_validate(response.json())
    assert [(one.manualStatus, one.result, one.updatedBy) for one in told.processResults] == [
        ("FALSE_POSITIVE", "HIT", "officer"), ("FALSE_POSITIVE", "HIT", "officer"),
    ]  # fmt: skip
    after = await result(done)
    aml = step(after, "AML")
    assert (aml.result, aml.summary["totalHits"], aml.summary["totalUnresolved"]) == ("CLEARED", 2, 0)
    assert "AML" in after.steps.passed
    assert [issue["isCleared"] for issue in after.issues] == [True]
    changed = {name for name, value in after.model_dump().items() if value != before[name]}
    assert changed == {"steps", "issues", "workflowStepResults"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("TRUE_POSITIVE", "UNKNOWN", "HIT"),
        ("FALSE_POSITIVE", "UNKNOWN", "HIT"),
        ("FALSE_POSITIVE", "UNKNOWN_ACCEPT", "HIT_ACCEPTED"),
        ("TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE", "HIT"),
        ("TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT", "HIT_REJECTED"),
        ("UNKNOWN_REJECT", "UNKNOWN", "HIT_REJECTED"),
        ("FALSE_POSITIVE", "FALSE_POSITIVE", "CLEARED"),
    ],
)
async def test_the_step_follows_from_all_of_its_hits(
    done: httpx.AsyncClient, first: str, second: str, expected: str
) -> None:
    await say(done, "aml", first, "h1")
    await say(done, "aml", second, "h2")
    assert step(await result(done), "AML").result == expected


@given(st.lists(st.tuples(st.sampled_from(["HIT", "CLEAR"]), st.sampled_from([None, *HITS])), max_size=6))
def test_the_step_is_as_all_of_its_hits_say(findings: list[tuple[str, str | None]]) -> None:
    said = {status for found, status in findings if found == "HIT"}
    told = resolved("AML", findings)
    if all(status is None for _, status in findings):
        assert told is None
    elif said & {"TRUE_POSITIVE_REJECT", "UNKNOWN_REJECT"}:
        assert told == "HIT_REJECTED"
    elif said & {None, "TRUE_POSITIVE", "UNKNOWN"}:
        assert told == "HIT"
    elif said & {"TRUE_POSITIVE_ACCEPT", "UNKNOWN_ACCEPT"}:
        assert told == "HIT_ACCEPTED"
    else:
        assert (told, said - {"FALSE_POSITIVE"}) == ("CLEARED", set())


@pytest.mark.parametrize("status", HITS)
async def test_the_counts_are_those_of_the_hits_and_these_stay_hits(done: httpx.AsyncClient, status: str) -> None:
    await say(done, "aml", status, "h1")
    aml = step(await result(done), "AML")
    said = {one.processResultId: (one.result, one.manualStatus) for one in aml.processResults}
    assert said == {"h1": ("HIT", status), "h2": ("HIT", None)}
    counts = [aml.summary[f"total{name}"] for name in ("FalsePositives", "TruePositives", "Unknown", "Unresolved")]
    kinds = [status.startswith(kind) for kind in ("FALSE_POSITIVE", "TRUE_POSITIVE", "UNKNOWN")]
    assert counts == [*map(int, kinds), 1 + (status in ("TRUE_POSITIVE", "UNKNOWN"))]


# What the contract's enums and the guide's lists have, together.
TAKEN = {
    "aml": "TRUE_POSITIVE FALSE_POSITIVE TRUE_POSITIVE_ACCEPT TRUE_POSITIVE_REJECT UNKNOWN UNKNOWN_ACCEPT"
    " UNKNOWN_REJECT",
    "matchlist": "TRUE_POSITIVE FALSE_POSITIVE TRUE_POSITIVE_ACCEPT TRUE_POSITIVE_REJECT UNKNOWN UNKNOWN_ACCEPT"
    " UNKNOWN_REJECT",
    "idv": "CLEAR REJECTED",
    "duplicate": "FALSE_POSITIVE TRUE_POSITIVE TRUE_POSITIVE_ACCEPT TRUE_POSITIVE_REJECT",
    "fraud": "FALSE_POSITIVE_ACCEPT FALSE_POSITIVE_REJECT TRUE_POSITIVE_ACCEPT TRUE_POSITIVE_REJECT",
}


def test_each_operation_takes_what_the_contract_and_its_guide_have() -> None:
    assert {kind: sorted(one.statuses) for kind, one in KINDS.items()} == {
        kind: sorted(told.split()) for kind, told in TAKEN.items()
    }


@pytest.mark.parametrize(("status", "expected"), [("CLEAR", "PASS"), ("REJECTED", "FAIL")])
async def test_a_document_that_a_person_looked_at(done: httpx.AsyncClient, status: str, expected: str) -> None:
    assert (await say(done, "idv", status, "d1")).status_code == 200
    assert step(await result(done), "IDV").result == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", EVERY_STATUS)
async def test_each_operation_takes_its_own_statuses(done: httpx.AsyncClient, kind: str, status: str) -> None:
    own = {"aml": "h1", "matchlist": "m1", "idv": "d1", "duplicate": "t1", "fraud": "h1"}[kind]
    response = await say(done, kind, status, own)
    fits = status in KINDS[kind].statuses and kind != "fraud"
    assert response.status_code == (200 if fits else 422), response.text
    if not fits:
        (detail,) = models.Error.model_validate(response.json()).details
        wrong_status = status not in KINDS[kind].statuses
        assert detail.issueLocation == ("body.manualStatus" if wrong_status else "body.processResults.0")


@pytest.mark.parametrize(
    ("kind", "ids", "place"),
    [("aml", ["h1", "nobody"], "body.processResults.1"), ("aml", ["m1"], "body.processResults.0")],
)
async def test_what_is_not_there_is_refused_with_its_place(
    done: httpx.AsyncClient, projection: Projection, kind: str, ids: list[str], place: str
) -> None:
    response = await say(done, kind, "FALSE_POSITIVE", *ids)
    assert response.status_code == 422
    assert response.json()["details"][0]["issueLocation"] == place
    assert projection.published == []


async def test_another_customers_person_is_not_there(done: httpx.AsyncClient) -> None:
    body = {"processResults": ["h1"], "manualStatus": "FALSE_POSITIVE"}
    assert (await done.patch("/v2/individuals/e1/results/aml", json=body, headers=OTHER_CUSTOMER)).status_code == 404


async def test_of_two_who_saw_the_same_one_is_refused(done: httpx.AsyncClient, projection: Projection) -> None:
    projection.folds = False
    first, second = await asyncio.gather(
        say(done, "aml", "FALSE_POSITIVE", "h1"), say(done, "aml", "TRUE_POSITIVE", "h1", "h2")
    )
    assert [first.status_code, second.status_code] == [202, 202]
    await projection.fold(projection.published)
    said = {one.processResultId: one.manualStatus for one in step(await result(done), "AML").processResults}
    assert said in ({"h1": "FALSE_POSITIVE", "h2": None}, {"h1": "TRUE_POSITIVE", "h2": "TRUE_POSITIVE"})


async def test_one_who_comes_second_is_answered_409(done: httpx.AsyncClient, projection: Projection) -> None:
    folds = projection.fold

    async def other_first(events: Any, size: int = 500) -> None:
        await folds([amended("other", "TRUE_POSITIVE", ["h1"])])
        await folds(events, size)

    projection.fold = other_first  # type: ignore[method-assign]
    response = await say(done, "aml", "FALSE_POSITIVE", "h1")
    assert response.status_code == 409
    assert "h1 was amended by officer meanwhile" in models.Error.model_validate(response.json()).errorMsg


def amended(id: str, status: str, ids: list[str], **stands_on: str) -> Event:
    data = FindingsAmended(
        amendmentId=id, customerId="c1", entityId="e1", processResultIds=ids, manualStatus=status, standsOn=stands_on,
        amendedBy="officer", requestId="r1", amendedAt=factory.at(100),
    )  # fmt: skip
    return factory.event("findings.amended", data, id, factory.at(100), "results")


@pytest.mark.parametrize("seed", range(8))
async def test_no_order_against_other_topics_and_no_repeat_makes_a_difference(
    projection: Projection, seed: int
) -> None:
    said = [
        amended("a1", "TRUE_POSITIVE", ["h1"]),
        amended("a2", "FALSE_POSITIVE", ["h1", "h2"], h1="a1"),
        amended("a3", "TRUE_POSITIVE_REJECT", ["h2"]),
        amended("a4", "CLEAR", ["d1"]),
    ]
    other = await projection.beside()
    await projection.fold([*found(), *said])
    order = random.Random(seed)
    left, mixed = [list(found()), [*said, *said[:2]]], []
    while any(left):
        mixed.append(order.choice([log for log in left if log]).pop(0))
    await other.fold(mixed, size=1 + seed % 3)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
