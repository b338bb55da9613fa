"""Events held back: of a quarantined execution, or put there to be replayed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Message, pack_headers, unpack_headers

# Subject of a record that comes back from the dead letters rather than out of quarantine.
REPLAY = "replay:"

_HOLD = text("""
    INSERT INTO held (consumer_group, subject, topic, partition, "offset", "timestamp",
                      key, value, headers, error, released, held_at)
    VALUES (:group, :subject, :topic, :partition, :offset, :timestamp, :key, :value, :headers, :error, :released, :now)
""")
_ONE_AT_A_TIME = text("SELECT pg_try_advisory_xact_lock(hashtext(:group), hashtext('held'))")
# A subject goes on when it was released, or when what raised is gone and others still wait behind it.
_RELEASED = text("""
    SELECT * FROM held WHERE consumer_group = :group AND subject IN (
        SELECT subject FROM held WHERE consumer_group = :group
        GROUP BY subject HAVING bool_or(released) OR bool_and(error IS NULL))
    ORDER BY id LIMIT :at_most FOR UPDATE""")
_DROP = text("DELETE FROM held WHERE id = :id")
_FAILED = text("""
    UPDATE held SET released = false, error = CASE WHEN id = :id THEN :error ELSE error END
    WHERE consumer_group = :group AND subject = :subject""")
_RELEASE = text("UPDATE held SET released = true WHERE consumer_group = :group AND subject = :subject")
_LIST = text("SELECT * FROM held WHERE consumer_group = :group ORDER BY id")


@dataclass(frozen=True, slots=True)
class Held:
    """One event held back; `error` only for the one that raised."""

    id: int
    subject: str
    message: Message
    error: str | None
    released: bool
    held_at: datetime


async def hold(
    connection: AsyncConnection,
    group: str,
    subject: str,
    message: Message,
    now: datetime,
    *,
    error: str | None = None,
    released: bool = False,
) -> None:
    """Put an event aside, behind those of its subject that are held already."""
    await connection.execute(
        _HOLD,
        {
            "group": group, "subject": subject, "topic": message.topic, "partition": message.partition,
            "offset": message.offset, "timestamp": message.timestamp, "key": message.key, "value": message.value,
            "headers": pack_headers(message.headers), "error": error, "released": released, "now": now,
        },
    )  # fmt: skip


async def released(connection: AsyncConnection, group: str, at_most: int = 200) -> list[Held]:
    """Events that may be applied now, in order; none while another instance is at it."""
    if not (await connection.execute(_ONE_AT_A_TIME, {"group": group})).scalar():
        return []
    return _held(await connection.execute(_RELEASED, {"group": group, "at_most": at_most}))


async def listed(connection: AsyncConnection, group: str) -> list[Held]:
    """All that a group holds back, oldest first."""
    return _held(await connection.execute(_LIST, {"group": group}))


async def drop(connection: AsyncConnection, one: Held) -> None:
    """The event was applied."""
    await connection.execute(_DROP, {"id": one.id})


async def failed_again(connection: AsyncConnection, group: str, one: Held, error: str) -> None:
    """The event still cannot be applied: its subject stays held."""
    await connection.execute(_FAILED, {"group": group, "subject": one.subject, "id": one.id, "error": error})


async def release(connection: AsyncConnection, group: str, subject: str) -> int:
    """Let a subject go on; returns how many events wait for it."""
    return (await connection.execute(_RELEASE, {"group": group, "subject": subject})).rowcount


def _held(rows: Iterable[Row[Any]]) -> list[Held]:
    return [
        Held(
            row.id,
            row.subject,
            Message(
                row.topic, row.key, row.value, unpack_headers(row.headers), row.partition, row.offset, row.timestamp
            ),
            row.error,
            row.released,
            row.held_at,
        )
        for row in rows
    ]
