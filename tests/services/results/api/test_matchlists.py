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


async def test_reasons_that_are_null_are_none(api: httpx.AsyncClient) -> None:
    (entry,) = await listed(api)
    told = await api.patch(f"{FRAUD}/{entry['entryId']}", json={"reasons": None})
    assert (told.status_code, told.json()["entries"][0]["reasons"]) == (200, [])


async def known(api: httpx.AsyncClient, entity: str = "e1", **more: Any) -> str:
    """A person who is known to the API."""
    individual = {
        "entityId": entity,
        "name": {"givenName": "Maria", "familyName": "Castellano"},
        "dateOfBirth": {"year": "1980", "month": "01", "day": "31"},
        "emailAddresses": [{"email": f"{entity}@example.com"}],
        **more,
    }
    answer = await api.post("/v2/individuals", json={"individual": individual})
    assert answer.status_code == 201, answer.text
    return entity


async def add(api: httpx.AsyncClient, entity: str, **body: Any) -> httpx.Response:
    return await api.post(f"{FRAUD}/addEntity", params={"action": "BLOCK"}, json={"entityId": entity, **body})


async def remove(api: httpx.AsyncClient, entity: str, **body: Any) -> httpx.Response:
    return await api.patch(f"{FRAUD}/removeEntity", json={"entityId": entity, **body})


async def test_a_person_is_listed_by_what_tells_them_apart_and_listed_no_more(api: httpx.AsyncClient) -> None:
    await known(api)
    answer = await add(api, "e1", reasons=["FRAUD"], comment={"text": "seen in case 7"})
    entries = matchlist_models.Entries.model_validate(answer.json()).entries
    assert [[one.type for one in entry.attributes] for entry in entries] == [
        *(["IND_DISPLAY_NAME", "IND_DATE_OF_BIRTH"], ["EMAIL_ADDRESS"])
    ]
    assert {(one.entityId, one.entityType, one.state, one.createdBy) for one in entries} == {
        ("e1", "INDIVIDUAL", "ACTIVE", "officer")
    }
    again = (await add(api, "e1")).json()["entries"]
    assert [one["entryId"] for one in again] == [one.entryId for one in entries]
    assert await states(api) == ["ACTIVE", "ACTIVE"]
    removed = await remove(api, "e1")
    assert [one["state"] for one in removed.json()["entries"]] == ["DELETED", "DELETED"]
    assert await states(api) == []
    assert (await remove(api, "e1")).json()["entries"] == removed.json()["entries"]
    assert [one["state"] for one in (await add(api, "e1")).json()["entries"]] == ["ACTIVE", "ACTIVE"]


async def test_what_was_listed_of_a_person_before_they_changed_goes_too(api: httpx.AsyncClient) -> None:
    await known(api)
    await add(api, "e1")
    changed = {"individual": {"emailAddresses": [{"email": "new@example.com"}]}}
    assert (await api.patch("/v2/individuals/e1", json=changed)).status_code == 200
    await add(api, "e1")
    await listed(api)
    assert len(await states(api)) == 4
    assert len((await remove(api, "e1")).json()["entries"]) == 3
    assert await states(api) == ["ACTIVE"]


async def test_another_who_shares_an_address_stays_listed(api: httpx.AsyncClient) -> None:
    shared = {"emailAddresses": [{"email": "family@example.com"}]}
    for entity in ("e1", "e2"):
        await add(api, await known(api, entity, **shared))
    await remove(api, "e1")
    left = (await api.get(FRAUD)).json()["entries"]
    assert {one["entityId"] for one in left} == {"e2"}
    assert len(left) == 2


async def test_who_cannot_be_listed_is_told_with_the_place(api: httpx.AsyncClient) -> None:
    await known(api, "e3")
    nameless = {"entityId": "e4", "name": {"familyName": "Citizen"}}
    assert (await api.post("/v2/individuals", json={"individual": nameless})).status_code == 201
    for answer, status, place in (
        (await add(api, "nobody"), 404, "entityId"),
        (await add(api, "e4"), 409, "entityId"),
        (await add(api, "e3", entityType="ORGANIZATION"), 422, "entityType"),
        (await remove(api, "e3"), 404, "path.matchlistName"),
    ):
        assert (answer.status_code, answer.json()["details"][0]["issueLocation"]) == (status, place)
    await listed(api)
    assert (await remove(api, "e3")).status_code == 404
    assert (await add(api, "e3")).status_code == 200
    stranger = await api.post(
        f"{FRAUD}/addEntity", params={"action": "BLOCK"}, json={"entityId": "e3"}, headers=OTHER_CUSTOMER
    )
    assert stranger.status_code == 404


async def search(api: httpx.AsyncClient, *attributes: tuple[str, str], **more: Any) -> Any:
    wanted = [{"type": type, "value": value} for type, value in attributes]
    body = {"search": {"attributes": wanted, **more.pop("criteria", {})}, **more}
    answer = await api.post("/v2/search/matchlists", json=body)
    assert answer.status_code == 200, answer.text
    matchlist_models.Matches.model_validate(answer.json())
    return answer.json()


async def test_entries_are_searched_as_the_check_compares_the_nearest_first(api: httpx.AsyncClient) -> None:
    near = {"reference": "case 8", "attributes": [{"type": "IND_DISPLAY_NAME", "value": "Maria Castelano"}]}
    gone = {"reference": "case 9", "attributes": MARIA["attributes"]}
    *_, last = await listed(api, MARIA, near, gone)
    await api.patch(f"{FRAUD}/{last['entryId']}", json={"state": "DELETED"})
    name = ("IND_DISPLAY_NAME", "castellano maria")
    found = await search(api, name)
    assert [(one["entry"]["reference"], one["confidence"]) for one in found["entries"]] == [
        *(("case 7", 1.0), ("case 8", 0.94))
    ]
    (of,) = found["matchlists"].values()
    assert (of["name"], of["action"], found["meta"]) == ("Fraud", "BLOCK", {"total": 2, "limit": 100, "count": 2})
    (attribute,) = found["entries"][1]["attributes"]
    assert (attribute["attribute"]["value"], attribute["confidence"]) == ("Maria Castelano", 0.94)
    exactly = await search(api, name, criteria={"type": "EXACT"}, filter={"listScope": "ALL"})
    assert [one["entry"]["reference"] for one in exactly["entries"]] == ["case 7"]
    assert (await search(api, name, ("IND_DATE_OF_BIRTH", "1980")))["entries"] == []
    chosen = {"listScope": "CUSTOM", "searchLists": [of["matchlistId"]]}
    assert (await search(api, name, filter=chosen))["meta"]["total"] == 2


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"search": {"attributes": []}}, "search.attributes"),
        ({"search": {"attributes": [{"type": "SHOE_SIZE", "value": "9"}]}}, "search.attributes[0].type"),
        ({"search": {"attributes": [{"type": "PHONE_NUMBER", "value": "none"}]}}, "search.attributes[0].value"),
        (
            {"search": {"attributes": [{"type": "ORG_NAME", "value": "a"}]}, "filter": {"listScope": "CUSTOM"}},
            "filter.searchLists",
        ),
        (
            {
                "search": {"attributes": [{"type": "ORG_NAME", "value": "a"}]},
                "filter": {"listScope": "CUSTOM", "searchLists": ["7c9e6679-7425-50de-944b-e07fc1f90ae7"]},
            },
            "filter.searchLists[0]",
        ),
    ],
)
async def test_a_search_that_cannot_be_meant_is_refused_with_its_place(
    api: httpx.AsyncClient, body: dict[str, Any], place: str
) -> None:
    answer = await api.post("/v2/search/matchlists", json=body)
    assert (answer.status_code, answer.json()["details"][0]["issueLocation"]) == (422, place)
