"""Persons created, changed and deleted through the API."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.events.models import EntityChanged
from services.results import rebuild
from services.results.api import models
from tests.services.results import factory
from tests.services.results.conftest import Projection, body, together

pytestmark = pytest.mark.asyncio

ALL = "/v2/individuals"
EVERYTHING: dict[str, Any] = {
    "name": {"givenName": "Ada", "familyName": "Nkemelu", "prefix": "Dr", "language": "en"},
    "alternateNames": [{"familyName": "Obi", "type": "PREVIOUS"}],
    "dateOfBirth": {"unstructured": "31 January 1990"},
    "alternateDatesOfBirth": [{"year": "1991"}],
    "gender": {"gender": "FEMALE"},
    "nationality": "NGA",
    "placeOfBirth": {"country": "NGA", "locality": "Enugu"},
    "addresses": [{"country": "AUS", "locality": "Sydney", "status": "CURRENT", "validFrom": {"year": "2020"}}],
    "documents": {
        "SUPPORTING": [{"type": "PASSPORT", "country": "AUS", "supplementaryData": {"type": "CITIZENSHIP"}}]
    },
    "emailAddresses": [{"email": "ada@example.org", "type": "WORK", "isPreferred": True}],
    "phoneNumbers": [{"number": "+61400000000", "type": "MOBILE"}],
    "externalReferences": [{"type": "CUSTOMER", "name": "CRM", "value": "C-1"}],
    "consents": [{"type": "GENERAL"}],
    "customAttributes": {"segment": {"type": "general.string", "value": "retail"}},
}  # fmt: skip


async def created(api: httpx.AsyncClient, **individual: Any) -> dict[str, Any]:
    response = await api.post(ALL, json=body(**individual))
    assert response.status_code == 201, response.text
    return dict(response.json()["individual"])


def within(given: Any, told: Any) -> bool:
    """Everything that was given is told again, whatever else is."""
    if isinstance(given, dict):
        return isinstance(told, dict) and all(within(value, told.get(name)) for name, value in given.items())
    if isinstance(given, list):
        return len(given) == len(told) and all(map(within, given, told))
    return bool(given == told)


async def test_everything_that_is_sent_is_told_again_with_ids(api: httpx.AsyncClient) -> None:
    response = await api.post(ALL, json={"individual": EVERYTHING, "comment": {"text": "by phone"}})

    assert response.status_code == 201, response.text
    told = models.Person.model_validate(response.json())
    shown = response.json()["individual"]
    assert within(EVERYTHING, shown)
    assert shown["dateOfBirth"]["normalized"] == "1990-01-31"
    for part, name in (("addresses", "addressId"), ("emailAddresses", "emailAddressId"), ("alternateNames", "nameId")):
        assert shown[part][0][name]
    read = (await api.get(f"{ALL}/{shown['entityId']}")).json()
    assert read["individual"] == shown
    assert told.serviceProfiles == []


async def test_what_is_told_is_an_event_and_nothing_is_run(api: httpx.AsyncClient, projection: Projection) -> None:
    shown = await created(api, entityId="mine-1")
    (event,) = projection.published
    assert (event.topic, event.key) == ("entity.changed", "c1:mine-1")
    assert isinstance(event.data, EntityChanged)
    assert (event.data.kind, event.data.entityVersion, event.data.changedBy) == ("CREATED", 1, "officer")
    assert event.data.individual is not None
    assert event.data.individual.name.nameId == shown["name"]["nameId"]


async def test_only_the_id_is_told_where_no_more_is_asked_for(api: httpx.AsyncClient) -> None:
    response = await api.post(f"{ALL}?level=id", json=body(entityId="mine-1"))
    assert response.json()["individual"] == {"entityId": "mine-1"}


async def test_a_profile_is_begun_with_the_person(api: httpx.AsyncClient) -> None:
    sent = {**body(), "serviceName": "KYC", "workflowName": "Standard"}
    (profile,) = (await api.post(ALL, json=sent)).json()["serviceProfiles"]
    assert (profile["serviceName"], profile["state"], profile["currentWorkflowName"]) == ("KYC", "INIT", "Standard")
    models.ServiceProfile.model_validate(profile)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"serviceName": "Nope"}, "serviceName"),
        ({"serviceName": "KYC", "workflowName": "Nope"}, "workflowName"),
        ({"workflowName": "Standard"}, "serviceName"),
        ({"individual": {"name": {}}}, "individual.name.familyName"),
        ({"individual": {"name": {"familyName": "N"}, "addresses": [{}]}}, "individual.addresses[0].country"),
        (body(externalReferences=[{"name": "CRM"}]), "individual.externalReferences[0].value"),
        (body(dateOfBirth={"year": "2999"}), "individual.dateOfBirth"),
        (body(addresses=[{"addressId": "a", "country": "AUS"}] * 2), "individual.addresses[1].addressId"),
        (body(customAttributes={f"x{number}": {"value": "v" * 2000} for number in range(160)}), "individual"),
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_written(
    api: httpx.AsyncClient, projection: Projection, sent: dict[str, Any], place: str
) -> None:
    response = await api.post(ALL, json={**body(), **sent})
    assert response.status_code == 422, response.text
    assert models.Error.model_validate(response.json()).details[0].issueLocation == place
    assert projection.published == []


async def test_an_id_is_given_once(
    api: httpx.AsyncClient, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection, "publish", together(projection, 4))
    answers = await asyncio.gather(*(api.post(ALL, json=body(entityId="mine-1")) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_a_person_is_changed_in_part(api: httpx.AsyncClient, projection: Projection) -> None:
    before = await created(api, **EVERYTHING)
    path = f"{ALL}/{before['entityId']}"
    change = {"individual": {"name": {"familyName": "Obi"}, "addresses": [{"country": "NZL"}], "gender": None}}

    response = await api.patch(path, json={**change, "comment": {"text": "married"}})

    assert response.status_code == 200, response.text
    models.PersonChanged.model_validate(response.json())
    after = response.json()["individual"]
    assert after["name"] == {**before["name"], "familyName": "Obi"}
    assert [one["country"] for one in after["addresses"]] == ["AUS", "NZL"]
    assert after["addresses"][0] == before["addresses"][0]
    assert "gender" not in after
    assert (await api.get(path)).json()["individual"] == after
    event = projection.published[-1].data
    assert isinstance(event, EntityChanged)
    assert event.individual is not None
    assert (event.entityVersion, event.comment, event.individual.name.familyName) == (2, "married", "Obi")
    again = await api.patch(path, json=change)
    assert again.json()["individual"] == after
    assert projection.published[-1].data is event


async def test_who_was_told_by_a_producer_is_changed_too(api: httpx.AsyncClient, projection: Projection) -> None:
    await projection.fold(
        [factory.onboarded("e1", version=4, individual=factory.person(phoneNumbers=["+61400000000"]))]
    )
    before = (await api.get(f"{ALL}/e1")).json()["individual"]
    phone = before["phoneNumbers"][0]["phoneNumberId"]
    changed = await api.patch(
        f"{ALL}/e1", json={"individual": {"phoneNumbers": [{"phoneNumberId": phone, "number": "+61411111111"}]}}
    )
    assert changed.json()["individual"]["phoneNumbers"] == [{"phoneNumberId": phone, "number": "+61411111111"}]
    (event,) = projection.published
    assert isinstance(event.data, EntityChanged)
    assert event.data.entityVersion == 5
    newer = factory.onboarded("e1", version=6, seconds=1e9, individual=factory.person("Later"))
    await projection.fold([newer])
    assert (await api.get(f"{ALL}/e1")).json()["individual"]["name"]["familyName"] == "Later"


@pytest.mark.parametrize(
    ("change", "place", "issue"),
    [
        ({"name": None}, "individual.name", "is missing"),
        ({"name": {"familyName": None}}, "individual.name.familyName", "is missing"),
        ({"name": "Ada"}, "individual.name", "not an object"),
        ({"addresses": {}}, "individual.addresses", "not a list"),
        ({"addresses": [{"addressId": "a1", "country": "Australia"}]}, "individual.addresses[0].country", "pattern"),
        ({"addresses": [{"country": "NZL"}, {"locality": "Napier"}]}, "individual.addresses[1].country", "is missing"),
        ({"dateofbirth": {}}, "individual.dateofbirth", "is not a field"),
        ({"dateOfBirth": {"year": "2999"}}, "individual.dateOfBirth", "in the future"),
        ({"entityId": "other"}, "individual.entityId", "another one's"),
        ({"entityType": "ORGANIZATION"}, "individual.entityType", "INDIVIDUAL"),
    ],
)
async def test_a_change_that_does_not_fit_is_refused_with_its_place(
    api: httpx.AsyncClient, projection: Projection, change: dict[str, Any], place: str, issue: str
) -> None:
    person = await created(api, addresses=[{"addressId": "a1", "country": "AUS"}])
    response = await api.patch(f"{ALL}/{person['entityId']}", json={"individual": change})
    assert response.status_code == 422, response.text
    (detail, *_) = models.Error.model_validate(response.json()).details
    assert (detail.issueLocation, issue in detail.issue) == (place, True), detail
    assert len(projection.published) == 1


async def test_of_two_who_change_one_version_one_wins(
    api: httpx.AsyncClient, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await created(api)
    monkeypatch.setattr(projection, "publish", together(projection, 3))
    path = f"{ALL}/{person['entityId']}"
    asked = [api.patch(path, json={"individual": {"nationality": country}}) for country in ("NGA", "GHA", "AUS")]
    answers = await asyncio.gather(*asked)
    won = [one for one in answers if one.status_code == 200]
    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    assert (await api.get(path)).json()["individual"] == won[0].json()["individual"]


async def test_a_change_tells_what_it_makes_stale(api: httpx.AsyncClient, projection: Projection) -> None:
    begin = factory.onboarded("e1")
    await projection.fold([begin, *factory.story(begin, hit=True)])
    path = f"{ALL}/e1"

    nothing = await api.patch(path, json={"individual": {"externalReferences": [{"name": "CRM", "value": "1"}]}})
    assert (nothing.status_code, nothing.json()["staleResults"]) == (200, [])
    assert (await api.get(f"{path}/results?systemStatuses=STALE")).json()["processResults"] == []

    changed = await api.patch(path, json={"individual": {"dateOfBirth": {"normalized": "1990-01-31"}}})
    stale = changed.json()["staleResults"]
    assert {(one["class"], one["objectType"]) for one in stale} == {("KYC", "DATE_OF_BIRTH"), ("AML", "INDIVIDUAL")}
    assert {one["systemStatus"] for one in stale} == {"STALE"}
    listed = (await api.get(f"{path}/results?systemStatuses=STALE&limit=100")).json()["processResults"]
    assert {one["processResultId"] for one in listed} == {one["processResultId"] for one in stale}
    (profile,) = changed.json()["serviceProfiles"]
    assert profile["workflowSummaries"][0]["riskAssessment"]["isOutdated"] is True
    models.PersonChanged.model_validate(changed.json())


async def test_a_deleted_person_is_hidden_from_every_read(api: httpx.AsyncClient, projection: Projection) -> None:
    begin = factory.onboarded("e1", individual=factory.person(nationality="GBR"))
    await projection.fold([begin, *factory.story(begin)])
    (execution,) = (await api.get("/v2/executions")).json()["executions"]
    workflow = f"{ALL}/e1/serviceprofiles/KYC/workflows/Standard"
    paths = [
        f"{ALL}/e1", f"{ALL}/e1/results", f"{ALL}/e1/documents", f"{ALL}/e1/externalreferences",
        f"{ALL}/e1/serviceprofiles/KYC", f"{workflow}/executions",
        f"{workflow}/executions/{execution['workflowExecutionId']}",
        f"{workflow}/executions/{execution['workflowExecutionId']}/history",
    ]  # fmt: skip
    before = [(await api.get(path)).status_code for path in paths]

    response = await api.delete(f"{ALL}/e1")

    assert (response.status_code, response.json()["entityId"]) == (200, "e1")
    assert before == [200] * len(paths)
    assert [(await api.get(path)).status_code for path in paths] == [404] * len(paths)
    assert (await api.get("/v2/executions")).json()["executions"] == []
    again = [
        await api.delete(f"{ALL}/e1"),
        await api.patch(f"{ALL}/e1", json={"individual": {}}),
        await api.post(f"{workflow}/execute"),
        await api.patch(f"{ALL}/e1/monitor?enabled=true"),
        await api.post(f"/v2/executions/{execution['workflowExecutionId']}/stop"),
    ]
    assert [one.status_code for one in again] == [404] * len(again)
    assert (await api.post(ALL, json=body(entityId="e1"))).status_code == 409
    async with projection.engine.connect() as connection:
        query = f"SELECT kept_until, (SELECT count(*) FROM {projection.schema}.executions) AS executions"
        row = (await connection.execute(text(f"{query} FROM {projection.schema}.deleted_individuals"))).one()
    assert (row.kept_until, row.executions) == (f"{projection.published[-1].time.year + 5}{row.kept_until[4:]}", 1)


async def test_one_is_deleted_in_the_background(api: httpx.AsyncClient) -> None:
    created = (await api.post(ALL, json=body(entityId="e1"))).status_code

    response = await api.delete(f"{ALL}/e1", headers={"X-Frankie-Background": "1"})

    assert (created, response.status_code) == (201, 202)
    assert models.ChangeAccepted.model_validate(response.json()).entityId == "e1"
    assert (await api.get(f"{ALL}/e1")).status_code == 404


async def test_whose_projection_is_late_is_told_so(api: httpx.AsyncClient, projection: Projection) -> None:
    projection.folds = False
    response = await api.post(ALL, json=body())
    assert response.status_code == 202
    models.ChangeAccepted.model_validate(response.json())


async def test_no_order_of_the_topics_makes_a_difference(api: httpx.AsyncClient, projection: Projection) -> None:
    begin = factory.onboarded("e1")
    other = await projection.beside()
    await projection.fold([begin, *factory.story(begin)])
    for name in ("Obi", "Eze"):
        await api.patch(f"{ALL}/e1", json={"individual": {"name": {"familyName": name}}})
    told = [factory.published(), begin, *factory.story(begin), *projection.published]
    await other.fold([*projection.published, *told, *projection.published], size=3)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
