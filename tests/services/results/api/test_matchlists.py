"""Customers' lists through the API."""

from typing import Any

import httpx
import pytest

from libs.events.models import MatchlistEntryPublished
from services.results.api import matchlist_models
from tests.services.results.conftest import HEADERS, OTHER_CUSTOMER, Projection

pytestmark = pytest.mark.asyncio

FRAUD = "/v2/matchlists/Fraud/entries"
MARIA = {
    "reference": "case 7",
    "reasons": ["FRAUD"],
    "attributes": [{"type": "IND_DISPLAY_NAME", "value": "Maria Castellano"}],
}


async def listed(
    api: httpx.AsyncClient, *entries: dict[str, Any], action: str | None = "BLOCK"
) -> list[dict[str, Any]]:
    """Entries that are listed now, as the API tells them."""
    response = await api.post(FRAUD, params={"action": action} if action else {}, json={"entries": entries or [MARIA]})
    assert response.status_code == 200, response.text
    matchlist_models.Entries.model_validate(response.json())
    told: list[dict[str, Any]] = response.json()["entries"]
    return told


async def states(api: httpx.AsyncClient, *wanted: str) -> list[str]:
    response = await api.get(FRAUD, params={"states": ",".join(wanted)} if wanted else {})
    matchlist_models.Entries.model_validate(response.json())
    return [one["state"] for one in response.json()["entries"]]


async def test_an_entry_is_published_and_told(api: httpx.AsyncClient, projection: Projection) -> None:
    (entry,) = await listed(api)
    assert (entry["state"], entry["createdBy"], entry["reasons"]) == ("ACTIVE", "officer", ["FRAUD"])
    (event,) = projection.published
    assert isinstance(event.data, MatchlistEntryPublished)
    assert (event.topic, event.data.customerId, event.data.name, event.data.action) == (
        *("matchlist.entry.published", "c1", "Fraud"),
        "BLOCK",
    )
    told = (await api.get("/v2/matchlists")).json()
    matchlist_models.Matchlists.model_validate(told)
    assert [(one["name"], one["action"]) for one in told["matchlists"]] == [("Fraud", "BLOCK")]
    one = await api.get(f"{FRAUD}/{entry['entryId']}")
    assert one.json()["entries"] == [entry]


async def test_the_same_reference_is_the_same_entry(api: httpx.AsyncClient) -> None:
    (first,) = await listed(api)
    (again,) = await listed(api, {**MARIA, "reasons": ["SCAM"]}, action=None)
    assert (again["entryId"], again["createdAt"]) == (first["entryId"], first["createdAt"])
    assert again["reasons"] == ["SCAM"]
    assert await states(api) == ["ACTIVE"]


async def test_an_entry_is_deleted_and_listed_again(api: httpx.AsyncClient, projection: Projection) -> None:
    (entry,) = await listed(api)
    for state, left in (("DELETED", []), ("ACTIVE", ["ACTIVE"]), ("EXPIRED", ["EXPIRED"]), ("ACTIVE", ["ACTIVE"])):
        told = await api.patch(f"{FRAUD}/{entry['entryId']}", json={"state": state})
        assert (told.status_code, told.json()["entries"][0]["state"]) == (200, state)
        assert await states(api) == left
        data = projection.published[-1].data
        assert isinstance(data, MatchlistEntryPublished)
        assert data.isActive is (state != "DELETED")
    assert await states(api, "DELETED") == []


async def test_an_entry_expires(api: httpx.AsyncClient) -> None:
    past, open_ended = {**MARIA, "validTo": "2020-12-31"}, {**MARIA, "reference": "case 8", "validTo": "2999-12-31"}
    assert [one["state"] for one in await listed(api, past, open_ended)] == ["EXPIRED", "ACTIVE"]
    assert await states(api, "EXPIRED") == ["EXPIRED"]


async def test_entries_by_page(api: httpx.AsyncClient) -> None:
    await listed(api, *({**MARIA, "reference": f"case {number}"} for number in range(5)))
    page = (await api.get(FRAUD, params={"page": 2, "limit": 2})).json()
    assert [one["reference"] for one in page["entries"]] == ["case 2", "case 3"]
    assert page["meta"] == {"total": 5, "page": 2, "limit": 2, "count": 2}


async def test_another_customers_lists_are_not_there(api: httpx.AsyncClient) -> None:
    await listed(api)
    other = {**HEADERS, **OTHER_CUSTOMER}
    assert (await api.get("/v2/matchlists", headers=other)).json()["matchlists"] == []
    assert (await api.get(FRAUD, headers=other)).status_code == 404


@pytest.mark.parametrize(
    ("body", "action", "status", "place"),
    [
        ({"entries": [MARIA]}, None, 404, "path.matchlistName"),
        ({"entries": [MARIA]}, "BLOK", 422, "query.action"),
        ({"entries": []}, "BLOCK", 422, "entries"),
        ({"entries": [{**MARIA, "attributes": []}]}, "BLOCK", 422, "entries[0].attributes"),
        ({"entries": [{**MARIA, "hobby": "chess"}]}, "BLOCK", 422, "entries[0].hobby"),
        (
            {"entries": [{"attributes": [{"type": "HOBBY", "value": "x"}]}]},
            "BLOCK",
            422,
            "entries[0].attributes[0].type",
        ),
        (
            {"entries": [{"attributes": [{"type": "IND_DATE_OF_BIRTH", "value": "1990-02-30"}]}]},
            *("BLOCK", 422, "entries[0].attributes"),
        ),
        ({"entries": [{**MARIA, "validTo": "soon"}]}, "BLOCK", 422, "entries[0].validTo"),
    ],
)
async def test_what_cannot_be_listed_is_refused_with_its_place(
    api: httpx.AsyncClient, projection: Projection, body: dict[str, Any], action: str | None, status: int, place: str
) -> None:
    refused = await api.post(FRAUD, params={"action": action} if action else {}, json=body)
    assert (refused.status_code, refused.json()["details"][0]["issueLocation"]) == (status, place)
    assert projection.published == []


async def test_a_list_keeps_its_action(api: httpx.AsyncClient) -> None:
    await listed(api)
    refused = await api.post(FRAUD, params={"action": "ALLOW"}, json={"entries": [MARIA]})
    assert (refused.status_code, refused.json()["details"][0]["issueLocation"]) == (409, "query.action")


async def test_an_entry_that_is_not_there(api: httpx.AsyncClient) -> None:
    await listed(api)
    for response in (await api.get(f"{FRAUD}/x"), await api.patch(f"{FRAUD}/x", json={"state": "DELETED"})):
        assert (response.status_code, response.json()["details"][0]["issueLocation"]) == (404, "path.entryId")
