"""Making and ending API keys; each is an audit event of its customer."""

import secrets
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import derived_id
from libs.store.engine import connect
from services.results.api.access import ROLES
from services.results.api.caller import is_customer, tenant
from services.results.api.ids import ulid
from services.results.api.keys import key_hash
from services.results.api.tables import api_keys, audit_events


class Refused(Exception):
    """A key that cannot be made, or is not there."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is made for."""

    customer_id: str
    roles: Collection[str]
    child_id: str | None = None
    username: str | None = None
    per_minute: int | None = None
    expires_at: datetime | None = None
    note: str | None = None


async def issue(connection: AsyncConnection, key: str, new: NewKey, by: str, now: datetime) -> str:
    """Let a key in; returns its id. One that is there already stays as it is."""
    _require_sound(new, now)
    row = {
        "key_id": ulid(time.time_ns() // 1_000_000, secrets.randbits(80)),
        "key_hash": key_hash(key),
        "customer_id": new.customer_id,
        "child_id": new.child_id,
        "roles": sorted(new.roles),
        "username": new.username,
        "per_minute": new.per_minute,
        "note": new.note,
        "created_at": now,
        "expires_at": new.expires_at,
    }
    made = upsert(api_keys).on_conflict_do_nothing(index_elements=["key_hash"]).returning(api_keys.c.key_id)
    found: str | None = (await connection.execute(made, row)).scalar()
    if found is None:
        known = select(api_keys.c.key_id).where(api_keys.c.key_hash == row["key_hash"])
        return str((await connection.execute(known)).scalar_one())
    await _audit(connection, found, "keys create", by, now, before=None)
    return found


async def listed(connection: AsyncConnection, customer_id: str | None) -> Sequence[RowMapping]:
    """The keys of a customer or of all, without what could let anybody in."""
    query = select(*(column for column in api_keys.columns if column is not api_keys.c.key_hash))
    if customer_id is not None:
        query = query.where(api_keys.c.customer_id == customer_id)
    return (await connection.execute(query.order_by(api_keys.c.created_at, api_keys.c.key_id))).mappings().all()


async def revoke(connection: AsyncConnection, key_id: str, by: str, now: datetime) -> None:
    """End a key; every instance refuses it within seconds."""
    ended = update(api_keys).where(api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
    await _change(connection, key_id, ended.values(revoked_at=now), "keys revoke", by, now)


async def expire(connection: AsyncConnection, key_id: str, at: datetime, by: str, now: datetime) -> None:
    """Let a key end at a time."""
    ends = update(api_keys).where(api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
    await _change(connection, key_id, ends.values(expires_at=at), "keys expire", by, now)


async def ensure(database_url: str, key: str, customer_id: str, username: str | None = None) -> None:
    """Let a key with every role in, where it is not yet."""
    engine = connect(database_url)
    try:
        async with engine.begin() as connection:
            await issue(connection, key, NewKey(customer_id, ROLES, username=username), "set-up", datetime.now(UTC))
    finally:
        await engine.dispose()


def _require_sound(new: NewKey, now: datetime) -> None:
    for what, id in (("customer", new.customer_id), ("child", new.child_id)):
        if id is not None and not is_customer(id):
            raise Refused(f"{id!r} is no id of a {what}: 1 to 200 visible ASCII characters without /")
    if not new.roles or (unknown := set(new.roles) - set(ROLES)):
        named = f"{', '.join(sorted(unknown))} is no role" if new.roles else "a key needs a role"
        raise Refused(f"{named}; there are {', '.join(ROLES)}")
    if new.per_minute is not None and new.per_minute < 1:
        raise Refused(f"{new.per_minute} requests a minute are none")
    if new.expires_at is not None and new.expires_at <= now:
        raise Refused(f"{new.expires_at.isoformat()} is past")


async def _change(
    connection: AsyncConnection, key_id: str, change: Any, operation: str, by: str, now: datetime
) -> None:
    before = await _state(connection, key_id)
    if (await connection.execute(change)).rowcount == 0:
        raise Refused(f"{key_id} is revoked" if before else f"there is no key {key_id}")
    await _audit(connection, key_id, operation, by, now, before)


async def _audit(
    connection: AsyncConnection, key_id: str, operation: str, by: str, now: datetime, before: dict[str, Any] | None
) -> None:
    row = (await connection.execute(select(api_keys).where(api_keys.c.key_id == key_id))).mappings().one()
    request_id = ulid(int(now.timestamp() * 1000), secrets.randbits(80))
    event = {
        "event_id": derived_id(request_id, "audit"),
        "occurred_at": now,
        "customer_id": tenant(row["customer_id"], row["child_id"]),
        "request_id": request_id,
        "key_id": key_id,
        "username": by,
        "channel": "SYSTEM",
        "operation": operation,
        "type": "CUSTOMER_UPDATE",
        "before": before,
        "after": await _state(connection, key_id),
    }
    await connection.execute(insert(audit_events), event)


async def _state(connection: AsyncConnection, key_id: str) -> dict[str, Any] | None:
    """What may be told of a key, with times as text."""
    c = api_keys.c
    wanted = c.roles, c.child_id, c.username, c.per_minute, c.expires_at, c.revoked_at
    row = (await connection.execute(select(*wanted).where(c.key_id == key_id))).mappings().first()
    if row is None:
        return None
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
    return {name: value for name, value in told.items() if value is not None}
