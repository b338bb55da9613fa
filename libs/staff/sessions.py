"""Sessions: 256 random bits in a cookie, kept as their hash. They end when unused, and after a day's work."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.staff.tables import sessions, users

NOTED_EVERY = timedelta(seconds=60)  # that a session is in use


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session is good: without use, and at most."""

    idle: timedelta = timedelta(minutes=30)
    most: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who is logged in; `session` is the hash of their token."""

    username: str
    name: str
    roles: frozenset[str]
    session: str

    def may(self, *roles: str) -> bool:
        """Whether they have one of these roles."""
        return not self.roles.isdisjoint(roles)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


async def begin(connection: AsyncConnection, username: str, now: datetime, lasting: Lasting) -> str:
    """A new session; returns its token, which is told to the browser and nobody else."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": token_hash(token), "username": username, "created_at": now, "seen_at": now}
    await connection.execute(insert(sessions), {**row, "ends_at": now + lasting.most})
    await connection.execute(delete(sessions).where(sessions.c.ends_at < now))
    return token


async def find(connection: AsyncConnection, token: str, now: datetime, lasting: Lasting) -> Who | None:
    """Whose session it is; None where it has ended, or its user was disabled."""
    query = (
        select(sessions.c.seen_at, sessions.c.token_hash, users.c.username, users.c.name, users.c.roles)
        .join(users, users.c.username == sessions.c.username)
        .where(sessions.c.token_hash == token_hash(token), users.c.disabled_at.is_(None))
        .where(sessions.c.ends_at > now, sessions.c.seen_at > now - lasting.idle)
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    if now - row.seen_at > NOTED_EVERY:
        mine = sessions.c.token_hash == row.token_hash
        await connection.execute(update(sessions).where(mine).values(seen_at=now))
    return Who(row.username, row.name, frozenset(row.roles), row.token_hash)


async def end(connection: AsyncConnection, token: str) -> str | None:
    """End a session; whose it was."""
    gone = delete(sessions).where(sessions.c.token_hash == token_hash(token)).returning(sessions.c.username)
    found: str | None = (await connection.execute(gone)).scalar_one_or_none()
    return found
