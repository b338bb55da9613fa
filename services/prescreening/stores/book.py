"""The book of loans in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.prescreening.stores.port import Loan, Parties, Reservation, Standing, Wanted

# In the order of the keys, so that two applications of one group never wait for each other.
_LOCK = text("""
    SELECT pg_advisory_xact_lock(lock) FROM (
        SELECT DISTINCT hashtextextended('exposure:' || :customer || ':' || party, 0) AS lock
        FROM unnest(CAST(:parties AS text[])) AS party ORDER BY lock
    ) AS locks""")
_GROUP = text("""
    SELECT DISTINCT other.party FROM party_groups AS one
    JOIN party_groups AS other ON other.customer_id = one.customer_id AND other.group_id = one.group_id
    WHERE one.customer_id = :customer AND one.party = ANY(:parties)""")
_LOANS = text("""
    SELECT loan FROM loans WHERE customer_id = :customer AND party = ANY(:parties) ORDER BY loan_id""")
# What has become a loan of the book is no longer in flight.
_IN_FLIGHT = text("""
    SELECT application_id, parties, amount, currency FROM reservations AS held
    WHERE customer_id = :customer AND parties && CAST(:parties AS text[]) AND expires_at > :now
      AND application_id <> :application
      AND NOT EXISTS (SELECT FROM loans WHERE loans.customer_id = held.customer_id
                      AND loans.application_id = held.application_id AND loans.party = ANY(held.parties))
    ORDER BY application_id""")
# One that was accepted stays as it was, whatever is asked again.
_RESERVE = text("""
    INSERT INTO reservations AS held (customer_id, application_id, parties, amount, currency, expires_at)
    VALUES (:customer, :application, :parties, :amount, :currency, :expires)
    ON CONFLICT (customer_id, application_id) DO UPDATE SET
        parties = excluded.parties, amount = excluded.amount, currency = excluded.currency,
        expires_at = excluded.expires_at
    WHERE NOT held.accepted""")
_KEEP = text("""
    UPDATE reservations SET amount = :amount, accepted = true, expires_at = :expires
    WHERE customer_id = :customer AND application_id = :application AND amount >= :amount
      AND (expires_at > :now OR accepted)""")
_RELEASE = text("DELETE FROM reservations WHERE customer_id = :customer AND application_id = :application")
_EMPTY = text("DELETE FROM loans WHERE customer_id = :customer")
_EMPTY_GROUPS = text("DELETE FROM party_groups WHERE customer_id = :customer")
_LOAD = text("""
    INSERT INTO loans (customer_id, loan_id, party, application_id, loan)
    SELECT :customer, given->>'loanId', given->>'party', given->>'applicationId', given
    FROM jsonb_array_elements(CAST(:loans AS jsonb)) AS given""")
_LOAD_GROUPS = text("""
    INSERT INTO party_groups SELECT :customer, * FROM unnest(CAST(:parties AS text[]), CAST(:groups AS text[]))""")


class PostgresBook:
    """A book of loans of each customer; raises what the database raises."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def loans(self, customer: str, parties: Collection[str]) -> Sequence[Loan]:
        """The loans of these parties, present and past."""
        async with self._engine.connect() as connection:
            return await _loans(connection, customer, parties)

    async def reserve(
        self,
        customer: str,
        parties: Parties,
        application_id: str,
        currency: str,
        wanted: Wanted,
        now: datetime,
        days: int,
    ) -> Standing:
        """Look at the standing and reserve what `wanted` makes of it, so that nobody else does both in between."""
        async with self._engine.begin() as connection:
            whole = await _whole(connection, customer, parties)
            await connection.execute(_LOCK, {"customer": customer, "parties": sorted(whole.group)})
            found = await _standing(connection, customer, whole, application_id, now)
            which = {"customer": customer, "application": application_id}
            if (amount := wanted(found)) > 0:
                held = {
                    "parties": sorted(parties.own),
                    "amount": amount,
                    "currency": currency,
                    "expires": now + timedelta(days=days),
                }
                await connection.execute(_RESERVE, which | held)
            else:
                await connection.execute(_RELEASE, which)
        return found

    async def keep(self, customer: str, application_id: str, amount: Decimal, now: datetime, days: int) -> bool:
        """Hold what an accepted application takes; False where no live reservation is as great."""
        given = {"customer": customer, "application": application_id, "amount": amount, "now": now}
        async with self._engine.begin() as connection:
            kept = await connection.execute(_KEEP, given | {"expires": now + timedelta(days=days)})
        return kept.rowcount == 1

    async def release(self, customer: str, application_id: str) -> None:
        """Give back what an application had reserved; harmless where it had nothing."""
        async with self._engine.begin() as connection:
            await connection.execute(_RELEASE, {"customer": customer, "application": application_id})

    async def load(self, customer: str, loans: Collection[Loan], groups: Mapping[str, str]) -> None:
        """Make these the customer's book, in place of what it was; `groups` are the parties' groups."""
        async with self._engine.begin() as connection:
            await connection.execute(_EMPTY, {"customer": customer})
            await connection.execute(_EMPTY_GROUPS, {"customer": customer})
            rows = orjson.dumps([loan.model_dump(mode="json") for loan in loans]).decode()
            await connection.execute(_LOAD, {"customer": customer, "loans": rows})
            columns = {"parties": list(groups), "groups": list(groups.values())}
            await connection.execute(_LOAD_GROUPS, {"customer": customer, **columns})


async def _whole(connection: AsyncConnection, customer: str, parties: Parties) -> Parties:
    """The parties with those that the book has in a group with one of them."""
    rows = await connection.execute(_GROUP, {"customer": customer, "parties": sorted(parties.group)})
    return Parties(parties.own, parties.group | set(rows.scalars()))


async def _standing(
    connection: AsyncConnection, customer: str, parties: Parties, application_id: str, now: datetime
) -> Standing:
    given = {"customer": customer, "parties": sorted(parties.group), "application": application_id, "now": now}
    flying = [
        Reservation(row.application_id, frozenset(row.parties), row.amount, row.currency)
        for row in await connection.execute(_IN_FLIGHT, given)
    ]
    return Standing(parties, await _loans(connection, customer, parties.group), flying)


async def _loans(connection: AsyncConnection, customer: str, parties: Collection[str]) -> list[Loan]:
    rows = await connection.execute(_LOANS, {"customer": customer, "parties": sorted(parties)})
    return [Loan.model_validate(loan) for loan in rows.scalars()]
