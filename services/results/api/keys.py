"""API keys: 256 random bits, shown once and kept as their hash; with a customer, roles, and an end."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cachetools import TTLCache
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.results.api.tables import api_keys

PREFIX = "vsk_"
# What was revoked is refused after this long at most, by every instance.
REMEMBERED_SECONDS = 3.0
REMEMBERED = 10_000
_NOT_ASKED = object()


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a key allows; `child_id`, `username`: the only ones that it is for, where they are given."""

    key_id: str
    customer_id: str
    child_id: str | None
    roles: frozenset[str]
    username: str | None
    per_minute: int | None
    expires_at: datetime | None
    revoked_at: datetime | None

    def why_not(self, now: datetime) -> str | None:
        """Why it is good no more; None while it is."""
        if self.revoked_at is not None:
            return "the key was revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return "the key has expired"
        return None


def new_key() -> str:
    """A key that nobody has."""
    return PREFIX + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """What is kept of a key. A fast hash is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()


class Keys:
    """The keys of the database, each remembered for a moment."""

    def __init__(self, engine: AsyncEngine, timer: Callable[[], float]) -> None:
        self._engine = engine
        self._known: TTLCache[str, object] = TTLCache(REMEMBERED, REMEMBERED_SECONDS, timer)

    async def find(self, key: str) -> ApiKey | None:
        """The key, whether still good or not; None where there is no such one."""
        hashed = key_hash(key)
        found = self._known.get(hashed, _NOT_ASKED)
        if found is _NOT_ASKED:
            found = self._known[hashed] = await self._read(hashed)
        return found if isinstance(found, ApiKey) else None

    async def _read(self, hashed: str) -> ApiKey | None:
        c = api_keys.c
        wanted = c.key_id, c.customer_id, c.child_id, c.roles, c.username, c.per_minute, c.expires_at, c.revoked_at
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(*wanted).where(c.key_hash == hashed))).mappings().first()
        return None if row is None else _key(dict(row))


def _key(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**{**row, "roles": frozenset(row["roles"])})
