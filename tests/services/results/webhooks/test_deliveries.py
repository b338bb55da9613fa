"""What happens to a person arrives at a receiver over real HTTP: signed, in order, again until it is taken."""

import asyncio
import time
from datetime import timedelta

import httpx
import pytest

from libs.delivery.addresses import Reachable
from libs.delivery.attempts import LEASE
from libs.delivery.sending import Sender
from libs.events.models import ExecutionState, ExecutionStatus
from services.results.fold import execution_id
from services.results.webhooks import store
from tests.libs.delivery.receiver import Received, Receiver, status
from tests.services.results import factory
from tests.services.results.conftest import OTHER_CUSTOMER
from tests.services.results.webhooks.conftest import Told, registered

BEGIN = factory.onboarded()
STORY = [BEGIN, *factory.story(BEGIN)]


def functions(receiver: Receiver) -> list[str]:
    return [one.json["function"] for one in receiver.received]


async def log(api: httpx.AsyncClient, webhook: str, **query: str) -> list[dict[str, object]]:
    answer = await api.get(f"/v2/webhooks/{webhook}/deliveries", params=query)
    return list(answer.json()["deliveries"])


async def test_an_end_is_told_with_the_contracts_payload_at_the_requests_address_and_signed(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    secret = (await registered(api, receiver, functions=["WorkflowComplete"]))["secret"]
    await told.fold(*STORY)
    await told.deliver()
    (one,) = receiver.received
    assert one.path == "/hook/request-c1-e1"
    assert one.json == {
        "workflowExecutionId": execution_id(BEGIN.id),
        "entityId": "e1",
        "entityType": "INDIVIDUAL",
        "workflowName": factory.WORKFLOW,
        "serviceName": factory.SERVICE,
        "function": "WorkflowComplete",
        "functionResult": "SUCCESS",
        "notificationType": "EVENT",
        "message": "Workflow ended: COMPLETED, PASS.",
        "requestId": "request-c1-e1",
        "version": "2.0.0",
    }
    assert one.headers["content-type"] == "application/json"
    assert one.headers["webhook-timestamp"] == str(int(told.now.timestamp()))
    assert one.signed_by(secret)
    assert not Received(one.path, one.headers, one.body + b" ").signed_by(secret)


async def test_all_functions_in_the_order_of_what_happened(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    await registered(api, receiver)
    await told.fold(*STORY, factory.amended(BEGIN))
    another = factory.onboarded(version=2, seconds=300, individual=factory.person("Okafor"))
    await told.fold(another, *factory.story(another, ExecutionStatus.REVIEW, seconds=300))
    await told.deliver()
    assert [(one.json["function"], one.json["message"]) for one in receiver.received] == [
        ("EntityRiskChanged", "Risk level is LOW."),
        ("EntityStatusChanged", "Status is PASS."),
        ("WorkflowComplete", "Workflow ended: COMPLETED, PASS."),
        ("EntityStatusChanged", "Status changed from PASS to FAIL."),
        ("EntityProfileUpdated", "The person's data has changed; it is at version 2."),
        ("EntityStatusChanged", "Status changed from FAIL to REVIEW."),
        ("WorkflowComplete", "Workflow ended: COMPLETED, REVIEW."),
    ]
    override = receiver.received[3].json
    assert override["requestId"].startswith("request-amendment-")  # by whom the status was changed, not who began


async def test_an_override_that_is_refused_and_what_is_folded_again_are_no_news(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    await registered(api, receiver)
    await told.fold(*STORY)
    await told.deliver()
    receiver.received.clear()
    await told.fold(factory.amended(BEGIN, version=3), *STORY)
    await told.deliver()
    assert receiver.received == []


async def test_an_execution_that_fails_is_an_error(api: httpx.AsyncClient, told: Told, receiver: Receiver) -> None:
    await registered(api, receiver)
    await told.fold(BEGIN, factory.progressed(BEGIN, 1), factory.progressed(BEGIN, 2, state=ExecutionState.FAILED))
    await told.deliver()
    (one,) = receiver.received
    assert (one.json["function"], one.json["functionResult"]) == ("WorkflowComplete", "ERROR")


async def test_another_customers_webhook_and_one_that_is_not_enabled_hear_nothing(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    await registered(api, receiver, enabled=False)
    body = {"endpoint": receiver.url}
    await api.post("/v2/webhooks", json=body, headers=OTHER_CUSTOMER)
    await told.fold(*STORY)
    await told.deliver()
    assert receiver.connections == 0


async def test_a_receiver_that_fails_gets_the_same_again_until_it_takes_it(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    webhook = (await registered(api, receiver, functions=["WorkflowComplete"]))["webhook"]["webhookId"]
    receiver.behaviours = [status(500), status(204), status(302, f"Location: {receiver.url}/elsewhere"), status(202)]
    await told.fold(*STORY)
    await told.deliver(times=6)
    assert len(receiver.received) == 4
    assert len({(one.path, one.headers["webhook-id"], one.body) for one in receiver.received}) == 1
    assert len({one.headers["webhook-timestamp"] for one in receiver.received}) == 4
    (delivery,) = await log(api, webhook)
    assert (delivery["state"], delivery["attempts"], delivery["lastStatus"]) == ("DELIVERED", 4, 202)
    one = (await api.get(f"/v2/webhooks/{webhook}/deliveries/{delivery['deliveryId']}")).json()
    assert [attempt["status"] for attempt in one["attempts"]] == [500, 204, 302, 202]
    assert one["payload"] == receiver.received[0].json
    assert one["delivery"]["notificationId"] == receiver.received[0].headers["webhook-id"]


async def test_400_stops_the_retries(api: httpx.AsyncClient, told: Told, receiver: Receiver) -> None:
    webhook = (await registered(api, receiver, functions=["WorkflowComplete"]))["webhook"]["webhookId"]
    receiver.behaviours = [status(400)]
    await told.fold(*STORY)
    await told.deliver(times=3)
    assert len(receiver.received) == 1
    assert [one["state"] for one in await log(api, webhook)] == ["REFUSED"]


async def test_after_a_day_it_is_parked_and_can_be_replayed_under_the_same_id(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    webhook = (await registered(api, receiver, functions=["WorkflowComplete"]))["webhook"]["webhookId"]
    receiver.behaviours = [status(503)]
    await told.fold(*STORY)
    await told.deliver(times=30)
    tried = len(receiver.received)
    assert 20 <= tried <= 26
    assert [one["state"] for one in await log(api, webhook, states="PARKED")] == ["PARKED"]
    receiver.behaviours = [status(200)]
    await told.deliver(times=2)
    assert len(receiver.received) == tried
    answer = await api.post(f"/v2/webhooks/{webhook}/deliveries/replay")
    (delivery,) = await log(api, webhook)
    assert (answer.status_code, answer.json()["deliveryIds"]) == (202, [delivery["deliveryId"]])
    await told.deliver()
    assert receiver.received[-1].headers["webhook-id"] == receiver.received[0].headers["webhook-id"]
    assert [one["state"] for one in await log(api, webhook)] == ["DELIVERED"]


async def test_one_delivery_is_replayed_while_one_that_is_on_its_way_is_not(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    webhook = (await registered(api, receiver, functions=["WorkflowComplete"]))["webhook"]["webhookId"]
    await told.fold(*STORY)
    ((number),) = [one["deliveryId"] for one in await log(api, webhook)]
    replay = f"/v2/webhooks/{webhook}/deliveries/{number}/replay"
    assert (await api.post(replay)).status_code == 409
    await told.deliver()
    assert (await api.post(replay)).status_code == 202
    await told.deliver()
    assert len(receiver.received) == 2


async def test_one_person_in_order_while_others_are_not_kept_waiting(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    await registered(api, receiver, functions=["WorkflowComplete", "EntityStatusChanged"])
    other = factory.onboarded("e2")
    await told.fold(*STORY, other, *factory.story(other))
    broken = [True]

    async def behave(received: Received, writer: asyncio.StreamWriter) -> None:
        await status(500 if broken[0] and received.json["entityId"] == "e1" else 200)(received, writer)

    receiver.behaviours = [behave]
    await told.deliver()
    assert sorted((one.json["entityId"], one.json["function"]) for one in receiver.received) == [
        ("e1", "EntityStatusChanged"),
        ("e2", "EntityStatusChanged"),
        ("e2", "WorkflowComplete"),
    ]
    broken[0] = False
    told.now += timedelta(minutes=1)
    await told.deliver()
    of_e1 = [one.json["function"] for one in receiver.received if one.json["entityId"] == "e1"]
    assert of_e1 == ["EntityStatusChanged", "EntityStatusChanged", "WorkflowComplete"]


async def _stalls(received: Received, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def _drips_headers(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        writer.write(f"X-More-{number}: x\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)


async def _hangs_up(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _babbles(received: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"what?\r\n\r\n")


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (_stalls, "no answer in time"),
        (_drips_headers, "no answer in time"),
        (_hangs_up, "Disconnected"),
        (_babbles, "Bad status line"),
    ],
)
async def test_a_receiver_that_stalls_or_breaks_off_is_tried_again(
    api: httpx.AsyncClient, told: Told, receiver: Receiver, behaviour: object, error: str
) -> None:
    webhook = (await registered(api, receiver, functions=["WorkflowComplete"]))["webhook"]["webhookId"]
    receiver.behaviours = [behaviour, status(200)]  # type: ignore[list-item]
    await told.fold(*STORY)
    began = time.monotonic()
    await told.deliver()
    assert time.monotonic() - began < 3
    (delivery,) = await log(api, webhook)
    assert (delivery["state"], delivery["lastStatus"]) == ("PENDING", None)
    assert error in str(delivery["lastError"])
    told.now += timedelta(minutes=1)
    await told.deliver()
    assert [one["state"] for one in await log(api, webhook)] == ["DELIVERED"]


async def test_an_endless_body_is_not_read(api: httpx.AsyncClient, told: Told, receiver: Receiver) -> None:
    webhook = (await registered(api, receiver, functions=["WorkflowComplete"]))["webhook"]["webhookId"]
    written: list[int] = []

    async def endless(received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while len(written) < 10_000:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
            written.append(0x10000)

    receiver.behaviours = [endless]
    await told.fold(*STORY)
    await told.deliver()
    assert [one["state"] for one in await log(api, webhook)] == ["DELIVERED"]
    assert sum(written) < 50 * 2**20


async def test_a_webhook_that_stalls_keeps_no_other_waiting(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    stalling = Receiver(behaviours=[_stalls])
    server = await stalling.serve()
    await registered(api, stalling)
    await registered(api, receiver)
    persons = [factory.onboarded(f"e{number}") for number in range(8)]
    for person in persons:
        await told.fold_at_once([person, *factory.story(person)])
    for _ in range(5):
        await told.deliver()
    server.close()
    assert len(receiver.received) == 24


async def test_while_keys_are_changed_both_sign_and_then_the_newer_alone(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    given = await registered(api, receiver)
    old, webhook = given["secret"], given["webhook"]["webhookId"]
    answer = await api.post(f"/v2/webhooks/{webhook}/keys", json={"overlapHours": 2})
    new = answer.json()["secret"]
    assert (answer.status_code, new != old) == (201, True)
    await told.fold(*STORY)
    await told.deliver()
    assert all(one.signed_by(old) and one.signed_by(new) for one in receiver.received)
    receiver.received.clear()
    told.now += timedelta(hours=3)
    await told.fold(factory.amended(BEGIN))
    await told.deliver()
    (one,) = receiver.received
    assert (one.signed_by(new), one.signed_by(old)) == (True, False)


async def test_a_private_address_is_not_connected_to_whatever_name_leads_there(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    named = receiver.url.replace("127.0.0.1", "localhost")
    for endpoint in (receiver.url, named):
        assert (await api.post("/v2/webhooks", json={"endpoint": endpoint})).status_code == 201
    await told.fold(*STORY)
    told.sender = Sender(Reachable())  # the operator allows it no more
    await told.deliver()
    assert receiver.connections == 0
    for webhook in (await api.get("/v2/webhooks")).json()["webhooks"]:
        (delivery, *_) = [one for one in await log(api, webhook["webhookId"]) if one["attempts"]]
        assert "is not a public address" in str(delivery["lastError"])


async def test_an_instance_that_dies_with_a_delivery_leaves_it_to_the_next(
    api: httpx.AsyncClient, told: Told, receiver: Receiver
) -> None:
    await registered(api, receiver, functions=["WorkflowComplete"])
    await told.fold(*STORY)
    async with told.engine.begin() as connection:
        assert len(await store.claim(connection, {}, 4, told.now)) == 1
    await told.deliver()
    assert receiver.received == []
    told.now += LEASE
    await told.deliver()
    assert functions(receiver) == ["WorkflowComplete"]
