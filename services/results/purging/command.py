"""`python -m services.results purge`: who was deleted and whose records need not be kept any longer is removed."""

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.blobs.port import Blobs
from services.results import tables
from services.results.purging import store
from services.results.purging.store import Ended


class NoBlobs(LookupError):
    """There are files to be removed, and nothing says where files are kept."""


async def run(
    engine: AsyncEngine,
    blobs: Blobs | None,
    now: datetime,
    *,
    by: str,
    dry_run: bool,
    schema: str = tables.LIVE,
    say: Callable[[str], None] = print,
) -> int:
    """Purge everyone whose period has ended, a transaction each, a JSON line each; how many. Raises NoBlobs."""
    async with engine.connect() as connection:
        everyone = await store.ended(connection, now.date(), schema)
    for one in everyone:
        async with engine.begin() as connection:
            files = await store.files_of(connection, one, schema)
            _require(blobs, files)
            removed = {} if dry_run else await _purge(connection, one, files, by, now, schema)
        told = {"customerId": one.customer, "entityId": one.entity, "keptUntil": one.kept_until, "files": len(files)}
        say(json.dumps({**told, **({} if dry_run else {"rows": sum(removed.values())})}))
    if not dry_run:
        await _remove_files(engine, blobs, schema)
    return len(everyone)


async def _purge(
    connection: AsyncConnection, one: Ended, files: list[str], by: str, now: datetime, schema: str
) -> dict[str, int]:
    removed = await store.remove(connection, one, schema)
    await store.note(connection, one, removed, files, by, now)
    return removed


async def _remove_files(engine: AsyncEngine, blobs: Blobs | None, schema: str) -> None:
    """Remove the files of who was purged, now or by a run that was cut short; one that somebody else has stays."""
    async with engine.connect() as connection:
        waiting = await store.waiting(connection)
        wanted = sorted({file for _, files in waiting for file in files})
        used = await store.still_used(connection, wanted, schema) if wanted else set()
    _require(blobs, wanted)
    for file in wanted:
        if blobs is not None and file not in used:
            await blobs.remove(file)
    async with engine.begin() as connection:
        for one, _ in waiting:
            await store.removed_files(connection, one)


def _require(blobs: Blobs | None, files: list[str]) -> None:
    if files and blobs is None:
        raise NoBlobs("BLOBS_DIRECTORY must name the folder of the files that are to be removed, too")
