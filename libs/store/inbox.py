"""The inbox: which events a group has taken, so that a repeat has no effect."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event

_TAKE = text("""
    INSERT INTO inbox (consumer_group, source, event_id, taken_at)
    SELECT :group, *, CAST(:now AS timestamptz) FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[]))
    ON CONFLICT DO NOTHING RETURNING source, event_id""")
_GIVE_BACK = text("""
    DELETE FROM inbox WHERE consumer_group = :group AND (source, event_id) IN
        (SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:ids AS text[])))""")
_FORGET = text("DELETE FROM inbox WHERE consumer_group = :group AND taken_at < :before")


async def take(connection: AsyncConnection, group: str, events: Sequence[Event], now: datetime) -> set[tuple[str, str]]:
    """Note these events as taken; returns (source, id) of those that were not taken before."""
    rows = await connection.execute(
        _TAKE,
        {"group": group, "sources": [e.source for e in events], "ids": [e.id for e in events], "now": now},
    )
    return {(row.source, row.event_id) for row in rows}


async def give_back(connection: AsyncConnection, group: str, events: Sequence[Event]) -> None:
    """These events were refused: should they be replayed, they are new."""
    if events:
        await connection.execute(
            _GIVE_BACK, {"group": group, "sources": [e.source for e in events], "ids": [e.id for e in events]}
        )


async def forget(connection: AsyncConnection, group: str, before: datetime) -> None:
    """Drop what was taken before a time."""
    await connection.execute(_FORGET, {"group": group, "before": before})
