"""/v2/webhooks: registered, listed, changed and removed."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from libs.delivery.addresses import Reachable
from services.results.api import models, webhook_models
from services.results.api.app import create_app
from services.results.api.webhooks import MOST_WEBHOOKS, Means
from tests.libs.delivery.receiver import Receiver
from tests.services.results import factory
from tests.services.results.conftest import HEADERS, OTHER_CUSTOMER
from tests.services.results.webhooks.conftest import MASTER, Told, registered

BEGIN = factory.onboarded()
STORY = [BEGIN, *factory.story(BEGIN)]
PUBLIC = "https://hooks.example.com/vetstream"


async def test_a_webhook_is_registered_read_listed_and_changed(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v2/webhooks", json={"endpoint": PUBLIC, "functions": ["WorkflowComplete"]})
    given = webhook_models.WebhookWithSecret.model_validate(answer.json())
    assert (answer.status_code, given.webhook.createdBy, given.webhook.enabled) == (201, "officer", True)
    assert (len(given.secret), given.secret[:6]) == (50, "whsec_")
    one = f"/v2/webhooks/{given.webhook.webhookId}"
    assert (await api.get(one)).json()["webhook"] == answer.json()["webhook"]
    change = await api.patch(one, json={"enabled": False, "description": "the old system"})
    changed = webhook_models.OneWebhook.model_validate(change.json()).webhook
    assert (changed.enabled, changed.description, changed.endpoint) == (False, "the old system", PUBLIC)
    assert changed.functions == ["WorkflowComplete"]
    listed = webhook_models.Webhooks.model_validate((await api.get("/v2/webhooks")).json())
    assert listed.webhooks == [changed]


async def test_no_secret_can_be_read_nor_stands_in_the_database(api: httpx.AsyncClient, told: Told) -> None:
    given = (await api.post("/v2/webhooks", json={"endpoint": PUBLIC})).json()
    one = f"/v2/webhooks/{given['webhook']['webhookId']}"
    secret = given["secret"].removeprefix("whsec_")
    for path in ("/v2/webhooks", one, f"{one}/deliveries"):
        assert secret not in (await api.get(path)).text
    async with told.engine.connect() as connection:
        for table in ("webhooks", "webhook_keys"):
            rows = await connection.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))
            assert all(secret not in row[0] for row in rows)


async def test_a_removed_webhook_is_gone_and_what_was_on_its_way_is_parked(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    webhook = (await registered(api, receiver))["webhook"]["webhookId"]
    await told.fold(*STORY)
    answer = await api.delete(f"/v2/webhooks/{webhook}")
    assert (answer.status_code, answer.json()["webhookId"]) == (200, webhook)
    assert (await api.get(f"/v2/webhooks/{webhook}")).status_code == 404
    assert (await api.get("/v2/webhooks")).json()["webhooks"] == []
    await told.deliver()
    assert receiver.connections == 0
    async with told.engine.connect() as connection:
        states = (await connection.execute(text("SELECT DISTINCT state FROM webhook_deliveries"))).scalars().all()
    assert states == ["PARKED"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "ftp://example.com/"}, "endpoint"),
        ({"endpoint": "https:///path"}, "endpoint"),
        ({"endpoint": "https://user:word@example.com/"}, "endpoint"),
        ({"endpoint": "https://example.com/?a=b"}, "endpoint"),
        ({"endpoint": "https://example.com:99999/"}, "endpoint"),
        ({"endpoint": "https://exämple.com/"}, "endpoint"),
        ({"endpoint": "https://10.0.0.1/"}, "endpoint"),
        ({"endpoint": "https://[::1]/"}, "endpoint"),
        ({"endpoint": PUBLIC, "functions": ["Everything"]}, "functions[0]"),
        ({"endpoint": PUBLIC, "secret": "mine"}, "secret"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_place(
    api: httpx.AsyncClient, body: dict[str, Any], place: str
) -> None:
    answer = await api.post("/v2/webhooks", json=body)
    assert answer.status_code == 422
    assert models.Error.model_validate(answer.json()).details[0].issueLocation == place
    assert (await api.get("/v2/webhooks")).json()["webhooks"] == []


async def test_without_networks_of_the_operators_own_only_https_will_do(told: Told) -> None:
    app = create_app(told.engine, told, told.broker, webhook_means=Means(MASTER, Reachable()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=HEADERS) as api:
        assert (await api.post("/v2/webhooks", json={"endpoint": "http://example.com/"})).status_code == 422
        assert (await api.post("/v2/webhooks", json={"endpoint": "https://example.com/"})).status_code == 201


async def test_without_a_master_key_webhooks_are_not_set_up(told: Told) -> None:
    app = create_app(told.engine, told, told.broker)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=HEADERS) as api:
        answer = await api.post("/v2/webhooks", json={"endpoint": PUBLIC})
    assert (answer.status_code, "VETSTREAM_WEBHOOK_KEY" in answer.json()["errorMsg"]) == (503, True)


async def test_another_customer_finds_nothing_of_it(api: httpx.AsyncClient) -> None:
    one = f"/v2/webhooks/{(await api.post('/v2/webhooks', json={'endpoint': PUBLIC})).json()['webhook']['webhookId']}"
    other = OTHER_CUSTOMER
    asked = [("GET", one), ("PATCH", one), ("DELETE", one), ("POST", f"{one}/keys"), ("GET", f"{one}/deliveries")]
    asked += [
        ("GET", f"{one}/deliveries/1"),
        ("POST", f"{one}/deliveries/1/replay"),
        ("POST", f"{one}/deliveries/replay"),
    ]
    for method, path in asked:
        answer = await api.request(method, path, headers=other, json={} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["details"][0]["issueLocation"]) == (404, "path.webhookId")
    assert (await api.get("/v2/webhooks", headers=other)).json()["webhooks"] == []


async def test_a_customer_has_so_many_at_most(api: httpx.AsyncClient) -> None:
    for _ in range(MOST_WEBHOOKS):
        assert (await api.post("/v2/webhooks", json={"endpoint": PUBLIC})).status_code == 201
    assert (await api.post("/v2/webhooks", json={"endpoint": PUBLIC})).status_code == 409


async def test_pages_of_the_log(api: httpx.AsyncClient, told: Told, receiver: Receiver) -> None:
    webhook = (await registered(api, receiver))["webhook"]["webhookId"]
    await told.fold(*STORY)
    log = f"/v2/webhooks/{webhook}/deliveries"
    first = webhook_models.Deliveries.model_validate((await api.get(log, params={"limit": 2})).json())
    second = webhook_models.Deliveries.model_validate((await api.get(log, params={"before": first.nextBefore})).json())
    assert [one.function for one in [*first.deliveries, *second.deliveries]] == [
        *("WorkflowComplete", "EntityStatusChanged", "EntityRiskChanged")
    ]
    assert second.nextBefore is None
    assert (await api.get(log, params={"states": "LOST"})).status_code == 400
    assert (await api.get(f"{log}/{2**63}")).status_code in (400, 422)


async def test_a_repeat_is_given_the_same_secret_which_stands_nowhere(
    told: Told, api: httpx.AsyncClient, receiver: Receiver
) -> None:
    same = {"Idempotency-Key": "register-once"}
    first, again = [(await api.post("/v2/webhooks", json={"endpoint": receiver.url}, headers=same)) for _ in range(2)]
    assert (first.status_code, again.json()) == (201, first.json())
    path = f"/v2/webhooks/{first.json()['webhook']['webhookId']}/keys"
    changed = [(await api.post(path, headers={"Idempotency-Key": "change-once"})).json() for _ in range(2)]
    assert changed[0] == changed[1]
    async with told.engine.connect() as connection:
        kept = await connection.execute(
            text("SELECT body FROM idempotent_requests WHERE idempotency_key LIKE '%-once'")
        )
        assert [*kept.scalars()] == [None, None]
