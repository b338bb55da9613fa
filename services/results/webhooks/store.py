"""Webhooks, their keys, and what is to be delivered, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import quote

import orjson
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.delivery.attempts import LEASE, Log
from libs.delivery.outgoing import Outgoing
from services.results.webhooks.notices import Notice

Row: TypeAlias = RowMapping

LOG = Log("webhook_deliveries", "webhook_attempts")

_HEARD = text("""
    SELECT DISTINCT customer_id FROM webhooks
    WHERE customer_id = ANY(CAST(:customers AS text[])) AND removed_at IS NULL AND enabled""")
_RAISE = text("""
    INSERT INTO webhook_deliveries (webhook_id, notification_id, entity_id, function, request_id, body, traceparent,
                                    state, attempts, created_at, tried_since, due_at)
    SELECT w.webhook_id, n.id, n.entity, n.function, n.request, n.body, n.traceparent, 'PENDING', 0, :now, :now, :now
    FROM unnest(CAST(:ids AS text[]), CAST(:customers AS text[]), CAST(:entities AS text[]),
                CAST(:functions AS text[]), CAST(:requests AS text[]), CAST(:bodies AS bytea[]),
                CAST(:traceparents AS text[]))
      WITH ORDINALITY AS n(id, customer, entity, function, request, body, traceparent, number)
    JOIN webhooks w ON w.customer_id = n.customer AND w.removed_at IS NULL AND w.enabled
     AND (w.functions = '{}' OR n.function = ANY (w.functions))
    ORDER BY n.number
    ON CONFLICT (webhook_id, notification_id) DO NOTHING""")
# Of each webhook as many as its free places; of one person the first only, so that theirs come in order.
_CLAIM = text("""
    WITH due AS (
        SELECT one.id, w.endpoint FROM webhooks w
        LEFT JOIN unnest(CAST(:busy AS text[]), CAST(:counts AS int[])) AS b(webhook_id, count) USING (webhook_id)
        CROSS JOIN LATERAL (
            SELECT d.id FROM webhook_deliveries d
            WHERE d.webhook_id = w.webhook_id AND d.state = 'PENDING' AND d.due_at <= :now
              AND NOT EXISTS (SELECT FROM webhook_deliveries e
                              WHERE e.webhook_id = d.webhook_id AND e.entity_id = d.entity_id
                                AND e.state = 'PENDING' AND e.id < d.id)
            ORDER BY d.due_at LIMIT greatest(0, :each - coalesce(b.count, 0)) FOR UPDATE SKIP LOCKED) AS one
        WHERE w.removed_at IS NULL AND w.enabled)
    UPDATE webhook_deliveries AS d SET due_at = :until, attempts = d.attempts + 1 FROM due WHERE d.id = due.id
    RETURNING d.*, due.endpoint""")
_SECRETS = text("""
    SELECT key_id FROM webhook_keys WHERE webhook_id = :webhook AND (ends_at IS NULL OR ends_at > :now)
    ORDER BY created_at DESC""")
_ADD = text("""
    INSERT INTO webhooks (webhook_id, customer_id, endpoint, functions, description, enabled,
                          created_at, created_by, updated_at, updated_by)
    VALUES (:webhook, :customer, :endpoint, :functions, :description, :enabled, :now, :by, :now, :by)
    ON CONFLICT DO NOTHING""")
_CHANGE = text("""
    UPDATE webhooks SET endpoint = :endpoint, functions = :functions, description = :description, enabled = :enabled,
        updated_at = :now, updated_by = :by
    WHERE webhook_id = :webhook""")
_REMOVE = text("UPDATE webhooks SET removed_at = :now, updated_at = :now, updated_by = :by WHERE webhook_id = :webhook")
_PARK = text("""
    UPDATE webhook_deliveries SET state = 'PARKED', ended_at = :now
    WHERE webhook_id = :webhook AND state = 'PENDING'""")
_OF_CUSTOMER = text("""
    SELECT * FROM webhooks WHERE customer_id = :customer AND removed_at IS NULL ORDER BY created_at, webhook_id""")
_ONE = text("""
    SELECT * FROM webhooks WHERE customer_id = :customer AND webhook_id = :webhook AND removed_at IS NULL""")
_ONE_TO_CHANGE = text(f"{_ONE.text} FOR UPDATE")
_KEYS = text("SELECT * FROM webhook_keys WHERE webhook_id = ANY(CAST(:webhooks AS text[])) ORDER BY created_at DESC")
_ADD_KEY = text("""
    INSERT INTO webhook_keys (key_id, webhook_id, created_at) VALUES (:key, :webhook, :now) ON CONFLICT DO NOTHING""")
# Two keys hold at a time: the one before the newest for a while, any older one no more.
_END_KEYS = text("""
    UPDATE webhook_keys SET ends_at = CASE WHEN ends_at IS NULL THEN CAST(:ends AS timestamptz)
                                           ELSE least(ends_at, :now) END
    WHERE webhook_id = :webhook AND key_id <> :key""")
_LOG = text("""
    SELECT d.*, a.at AS last_at, a.status AS last_status, a.error AS last_error FROM webhook_deliveries d
    LEFT JOIN LATERAL (SELECT * FROM webhook_attempts a WHERE a.delivery_id = d.id
                       ORDER BY a.number DESC LIMIT 1) AS a ON true
    WHERE d.webhook_id = :webhook AND (CAST(:before AS bigint) IS NULL OR d.id < CAST(:before AS bigint))
      AND (CAST(:states AS text[]) = '{}' OR d.state = ANY (CAST(:states AS text[])))
    ORDER BY d.id DESC LIMIT :at_most""")
_AGAIN = text("""
    UPDATE webhook_deliveries SET state = 'PENDING', ended_at = NULL, due_at = :now, tried_since = :now
    WHERE webhook_id = :webhook AND state <> 'PENDING'
      AND (CAST(:ids AS bigint[]) = '{}' OR id = ANY (CAST(:ids AS bigint[])))
      AND (CAST(:states AS text[]) = '{}' OR state = ANY (CAST(:states AS text[])))
    RETURNING id""")


async def heard(connection: AsyncConnection, customers: Collection[str]) -> frozenset[str]:
    """Those of some customers who have a webhook that is told something."""
    return frozenset((await connection.execute(_HEARD, {"customers": list(customers)})).scalars())


async def raise_all(connection: AsyncConnection, notices: Sequence[Notice], now: datetime) -> None:
    """Have notices delivered to each webhook that is told their function, in their order; a repeat changes nothing."""
    if not notices:
        return
    columns: dict[str, list[Any]] = {
        "ids": [one.id for one in notices],
        "customers": [one.customer_id for one in notices],
        "entities": [one.entity_id for one in notices],
        "functions": [one.function for one in notices],
        "requests": [one.request_id for one in notices],
        "bodies": [orjson.dumps(one.payload()) for one in notices],
        "traceparents": [one.traceparent for one in notices],
    }
    await connection.execute(_RAISE, {**columns, "now": now})


async def claim(connection: AsyncConnection, busy: Mapping[str, int], each: int, now: datetime) -> list[Outgoing]:
    """Deliveries that are due, as `Kind.claim` has it, `each` of a webhook; the request's id ends the address."""
    asked = {"busy": list(busy), "counts": list(busy.values()), "each": each, "now": now, "until": now + LEASE}
    return [_outgoing(row) for row in (await connection.execute(_CLAIM, asked)).mappings()]


def _outgoing(row: Row) -> Outgoing:
    url = f"{row['endpoint'].rstrip('/')}/{quote(row['request_id'], safe='')}"
    same = ("id", "notification_id", "body", "traceparent", "attempts", "tried_since")
    return Outgoing(receiver=row["webhook_id"], url=url, **{name: row[name] for name in same})


async def key_ids(connection: AsyncConnection, webhook_id: str, now: datetime) -> list[str]:
    """The keys that hold now, the newest first."""
    return list((await connection.execute(_SECRETS, {"webhook": webhook_id, "now": now})).scalars())


async def add(connection: AsyncConnection, webhook: Mapping[str, Any], by: str, now: datetime) -> None:
    """Register a webhook."""
    await connection.execute(_ADD, {**webhook, "by": by, "now": now})


async def change(connection: AsyncConnection, webhook: Mapping[str, Any], by: str, now: datetime) -> None:
    """Write back a webhook that was read to be changed."""
    await connection.execute(_CHANGE, {**webhook, "by": by, "now": now})


async def remove(connection: AsyncConnection, webhook_id: str, by: str, now: datetime) -> None:
    """Tell a webhook nothing more; what was on its way is parked."""
    await connection.execute(_REMOVE, {"webhook": webhook_id, "by": by, "now": now})
    await connection.execute(_PARK, {"webhook": webhook_id, "now": now})


async def of_customer(connection: AsyncConnection, customer_id: str) -> list[Row]:
    """A customer's webhooks, the oldest first."""
    return list((await connection.execute(_OF_CUSTOMER, {"customer": customer_id})).mappings())


async def one(connection: AsyncConnection, customer_id: str, webhook_id: str, *, change: bool = False) -> Row | None:
    """One of a customer's webhooks; locked where it is to be changed."""
    asked = {"customer": customer_id, "webhook": webhook_id}
    return (await connection.execute(_ONE_TO_CHANGE if change else _ONE, asked)).mappings().one_or_none()


async def keys(connection: AsyncConnection, webhook_ids: Sequence[str]) -> list[Row]:
    """The keys of webhooks, the newest first."""
    return list((await connection.execute(_KEYS, {"webhooks": list(webhook_ids)})).mappings())


async def add_key(
    connection: AsyncConnection, webhook_id: str, key_id: str, now: datetime, others_end: datetime
) -> None:
    """Sign with another key from now on, and with the one before until it ends; one that is there changes nothing."""
    added = await connection.execute(_ADD_KEY, {"webhook": webhook_id, "key": key_id, "now": now})
    if added.rowcount:
        await connection.execute(_END_KEYS, {"webhook": webhook_id, "key": key_id, "ends": others_end, "now": now})


async def log(
    connection: AsyncConnection, webhook_id: str, states: Sequence[str], before: int | None, at_most: int
) -> list[Row]:
    """Deliveries of a webhook, the newest first, with the last attempt of each."""
    asked = {"webhook": webhook_id, "states": list(states), "before": before, "at_most": at_most}
    return list((await connection.execute(_LOG, asked)).mappings())


async def again(
    connection: AsyncConnection, webhook_id: str, now: datetime, ids: Sequence[int] = (), states: Sequence[str] = ()
) -> list[int]:
    """Deliver what has come to an end once more, under the same notification ids; all that fit where none is named."""
    asked = {"webhook": webhook_id, "ids": list(ids), "states": list(states), "now": now}
    return sorted((await connection.execute(_AGAIN, asked)).scalars())
