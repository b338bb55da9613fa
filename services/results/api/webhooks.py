"""/v2/webhooks: registered, listed, changed, removed; what was delivered, and once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, cast

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.delivery import endpoints, signing
from libs.delivery.addresses import Reachable
from libs.delivery.attempts import STATES
from services.results.api import models
from services.results.api import webhook_models as told
from services.results.api.caller import Caller, CallerOf
from services.results.api.execute import Named
from services.results.api.paging import Many, listed
from services.results.api.parts import PartsOf
from services.results.api.problems import Detail, Problem, answer, not_found
from services.results.webhooks import store

MOST_WEBHOOKS = 20
LARGEST_ID = 2**63 - 1

ONE = "/v2/webhooks/{webhookId}"
LOG = ONE + "/deliveries"

router = APIRouter(tags=["Webhooks"], responses=models.ERRORS)
FOUND = models.NOT_FOUND
NOT_SET_UP: dict[int | str, dict[str, Any]] = {503: {"model": models.Error, "description": "Webhooks are not set up."}}

Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@dataclass(frozen=True, slots=True)
class Means:
    """The master key that secrets follow from, and where endpoints may lead."""

    master: bytes
    reachable: Reachable

    def secret(self, webhook_id: str, key_id: str) -> str:
        """The secret of a key, as it is shown."""
        return signing.shown(signing.secret(self.master, webhook_id, key_id))


def means(request: Request) -> Means:
    """What webhooks need here; refused where the operator has not set them up."""
    found = cast("Means | None", request.app.state.webhooks)
    if found is None:
        raise Problem(503, "UNAVAILABLE", "webhooks are not set up: VETSTREAM_WEBHOOK_KEY holds no key")
    return found


MeansOf = Annotated[Means, Depends(means)]


@router.post(
    "/v2/webhooks", status_code=201, summary="Register a webhook", responses={201: {"model": told.WebhookWithSecret}}
    | models.CONFLICT | models.INVALID | NOT_SET_UP,
)  # fmt: skip
async def register(caller: CallerOf, parts: PartsOf, means: MeansOf, body: told.NewWebhook) -> Response:
    """It is told of what happens from now on. The answer has its secret, which cannot be read again."""
    _require_reachable(body.endpoint, means)
    caller.trail.secret = True
    webhook_id, key_id, now = caller.new_id("webhook"), caller.new_id("key"), parts.clock()
    row = {**_columns(body), "webhook": webhook_id, "customer": caller.customer_id}
    async with parts.engine.begin() as connection:
        if len(await store.of_customer(connection, caller.customer_id)) >= MOST_WEBHOOKS:
            raise Problem(409, "CONFLICT", f"a customer has {MOST_WEBHOOKS} webhooks at most")
        await store.add(connection, row, caller.username, now)
        await store.add_key(connection, webhook_id, key_id, now, now)
        webhook = await _told(connection, caller, webhook_id)
    secret = means.secret(webhook_id, key_id)
    return answer(201, {"requestId": caller.request_id, "webhook": webhook, "secret": secret})


@router.get("/v2/webhooks", summary="The customer's webhooks", response_model=told.Webhooks)
async def webhooks(caller: CallerOf, parts: PartsOf) -> Response:
    """The oldest first."""
    async with parts.engine.connect() as connection:
        rows = await store.of_customer(connection, caller.customer_id)
        keys = await store.keys(connection, [row["webhook_id"] for row in rows])
    return answer(200, {"requestId": caller.request_id, "webhooks": [_webhook(row, keys) for row in rows]})


@router.get(ONE, summary="One webhook", response_model=told.OneWebhook, responses=FOUND)
async def webhook(caller: CallerOf, parts: PartsOf, webhookId: Named) -> Response:
    """With the keys that sign, without their secrets."""
    async with parts.engine.connect() as connection:
        found = await _told(connection, caller, webhookId)
    return answer(200, {"requestId": caller.request_id, "webhook": found})


@router.patch(ONE, summary="Change a webhook", response_model=told.OneWebhook,
              responses=FOUND | models.INVALID | NOT_SET_UP)  # fmt: skip
async def change(
    caller: CallerOf, parts: PartsOf, means: MeansOf, webhookId: Named, body: told.WebhookChange
) -> Response:
    """While it is not enabled it hears of nothing, and what is on its way waits."""
    if body.endpoint is not None:
        _require_reachable(body.endpoint, means)
    async with parts.engine.begin() as connection:
        row = await _found(connection, caller, webhookId, change=True)
        given = {name: value for name, value in _columns(body).items() if name in body.model_fields_set}
        kept = {name: row[name] for name in ("endpoint", "functions", "description", "enabled")}
        changed = {
            **kept,
            **{name: value for name, value in given.items() if value is not None or name == "description"},
        }
        await store.change(connection, {**changed, "webhook": webhookId}, caller.username, parts.clock())
        found = await _told(connection, caller, webhookId)
    return answer(200, {"requestId": caller.request_id, "webhook": found})


@router.delete(ONE, summary="Remove a webhook", response_model=told.RemovedWebhook, responses=FOUND)
async def remove(caller: CallerOf, parts: PartsOf, webhookId: Named) -> Response:
    """It is told nothing more; what was on its way is parked."""
    async with parts.engine.begin() as connection:
        await _found(connection, caller, webhookId, change=True)
        await store.remove(connection, webhookId, caller.username, parts.clock())
    return answer(200, {"requestId": caller.request_id, "webhookId": webhookId})


@router.post(
    ONE + "/keys", status_code=201, summary="Change the key", responses={201: {"model": told.WebhookWithSecret}}
    | FOUND | models.INVALID | NOT_SET_UP,
)  # fmt: skip
async def change_key(
    caller: CallerOf, parts: PartsOf, means: MeansOf, webhookId: Named, body: told.NewKey | None = None
) -> Response:
    """The new key signs from now on, the one before it too for a while, any older one no more."""
    caller.trail.secret = True
    key_id, now = caller.new_id("key"), parts.clock()
    ends = now + timedelta(hours=(body or told.NewKey()).overlapHours)
    async with parts.engine.begin() as connection:
        await _found(connection, caller, webhookId, change=True)
        await store.add_key(connection, webhookId, key_id, now, ends)
        found = await _told(connection, caller, webhookId)
    secret = means.secret(webhookId, key_id)
    return answer(201, {"requestId": caller.request_id, "webhook": found, "secret": secret})


@router.get(LOG, summary="What was delivered to a webhook, and what was not", response_model=told.Deliveries,
            responses=FOUND)  # fmt: skip
async def deliveries(
    caller: CallerOf,
    parts: PartsOf,
    webhookId: Named,
    states: Many = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="deliveryId: only older ones.")] = None,
) -> Response:
    """The newest first; kept for 30 days after their end."""
    wanted = listed(states, "states", STATES)
    async with parts.engine.connect() as connection:
        await _found(connection, caller, webhookId)
        rows = await store.log(connection, webhookId, wanted, before, limit + 1)
    content = {
        "requestId": caller.request_id,
        "deliveries": [_delivery(row) for row in rows[:limit]],
        "nextBefore": rows[limit - 1]["id"] if len(rows) > limit else None,
    }
    return answer(200, content)


@router.get(LOG + "/{deliveryId}", summary="One delivery, with every attempt", response_model=told.OneDelivery,
            responses=FOUND)  # fmt: skip
async def delivery(caller: CallerOf, parts: PartsOf, webhookId: Named, deliveryId: Number) -> Response:
    """The payload is what was sent, to the letter."""
    async with parts.engine.connect() as connection:
        await _found(connection, caller, webhookId)
        rows = await store.log(connection, webhookId, (), deliveryId + 1, 1) if deliveryId < LARGEST_ID else []
        if not rows or rows[0]["id"] != deliveryId:
            raise not_found("delivery", "path.deliveryId")
        attempts = await store.LOG.attempts_of(connection, deliveryId)
    content = {
        "requestId": caller.request_id,
        "delivery": _delivery(rows[0]),
        "payload": orjson.loads(rows[0]["body"]),
        "attempts": [{name: one[name] for name in ("number", "at", "seconds", "status", "error")} for one in attempts],
    }
    return answer(200, content)


@router.post(LOG + "/{deliveryId}/replay", status_code=202, summary="Deliver once more", responses={
    202: {"model": told.Replayed}} | FOUND | models.CONFLICT)  # fmt: skip
async def replay_one(caller: CallerOf, parts: PartsOf, webhookId: Named, deliveryId: Number) -> Response:
    """Under the same notification id; one that is on its way is refused."""
    async with parts.engine.begin() as connection:
        await _found(connection, caller, webhookId)
        ids = await store.again(connection, webhookId, parts.clock(), ids=[deliveryId])
        if not ids:
            rows = await store.log(connection, webhookId, (), min(deliveryId + 1, LARGEST_ID), 1)
            if not rows or rows[0]["id"] != deliveryId:
                raise not_found("delivery", "path.deliveryId")
            detail = Detail("is on its way", "path.deliveryId", "CONFLICT")
            raise Problem(409, "CONFLICT", "the delivery is on its way already", [detail])
    return answer(202, {"requestId": caller.request_id, "deliveryIds": ids})


@router.post(LOG + "/replay", status_code=202, summary="Deliver once more what has ended so", responses={
    202: {"model": told.Replayed}} | FOUND | models.INVALID)  # fmt: skip
async def replay(caller: CallerOf, parts: PartsOf, webhookId: Named, body: told.Replay | None = None) -> Response:
    """What is parked, unless other states are named; under the same notification ids, in their order."""
    wanted: Sequence[str] = (body and body.states) or ["PARKED"]
    async with parts.engine.begin() as connection:
        await _found(connection, caller, webhookId)
        ids = await store.again(connection, webhookId, parts.clock(), states=wanted)
    return answer(202, {"requestId": caller.request_id, "deliveryIds": ids})


def _require_reachable(endpoint: str, means: Means) -> None:
    if (wrong := endpoints.problem(endpoint, means.reachable)) is not None:
        raise Problem(422, "INVALID_REQUEST", f"endpoint: {wrong}", [Detail(wrong, "endpoint", "INVALID")])


async def _found(connection: AsyncConnection, caller: Caller, webhook_id: str, *, change: bool = False) -> store.Row:
    row = await store.one(connection, caller.customer_id, webhook_id, change=change)
    if row is None:
        raise not_found("webhook", "path.webhookId")
    return row


async def _told(connection: AsyncConnection, caller: Caller, webhook_id: str) -> dict[str, Any]:
    row = await _found(connection, caller, webhook_id)
    return _webhook(row, await store.keys(connection, [webhook_id]))


def _columns(body: told.NewWebhook | told.WebhookChange) -> dict[str, Any]:
    functions = None if body.functions is None else list(dict.fromkeys(body.functions))
    return {
        "endpoint": body.endpoint,
        "functions": functions,
        "description": body.description,
        "enabled": body.enabled,
    }


def _webhook(row: store.Row, keys: Sequence[store.Row]) -> dict[str, Any]:
    own = [key for key in keys if key["webhook_id"] == row["webhook_id"]]
    return {
        "webhookId": row["webhook_id"],
        "endpoint": row["endpoint"],
        "functions": row["functions"],
        "description": row["description"],
        "enabled": row["enabled"],
        "keys": [{"keyId": key["key_id"], "createdAt": key["created_at"], "endsAt": key["ends_at"]} for key in own],
        "createdAt": row["created_at"],
        "createdBy": row["created_by"],
        "updatedAt": row["updated_at"],
        "updatedBy": row["updated_by"],
    }


def _delivery(row: store.Row) -> dict[str, Any]:
    return {
        "deliveryId": row["id"],
        "notificationId": row["notification_id"],
        "function": row["function"],
        "entityId": row["entity_id"],
        "notificationRequestId": row["request_id"],
        "state": row["state"],
        "attempts": row["attempts"],
        "createdAt": row["created_at"],
        "dueAt": row["due_at"] if row["state"] == "PENDING" else None,
        "endedAt": row["ended_at"],
        "lastAttemptAt": row["last_at"],
        "lastStatus": row["last_status"],
        "lastError": row["last_error"],
    }
