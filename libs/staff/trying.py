"""Tries with a password: each counts as a failure until it turns out to be none, so that many at once are counted."""

import hashlib
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.staff import trail
from libs.staff.access import Staff
from libs.staff.lockout import FORGOTTEN, Tries
from libs.staff.tables import tries
from libs.web.pages import duration


async def begin(connection: AsyncConnection, name: str, now: datetime) -> Tries:
    """Count a try, unless the name is locked; returns what was there before it."""
    subject = _subject(name)
    fresh = insert(tries).values(subject=subject, failures=0, last_at=now)
    # One that is there is locked by this, so that tries at once come one after the other.
    locked = fresh.on_conflict_do_update(index_elements=["subject"], set_={"subject": subject})
    row = await connection.execute(locked.returning(tries.c.failures, tries.c.last_at, tries.c.locked_until))
    before = Tries(*row.one())
    if before.locked(now) is None:
        after = before.another(now)
        values = {"failures": after.failures, "last_at": after.last_at, "locked_until": after.locked_until}
        await connection.execute(update(tries).where(tries.c.subject == subject).values(values))
        await connection.execute(delete(tries).where(tries.c.last_at < now - FORGOTTEN))
    return before


async def succeeded(connection: AsyncConnection, name: str) -> None:
    """It was no failure, and those before it are forgotten."""
    await connection.execute(delete(tries).where(tries.c.subject == _subject(name)))


async def failed(staff: Staff, request: Request, username: str | None, after: Tries) -> None:
    """It was one: put on record, with the lock that follows from it."""
    origin, now = trail.origin(request), staff.clock()
    async with staff.engine.begin() as connection:
        await trail.note(connection, now, username, trail.LOG_IN_FAILED, origin=origin)
        if (wait := after.locked(now)) is not None:
            about = {"failures": after.failures, "seconds": int(wait.total_seconds())}
            await trail.note(connection, now, username, trail.LOCKED_OUT, details=about, origin=origin)


def told(wait: timedelta) -> str:
    """How long to wait, as a person reads it."""
    return duration(wait.total_seconds() + 1)


def _subject(name: str) -> str:
    """What is kept of a name that was typed: it may be a password, typed in the wrong place."""
    return hashlib.sha256(name.encode()).hexdigest()
