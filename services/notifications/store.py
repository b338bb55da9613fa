"""Notifications in PostgreSQL: kept once, delivered from there, and how they stand told in order."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.delivery.attempts import DELIVERED, LEASE, Log
from libs.delivery.sending import Answer
from libs.events.message import Event
from services.notifications.rules import Notification

Row: TypeAlias = RowMapping
Pair: TypeAlias = tuple[str, str]
"""Customer and purpose."""

# What was not delivered is kept until it is.
LOG = Log("deliveries", "delivery_attempts", forgotten=[DELIVERED])

_KEEP = text("""
    INSERT INTO deliveries (id, customer_id, entity_id, execution_id, request_id, step_name, purpose, body, cause_id,
                            traceparent, state, attempts, sequence, created_at, tried_since, due_at)
    SELECT n.*, 'PENDING', 0, 0, :now, :now, :now
    FROM unnest(CAST(:ids AS text[]), CAST(:customers AS text[]), CAST(:entities AS text[]),
                CAST(:executions AS text[]), CAST(:requests AS text[]), CAST(:steps AS text[]),
                CAST(:purposes AS text[]), CAST(:bodies AS bytea[]), CAST(:causes AS text[]),
                CAST(:traceparents AS text[])) AS n
    ON CONFLICT DO NOTHING RETURNING id""")
_WAIT = text("UPDATE deliveries SET waiting = CAST(:task AS json) WHERE id = :id AND state = 'PENDING'")
_STANDING = text("SELECT state, attempts FROM deliveries WHERE id = :id")
_DUE = text("SELECT DISTINCT customer_id, purpose FROM deliveries WHERE state = 'PENDING' AND due_at <= :now")
_THESE = "(SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:purposes AS text[])))"
_PARK = text(f"""
    UPDATE deliveries SET state = 'PARKED', ended_at = :now
    WHERE state = 'PENDING' AND due_at <= :now AND (customer_id, purpose) IN {_THESE} RETURNING id""")
_CLAIM = text("""
    WITH due AS (
        SELECT one.id, f.endpoint FROM unnest(CAST(:names AS text[]), CAST(:free AS int[])) AS f(endpoint, places)
        CROSS JOIN LATERAL (
            SELECT d.id FROM deliveries d
            JOIN unnest(CAST(:customers AS text[]), CAST(:purposes AS text[]), CAST(:endpoints AS text[]))
              AS p(customer_id, purpose, endpoint) USING (customer_id, purpose)
            WHERE p.endpoint = f.endpoint AND d.state = 'PENDING' AND d.due_at <= :now
            ORDER BY d.due_at LIMIT greatest(0, f.places) FOR UPDATE OF d SKIP LOCKED) AS one)
    UPDATE deliveries AS d SET due_at = :until, attempts = d.attempts + 1 FROM due WHERE d.id = due.id
    RETURNING d.*, due.endpoint""")
_CHANGE = text("""
    WITH changed AS (
        UPDATE deliveries SET sequence = sequence + 1 WHERE id = ANY (CAST(:ids AS text[]))
        RETURNING id, sequence, attempts)
    INSERT INTO delivery_changes (delivery_id, sequence, state, attempts, changed_by, changed_at, status, error,
                                  milliseconds, told)
    SELECT id, sequence, :state, attempts, :by, :now, :status, :error, :milliseconds, false FROM changed""")
_UNTOLD = text("""
    UPDATE delivery_changes AS c SET told = true
    FROM (SELECT delivery_id, sequence FROM delivery_changes WHERE NOT told
          ORDER BY changed_at LIMIT :at_most FOR UPDATE SKIP LOCKED) AS one, deliveries AS d
    WHERE c.delivery_id = one.delivery_id AND c.sequence = one.sequence AND d.id = c.delivery_id
    RETURNING c.*, d.id, d.customer_id, d.entity_id, d.execution_id, d.request_id, d.step_name, d.purpose, d.cause_id,
              d.traceparent""")
_ANSWERED = text("""
    UPDATE deliveries AS d SET waiting = NULL
    FROM (SELECT id, waiting::text AS task FROM deliveries
          WHERE id = ANY (CAST(:ids AS text[])) AND waiting IS NOT NULL FOR UPDATE) AS one
    WHERE d.id = one.id RETURNING d.id, one.task""")

_CHOSEN = """(CAST(:ids AS text[]) = '{}' OR id = ANY (CAST(:ids AS text[])))
      AND (CAST(:states AS text[]) = '{}' OR state = ANY (CAST(:states AS text[])))
      AND (CAST(:customer AS text) IS NULL OR customer_id = :customer)
      AND (CAST(:purpose AS text) IS NULL OR purpose = :purpose)"""
_LIST = text(f"SELECT * FROM deliveries WHERE {_CHOSEN} ORDER BY created_at, id")
_AGAIN = text(f"""
    UPDATE deliveries SET state = 'PENDING', ended_at = NULL, due_at = :now, tried_since = :now
    WHERE state <> 'PENDING' AND {_CHOSEN} RETURNING id""")
_CHANGES = text("SELECT * FROM delivery_changes WHERE delivery_id = :id ORDER BY sequence")


async def keep(connection: AsyncConnection, asked: Sequence[tuple[Event, Notification]], now: datetime) -> set[str]:
    """Keep what is to be delivered; the ids of what was not kept before."""
    columns = {
        "ids": [one.id for _, one in asked],
        "customers": [one.task.customerId for _, one in asked],
        "entities": [one.task.entityId for _, one in asked],
        "executions": [one.task.workflowExecutionId for _, one in asked],
        "requests": [one.task.requestId for _, one in asked],
        "steps": [one.task.stepName for _, one in asked],
        "purposes": [one.purpose for _, one in asked],
        "bodies": [one.body for _, one in asked],
        "causes": [event.id for event, _ in asked],
        "traceparents": [event.traceparent for event, _ in asked],
    }
    return set((await connection.execute(_KEEP, {**columns, "now": now})).scalars())


async def wait(connection: AsyncConnection, one: Notification) -> bool:
    """Have its task answered once it has come to an end; false where it has already."""
    task = one.task.model_dump_json(exclude_defaults=True)
    return bool((await connection.execute(_WAIT, {"id": one.id, "task": task})).rowcount)


async def standing(connection: AsyncConnection, id: str) -> tuple[str, int]:
    """The state of a delivery, and how often it was tried."""
    row = (await connection.execute(_STANDING, {"id": id})).one()
    return row.state, row.attempts


async def due(connection: AsyncConnection, now: datetime) -> list[Pair]:
    """For whom something is due, and for what."""
    return [(row.customer_id, row.purpose) for row in await connection.execute(_DUE, {"now": now})]


async def park(connection: AsyncConnection, pairs: Sequence[Pair], now: datetime) -> list[str]:
    """Try what is due for these no more; their ids."""
    return list((await connection.execute(_PARK, {**_columns(pairs), "now": now})).scalars())


async def claim(
    connection: AsyncConnection, to: Mapping[Pair, str], free: Mapping[str, int], now: datetime
) -> Sequence[Row]:
    """What is due, of each endpoint as many as there are free places; no other instance's until the lease is over."""
    if not to:
        return []
    asked = {**_columns(list(to)), "endpoints": list(to.values()), "names": list(free), "free": list(free.values())}
    return list((await connection.execute(_CLAIM, {**asked, "now": now, "until": now + LEASE})).mappings())


async def change(
    connection: AsyncConnection, ids: Sequence[str], state: str, by: str, now: datetime, answer: Answer | None = None
) -> None:
    """Note how deliveries stand from now on, to be told; `answer` is what it follows from."""
    status, error = (answer.status, answer.error) if answer else (None, None)
    told = {"status": status, "error": error, "milliseconds": round(answer.seconds * 1000) if answer else None}
    await connection.execute(_CHANGE, {"ids": list(ids), "state": state, "by": by, "now": now, **told})


async def untold(connection: AsyncConnection, at_most: int) -> list[Row]:
    """Changes that were not told yet, which they are now, in the order of each delivery."""
    rows = (await connection.execute(_UNTOLD, {"at_most": at_most})).mappings()
    return sorted(rows, key=lambda row: (row["changed_at"], row["delivery_id"], row["sequence"]))


async def answered(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, str]:
    """The tasks, as JSON, that wait for these deliveries; from now on none does."""
    return {row.id: row.task for row in await connection.execute(_ANSWERED, {"ids": list(ids)})}


async def chosen(connection: AsyncConnection, **which: Any) -> list[Row]:
    """The deliveries of some `ids`, `states`, a `customer` and a `purpose`; all where nothing is said."""
    return list((await connection.execute(_LIST, _which(**which))).mappings())


async def again(connection: AsyncConnection, by: str, now: datetime, **which: Any) -> list[str]:
    """Deliver what has come to an end once more, under the same ids; chosen as `chosen` has it."""
    ids = list((await connection.execute(_AGAIN, {**_which(**which), "now": now})).scalars())
    await change(connection, ids, "ACCEPTED", by, now)
    return sorted(ids)


async def changes_of(connection: AsyncConnection, id: str) -> list[Row]:
    """How a delivery has stood, from the beginning."""
    return list((await connection.execute(_CHANGES, {"id": id})).mappings())


def _which(
    ids: Sequence[str] = (), states: Sequence[str] = (), customer: str | None = None, purpose: str | None = None
) -> dict[str, Any]:
    return {"ids": list(ids), "states": list(states), "customer": customer, "purpose": purpose}


def _columns(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    return {"customers": [customer for customer, _ in pairs], "purposes": [purpose for _, purpose in pairs]}
