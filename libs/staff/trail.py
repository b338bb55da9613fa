"""The audit of staff: who did what, about what and when. It is written with what was done and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.staff.tables import audit

LOGGED_IN, LOG_IN_FAILED, LOCKED_OUT, LOGGED_OUT = "LOGGED_IN", "LOG_IN_FAILED", "LOCKED_OUT", "LOGGED_OUT"
DENIED = "DENIED"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from."""

    address: str | None = None
    request_id: str | None = None


def origin(request: Request) -> Origin:
    """Of a request to a web face."""
    return Origin(request.client.host if request.client else None, getattr(request.state, "request_id", None))


async def note(
    connection: AsyncConnection,
    now: datetime,
    username: str | None,
    action: str,
    about: str | None = None,
    details: Mapping[str, Any] | None = None,
    origin: Origin = Origin(),
) -> None:
    """Write one entry within the caller's transaction; `details` holds no personal data but ids."""
    row = {
        "occurred_at": now,
        "username": username,
        "action": action,
        "about": about,
        "address": origin.address,
        "request_id": origin.request_id,
        "details": dict(details) if details else None,
    }
    await connection.execute(insert(audit), row)


async def read(
    connection: AsyncConnection,
    *,
    username: str | None = None,
    about: str | None = None,
    before: int | None = None,
    at_most: int = 100,
) -> list[RowMapping]:
    """Entries, the newest first; `before` is the number of the last one seen."""
    query = select(audit).order_by(audit.c.number.desc()).limit(at_most)
    for column, value in ((audit.c.username, username), (audit.c.about, about)):
        query = query if value is None else query.where(column == value)
    query = query if before is None else query.where(audit.c.number < before)
    return list((await connection.execute(query)).mappings())
