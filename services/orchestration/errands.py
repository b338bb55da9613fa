"""Errands, kept until they are done.

A step writes them in its own transaction, a tick does them in another: so a step takes no lock but its own, a Map of
thousands of items is many small transactions, and what was not done when an instance died is done by the next one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import accumulate

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.orchestration.errand import Errand, Kind

# No more than this is taken up at once, unless one is more.
MOST_CHARACTERS = 8 * 1024 * 1024

# Those to one execution are done in the order in which they were written, so one instance at a time does them. The
# lock comes in a statement of its own: what the instance before has done is seen only by a later one.
_MINE = text("""
    SELECT pg_try_advisory_xact_lock(hashtext('orchestration'), hashtext('errands'))
    WHERE EXISTS (SELECT FROM errands WHERE due_at <= :now)""")
# Each family has its turn: the items of a large Map hold up no other execution.
_DUE = text("""
    SELECT id, kind, customer_id, execution_id, by_id, document::text AS document
    FROM errands WHERE id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY family ORDER BY id) AS turn
            FROM (SELECT id, CASE WHEN kind IN ('ITEM', 'STOP') THEN by_id ELSE execution_id END AS family
                  FROM errands WHERE due_at <= :now) AS due) AS turns
        ORDER BY turn, id LIMIT :at_most)
    ORDER BY id""")
_WRITE = text("""
    INSERT INTO errands (kind, customer_id, execution_id, by_id, document, due_at)
    SELECT kind, customer, execution, by, document::json, CAST(:now AS timestamptz)
    FROM unnest(CAST(:kinds AS text[]), CAST(:customers AS text[]), CAST(:executions AS text[]),
                CAST(:bys AS text[]), CAST(:documents AS text[])) WITH ORDINALITY
         AS given(kind, customer, execution, by, document, place) ORDER BY place""")
_DONE = text("DELETE FROM errands WHERE id = ANY(CAST(:ids AS bigint[]))")
_PARK = text("UPDATE errands SET due_at = :until WHERE id = :id")


async def write(connection: AsyncConnection, errands: Sequence[Errand], now: datetime) -> None:
    """Keep errands within the caller's transaction."""
    if errands:
        columns = {
            "kinds": [one.kind.value for one in errands],
            "customers": [one.customer_id for one in errands],
            "executions": [one.execution_id for one in errands],
            "bys": [one.by_id for one in errands],
            "documents": [orjson.dumps(one.document).decode() for one in errands],
        }
        await connection.execute(_WRITE, {**columns, "now": now})


async def due(connection: AsyncConnection, now: datetime, at_most: int) -> list[Errand]:
    """The oldest errands of each family; none while another instance is at it."""
    if not (await connection.execute(_MINE, {"now": now})).scalar():
        return []
    rows = (await connection.execute(_DUE, {"now": now, "at_most": at_most})).all()
    sizes = accumulate(len(row.document) for row in rows)
    return [
        Errand(Kind(row.kind), row.customer_id, row.execution_id, row.by_id, orjson.loads(row.document), row.id)
        for row, size in zip(rows, sizes, strict=True)
        if size <= MOST_CHARACTERS or row is rows[0]
    ]


async def done(connection: AsyncConnection, errands: Collection[Errand]) -> None:
    """Forget errands."""
    if errands:
        await connection.execute(_DONE, {"ids": [one.id for one in errands]})


async def park(connection: AsyncConnection, errand: Errand, until: datetime) -> None:
    """Leave an errand alone until then."""
    await connection.execute(_PARK, {"id": errand.id, "until": until})
