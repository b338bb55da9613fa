"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): what has one is done once, and its answer given again.

A request claims its key before it does anything. The ids of all that it makes follow from the id of the request that
claimed first, so one that takes over after a crash makes the same events, which are known as repeats.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.results.api.problems import Detail, Problem, invalid
from services.results.api.tables import idempotent_requests as table

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT = timedelta(days=1)
# Whoever has not answered after this long has died, or its answer will not be kept.
CLAIMED = timedelta(seconds=30)

_CLAIM = text("""
    INSERT INTO idempotent_requests AS r (customer_id, idempotency_key, operation, body_hash, request_id, claimed_at)
    VALUES (:customer, :key, :operation, :hash, :request, :now)
    ON CONFLICT (customer_id, idempotency_key) DO UPDATE SET
        operation = excluded.operation, body_hash = excluded.body_hash, claimed_at = excluded.claimed_at,
        request_id = CASE WHEN r.claimed_at < :forgotten THEN excluded.request_id ELSE r.request_id END,
        status = NULL, headers = NULL, body = NULL
    WHERE r.claimed_at < :forgotten OR (r.status IS NULL AND r.claimed_at < :abandoned
        AND r.operation = excluded.operation AND r.body_hash = excluded.body_hash)
    RETURNING request_id""")
_KNOWN = text("""
    SELECT operation, body_hash, status, headers, body FROM idempotent_requests
    WHERE customer_id = :customer AND idempotency_key = :key""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with a key of the caller's own; `operation`: method, path and query."""

    customer_id: str
    key: str
    operation: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The request is to be done, under this id, by whoever made the claim at this time."""

    asked: Asked
    request_id: str
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to it."""

    status: int
    headers: dict[str, str]
    body: bytes


def asked(customer_id: str, key: str, operation: str, body: bytes) -> Asked:
    """A request with a key; refused where that is none."""
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise invalid(f"is not of 1 to {LONGEST} printable ASCII characters", f"header.{HEADER}")
    return Asked(customer_id, key, operation, hashlib.sha256(body).hexdigest())


class Repeats:
    """The requests of the last day that had a key."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, one: Asked, request_id: str, now: datetime) -> Claim | Answered:
        """The claim, or what was answered before; 409 while another is at it, 422 where it was another request."""
        given = {"customer": one.customer_id, "key": one.key}
        async with self._engine.begin() as connection:
            claimed = await connection.execute(
                _CLAIM,
                {
                    **given, "operation": one.operation, "hash": one.body_hash, "request": request_id, "now": now,
                    "forgotten": now - KEPT, "abandoned": now - CLAIMED,
                },
            )  # fmt: skip
            if (first := claimed.scalar()) is not None:
                return Claim(one, first, now)
            known = (await connection.execute(_KNOWN, given)).first()
        if known is not None and (known.operation, known.body_hash) != (one.operation, one.body_hash):
            text = "was used for another request"
            raise Problem(422, "INVALID_REQUEST", f"{HEADER} {text}", [Detail(text, f"header.{HEADER}", "INVALID")])
        if known is None or known.status is None:
            text = "a request with this key is being answered"
            raise Problem(409, "CONFLICT", text, [Detail(text, f"header.{HEADER}", "CONFLICT")], {"Retry-After": "1"})
        return Answered(known.status, known.headers, known.body)

    async def answered(self, claim: Claim, answer: Answered) -> None:
        """Keep an answer, unless another has taken over."""
        values = {"status": answer.status, "headers": answer.headers, "body": answer.body}
        async with self._engine.begin() as connection:
            await connection.execute(update(table).where(*_mine(claim)).values(values))

    async def give_back(self, claim: Claim) -> None:
        """Nothing was done: the next with this key is a first one."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(table).where(*_mine(claim)))

    async def abandon(self, claim: Claim) -> None:
        """Something may have been done: the next with this key goes on with it at once."""
        left = claim.claimed_at - CLAIMED - timedelta(seconds=1)
        async with self._engine.begin() as connection:
            await connection.execute(update(table).where(*_mine(claim)).values(claimed_at=left))

    async def forget(self, now: datetime) -> None:
        """Drop what is older than a day."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(table).where(table.c.claimed_at < now - KEPT))


def _mine(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    c, one = table.c, claim.asked
    return c.customer_id == one.customer_id, c.idempotency_key == one.key, c.claimed_at == claim.claimed_at
