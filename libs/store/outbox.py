"""The outbox: what a transaction wants published, written with it and sent right after it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Message, pack_headers, unpack_headers

_WRITE = text("""
    WITH written AS (
        INSERT INTO outbox (event_id, topic, key, value, headers, written_at)
        SELECT *, CAST(:now AS timestamptz)
        FROM unnest(CAST(:ids AS text[]), CAST(:topics AS text[]), CAST(:keys AS bytea[]),
                    CAST(:bodies AS bytea[]), CAST(:headers AS bytea[]))
        RETURNING id)
    INSERT INTO outbox_unsent SELECT id, :now FROM written RETURNING id""")
_MARK = text("DELETE FROM outbox_unsent WHERE id = ANY(CAST(:ids AS bigint[]))")
_UNSENT = text("""
    WITH unsent AS MATERIALIZED (
        SELECT id FROM outbox_unsent WHERE written_at <= :before
        ORDER BY id LIMIT :at_most FOR UPDATE SKIP LOCKED)
    SELECT id, topic, key, value, headers FROM outbox WHERE id = ANY(ARRAY(SELECT id FROM unsent)) ORDER BY id""")
_AGAIN = text("""
    WITH again AS (
        UPDATE outbox SET written_at = :now WHERE event_id = ANY(CAST(:ids AS text[])) RETURNING id)
    INSERT INTO outbox_unsent SELECT id, :now FROM again ON CONFLICT DO NOTHING""")
_FORGET = text("""
    DELETE FROM outbox AS o WHERE o.written_at < :before
    AND NOT EXISTS (SELECT FROM outbox_unsent AS u WHERE u.id = o.id)""")


def event_id(message: Message) -> str:
    """The id that a record carries in its headers."""
    return (dict(message.headers).get("ce_id") or b"").decode()


async def write(connection: AsyncConnection, messages: Sequence[Message], now: datetime) -> list[int]:
    """Add records to the outbox within the caller's transaction; returns their row ids."""
    if not messages:
        return []
    rows = await connection.execute(
        _WRITE,
        {
            "ids": [event_id(message) for message in messages],
            "topics": [message.topic for message in messages],
            "keys": [message.key for message in messages],
            "bodies": [message.value for message in messages],
            "headers": [pack_headers(message.headers) for message in messages],
            "now": now,
        },
    )
    return list(rows.scalars())


async def mark_sent(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Note that rows were sent; without this note they are sent once more, under the same ids."""
    if ids:
        await connection.execute(_MARK, {"ids": list(ids)})


async def unsent(connection: AsyncConnection, before: datetime, at_most: int) -> tuple[list[int], list[Message]]:
    """Rows written before a time and not sent, locked for this instance."""
    rows = (await connection.execute(_UNSENT, {"before": before, "at_most": at_most})).all()
    return [row.id for row in rows], [Message(r.topic, r.key, r.value, unpack_headers(r.headers)) for r in rows]


async def send_again(connection: AsyncConnection, event_ids: Sequence[str], now: datetime) -> None:
    """Have events sent once more, with the same ids; as if written now, so that they are not forgotten meanwhile."""
    await connection.execute(_AGAIN, {"ids": list(event_ids), "now": now})


async def forget_sent(connection: AsyncConnection, before: datetime) -> None:
    """Drop rows that were written before a time, and sent."""
    await connection.execute(_FORGET, {"before": before})
