"""POST …/results/mkyc and its invalidation: which documents will do, what is kept, who comes second."""

import asyncio
import random
from typing import Any

import httpx
import pytest

from libs.events.models import Document, RulingRequested
from services.results import rebuild
from services.results.api import models
from tests.services.results import factory
from tests.services.results.conftest import OTHER_CUSTOMER, Projection

TODAY = "2026-01-15"


def document(id: str, type: str, **fields: Any) -> Document:
    return Document(documentId=id, type=type, country=fields.pop("country", "AUS"), **fields)


DOCUMENTS = [
    document("passport", "PASSPORT", primaryIdentifier="X 1", expiryDate="2090-06-30"),
    document("expired", "DRIVERS_LICENSE", expiryDate="2020-01-01"),
    document("birth", "BIRTH_CERT", primaryIdentifier="B-1"),
    document("birth-again", "BIRTH_CERT", primaryIdentifier="b1"),
    document("citizenship", "CITIZENSHIP"),
    document("medicare", "NATIONAL_HEALTH_ID", expiryDate="2090-06"),
    document("bill", "UTILITY_BILL"),
]
BEGIN = factory.onboarded("e1", individual=factory.person(documents=DOCUMENTS))


@pytest.fixture
async def known(api: httpx.AsyncClient, projection: Projection) -> None:
    other = factory.onboarded("e2", individual=factory.person(documents=[document("other", "PASSPORT")]))
    await projection.fold([BEGIN, *factory.story(BEGIN), other])


pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("known")]


async def approve(api: httpx.AsyncClient, *ids: str, **fields: Any) -> httpx.Response:
    body = {"approvedBy": "officer", "approvedDocuments": list(ids), **fields}
    return await api.post("/v2/individuals/e1/results/mkyc", json=body)


async def invalidate(api: httpx.AsyncClient, json: Any = None) -> httpx.Response:
    return await api.post("/v2/individuals/e1/results/mkyc/invalidate", json=json)


async def by_hand(api: httpx.AsyncClient) -> list[tuple[str | None, str, str | None]]:
    """Document, status and who, of every result that was seen by hand."""
    told = models.ProcessResults.model_validate(
        (await api.get("/v2/individuals/e1/results", params={"results": "MANUAL", "sort": "asc"})).json()
    )
    return [(one.objectId, one.systemStatus, one.updatedBy) for one in told.processResults]


@pytest.mark.parametrize(
    "ids",
    [["passport"], ["birth", "citizenship"], ["birth", "medicare"], ["citizenship", "medicare"], ["passport", "bill"]],
)
async def test_documents_of_one_of_the_combinations_will_do(api: httpx.AsyncClient, ids: list[str]) -> None:
    response = await approve(api, *ids)
    assert response.status_code == 200, response.text
    told = models.Resolved.model_validate(response.json())
    assert [(one.objectId, one.result, one.class_, one.manualStatus) for one in told.processResults] == [
        (id, "MANUAL", "KYC", "PASS") for id in ids
    ]
    assert {one.requestId for one in told.processResults} == {told.requestId}
    assert sorted(await by_hand(api)) == sorted((id, "VALID", "officer") for id in ids)


@pytest.mark.parametrize(
    ("ids", "place"),
    [
        (["birth"], "approvedDocuments"),
        (["birth", "birth"], "approvedDocuments"),
        (["birth", "birth-again"], "approvedDocuments"),
        (["medicare", "bill"], "approvedDocuments"),
        (["passport", "expired"], "approvedDocuments[1]"),
        (["other"], "approvedDocuments[0]"),
        ([], "approvedDocuments"),
    ],
)
async def test_others_are_refused_with_their_place_and_nothing_is_written(
    api: httpx.AsyncClient, projection: Projection, ids: list[str], place: str
) -> None:
    response = await approve(api, *ids)
    assert response.status_code == 422
    assert models.Error.model_validate(response.json()).details[0].issueLocation == place
    assert projection.published == []


async def test_what_was_said_goes_along_with_who_when_by_which_request_and_why(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    told = (await approve(api, "passport", comment={"text": "at the branch"})).json()
    (asked,) = [one.data for one in projection.published if isinstance(one.data, RulingRequested)]
    assert (asked.check, asked.comment, asked.requestId, asked.requestedBy) == (
        "kyc", "at the branch", told["requestId"], "officer",
    )  # fmt: skip
    (finding,) = asked.findings
    assert finding.expiresAt
    assert finding.expiresAt.isoformat() == "2090-07-01T00:00:00+00:00"


async def test_taken_back_it_is_marked_invalid_and_there_is_nothing_more_to_take_back(api: httpx.AsyncClient) -> None:
    assert (await invalidate(api)).status_code == 409
    await approve(api, "passport")
    told = models.Resolved.model_validate((await invalidate(api, {"comment": {"text": "forged"}})).json())
    assert [(one.objectId, one.systemStatus) for one in told.processResults] == [("passport", "MARKED_INVALID")]
    assert (await invalidate(api)).status_code == 409
    assert (await approve(api, "birth", "citizenship")).status_code == 200
    assert sorted(await by_hand(api)) == [
        ("birth", "VALID", "officer"), ("citizenship", "VALID", "officer"), ("passport", "MARKED_INVALID", "officer"),
    ]  # fmt: skip


async def test_a_later_approval_takes_the_place_of_the_earlier_one(api: httpx.AsyncClient) -> None:
    await approve(api, "passport")
    await approve(api, "birth", "citizenship")
    assert ("passport", "MARKED_IGNORE", "officer") in await by_hand(api)


async def test_of_two_at_once_one_wins(api: httpx.AsyncClient, projection: Projection) -> None:
    projection.runs = False
    answers = await asyncio.gather(approve(api, "passport"), approve(api, "birth", "citizenship"))
    assert [one.status_code for one in answers] == [202, 202]
    decided = [projection.rulings.decide(one.data) for one in projection.published]  # type: ignore[arg-type]
    assert [one.refusal is None for one in decided] == [True, False]
    await projection.fold([factory.event("ruling.changed", one, one.rulingId) for one in decided])
    assert len(await by_hand(api)) == (1 if decided[0].findings[0].objectId == "passport" else 2)


async def test_who_comes_second_is_answered_409(api: httpx.AsyncClient, projection: Projection) -> None:
    held = projection.rulings.held
    await approve(api, "passport")
    held["c1", "e1"]["kyc"].ruling_id = "somebody-else's"
    response = await approve(api, "birth", "citizenship")
    assert (response.status_code, response.json()["errorCode"]) == (409, "CONFLICT")
    assert len(await by_hand(api)) == 1


async def test_another_person_makes_the_evidence_stale(api: httpx.AsyncClient, projection: Projection) -> None:
    await approve(api, "passport")
    renamed = factory.person("Married", documents=DOCUMENTS)
    await projection.fold([factory.requested("e1", version=2, individual=renamed)])
    assert await by_hand(api) == [("passport", "STALE", "officer")]
    back = factory.person(documents=DOCUMENTS)
    await projection.fold([factory.requested("e1", version=3, seconds=90, individual=back)])
    assert await by_hand(api) == [("passport", "VALID", "officer")]


async def test_another_customers_person_is_not_there(api: httpx.AsyncClient) -> None:
    response = await api.post(
        "/v2/individuals/e1/results/mkyc",
        json={"approvedBy": "x", "approvedDocuments": ["passport"]},
        headers=OTHER_CUSTOMER,
    )
    assert response.status_code == 404


@pytest.mark.parametrize("seed", range(4))
async def test_in_whatever_order_it_is_read_the_same_comes_of_it(
    api: httpx.AsyncClient, projection: Projection, seed: int
) -> None:
    await approve(api, "passport")
    await invalidate(api)
    await approve(api, "birth", "citizenship")
    renamed = factory.requested("e1", version=2, individual=factory.person("Married", documents=DOCUMENTS))
    await projection.fold([renamed])
    told = [one for one in projection.published if isinstance(one.data, RulingRequested)]
    again = type(projection.rulings)()
    rulings = [
        factory.event("ruling.changed", again.decide(one.data), one.id)  # type: ignore[arg-type]
        for one in told
    ]
    other_person = factory.onboarded("e2", individual=factory.person(documents=[document("other", "PASSPORT")]))
    order = random.Random(seed)
    left, mixed = (
        [[factory.published(), BEGIN, other_person], [*factory.story(BEGIN)], [renamed], [*rulings, *rulings[:2]]],
        [],
    )
    while any(left):
        mixed.append(order.choice([log for log in left if log]).pop(0))
    other = await projection.beside()
    await other.fold(mixed, size=1 + seed)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
