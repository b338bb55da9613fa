"""The watchlists as they were compared last, the changes that were told of them, and a receipt for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import WatchlistPublished

# One instance reacts, in the order in which the changes were told.
_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('monitoring'), hashtext('watchlists'))")
_TELL = text("""
    INSERT INTO list_changes (list_id, version, sha256, uri, state, told_at)
    SELECT CAST(:id AS text), :version, :sha256, :uri, 'WAITING', :now
    WHERE NOT EXISTS (
        SELECT FROM (
            SELECT version, sha256 FROM list_changes WHERE list_id = :id ORDER BY number DESC LIMIT 1) AS newest
        WHERE newest.version = :version AND newest.sha256 = :sha256)""")
_NEXT = text("""
    SELECT number, list_id, version, sha256, uri, told_at FROM list_changes
    WHERE state = 'WAITING' ORDER BY number LIMIT 1""")
_ENTRIES = text("SELECT entry_id, facts::text AS facts FROM list_entries WHERE list_id = :id")
_REMOVE = text("DELETE FROM list_entries WHERE list_id = :id AND entry_id = ANY(CAST(:entries AS text[]))")
_PUT = text("""
    INSERT INTO list_entries
    SELECT :id, entry, facts::jsonb FROM unnest(CAST(:entries AS text[]), CAST(:facts AS text[])) AS g(entry, facts)
    ON CONFLICT (list_id, entry_id) DO UPDATE SET facts = excluded.facts""")
_DONE = text("""
    UPDATE list_changes SET state = 'DONE', added = :added, changed = :changed, removed = :removed,
        looked_at = :looked_at, candidates = :candidates, alerts = :alerts, skipped = :skipped,
        done_at = :now, seconds = :seconds
    WHERE number = :number""")
_REFUSE = text("UPDATE list_changes SET state = 'REFUSED', cause = :cause, done_at = :now WHERE number = :number")
_RECEIPTS = text("""
    SELECT list_id AS list, version, sha256, state, cause, added, changed, removed, looked_at, candidates, alerts,
           skipped, told_at, done_at, seconds
    FROM list_changes WHERE CAST(:id AS text) IS NULL OR list_id = :id ORDER BY number""")


class ListChange(NamedTuple):
    """A version of a list that was told and waits to be compared with the one before."""

    number: int
    list_id: str
    version: str
    sha256: str
    uri: str
    told_at: datetime


class Receipt(NamedTuple):
    """What came of a change of a list."""

    added: int
    changed: int
    removed: int
    looked_at: int
    candidates: int
    alerts: int
    skipped: int
    seconds: float


async def alone(connection: AsyncConnection) -> bool:
    """Be the only one to react to changes until the transaction ends; false where another is."""
    return bool((await connection.execute(_ALONE)).scalar_one())


async def tell(connection: AsyncConnection, published: WatchlistPublished, now: datetime) -> None:
    """Have a version of a list compared; told twice, it is one change."""
    about = {"id": published.id, "version": published.version, "sha256": published.sha256.lower()}
    await connection.execute(_TELL, {**about, "uri": published.uri, "now": now})


async def next_change(connection: AsyncConnection) -> ListChange | None:
    """The change that waits longest."""
    row = (await connection.execute(_NEXT)).one_or_none()
    return None if row is None else ListChange(*row)


async def entries(connection: AsyncConnection, list_id: str) -> dict[str, Any]:
    """What the version that was compared last says, by entry."""
    return {row.entry_id: orjson.loads(row.facts) for row in await connection.execute(_ENTRIES, {"id": list_id})}


async def put(connection: AsyncConnection, list_id: str, changed: Mapping[str, Any], removed: Sequence[str]) -> None:
    """Take in the entries that were added or changed, and take out those removed."""
    await connection.execute(_REMOVE, {"id": list_id, "entries": list(removed)})
    facts = [orjson.dumps(one).decode() for one in changed.values()]
    await connection.execute(_PUT, {"id": list_id, "entries": list(changed), "facts": facts})


async def done(connection: AsyncConnection, change: ListChange, receipt: Receipt, now: datetime) -> None:
    """Keep what came of a change."""
    await connection.execute(_DONE, {"number": change.number, "now": now, **receipt._asdict()})


async def refuse(connection: AsyncConnection, change: ListChange, cause: str, now: datetime) -> None:
    """The version cannot be read: the one before stays in force."""
    await connection.execute(_REFUSE, {"number": change.number, "cause": cause, "now": now})


async def receipts(connection: AsyncConnection, list_id: str | None) -> list[Mapping[str, Any]]:
    """Of every change of a list, or of all lists, in the order told."""
    return [dict(row) for row in (await connection.execute(_RECEIPTS, {"id": list_id})).mappings()]
