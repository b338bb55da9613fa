"""The persons known, as they are compared, and the keys that lead to them."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.duplicates.traits import Traits, from_json, to_json

# A key that more persons share than this tells nothing of any of them.
CAP = 50


class Person(NamedTuple):
    """A person of a customer; `keys` are all of theirs, or those that were asked for; `first_seen` is None for one
    who was never kept."""

    customer_id: str
    entity_id: str
    version: int
    traits: Traits
    keys: frozenset[str]
    first_seen: int | None = None


# Two onboardings of one person at the same moment meet in two instances: the second waits and then sees the first.
_LOCK = text(
    """
    SELECT pg_advisory_xact_lock(lock) FROM (
        SELECT DISTINCT hashtextextended('duplicates:' || customer_id, 0) AS lock
        FROM unnest(:customers) AS customer_id ORDER BY lock
    ) AS locks
    """
).bindparams(bindparam("customers", type_=ARRAY(Text)))

# The OFFSET 0 keeps the planner at one look-up a person, whatever it believes of the sizes.
_CANDIDATES = text(
    """
    SELECT p.customer_id, p.entity_id, p.entity_version, p.individual, found.keys, p.first_seen
    FROM (
        SELECT asked.customer_id, id AS entity_id, array_agg(asked.key) AS keys
        FROM unnest(:customers, :keys) AS asked(customer_id, key)
        CROSS JOIN LATERAL (
            SELECT array_agg(holder.entity_id) AS ids FROM (
                SELECT k.entity_id FROM person_keys k
                WHERE k.customer_id = asked.customer_id AND k.key = asked.key LIMIT :cap + 1
            ) AS holder
        ) AS sharing
        CROSS JOIN LATERAL unnest(sharing.ids) AS id
        WHERE cardinality(sharing.ids) <= :cap
        GROUP BY asked.customer_id, id
    ) AS found
    CROSS JOIN LATERAL (
        SELECT * FROM persons one
        WHERE one.customer_id = found.customer_id AND one.entity_id = found.entity_id OFFSET 0
    ) AS p
    """
).bindparams(bindparam("customers", type_=ARRAY(Text)), bindparam("keys", type_=ARRAY(Text)))

# A person seen before loses the keys that are theirs no more; an older version changes nothing.
_REMEMBER = text(
    """
    WITH given AS (
        SELECT * FROM jsonb_to_recordset(CAST(:persons AS jsonb))
            AS g(customer_id text, entity_id text, entity_version bigint, individual jsonb, keys text[], place int)
    ), before AS (
        SELECT p.customer_id, p.entity_id, p.keys FROM given g
        CROSS JOIN LATERAL (
            SELECT * FROM persons one
            WHERE one.customer_id = g.customer_id AND one.entity_id = g.entity_id OFFSET 0
        ) AS p
    ), written AS (
        INSERT INTO persons AS p (customer_id, entity_id, entity_version, individual, keys)
        SELECT customer_id, entity_id, entity_version, individual, keys FROM given ORDER BY place
        ON CONFLICT (customer_id, entity_id) DO UPDATE SET
            entity_version = excluded.entity_version, individual = excluded.individual, keys = excluded.keys
        WHERE p.entity_version <= excluded.entity_version
        RETURNING customer_id, entity_id, keys
    ), gone AS (
        DELETE FROM person_keys k
        USING before CROSS JOIN LATERAL unnest(before.keys) AS old(key), written
        WHERE written.customer_id = before.customer_id AND written.entity_id = before.entity_id
            AND k.customer_id = before.customer_id AND k.entity_id = before.entity_id AND k.key = old.key
            AND NOT old.key = ANY (written.keys)
    )
    INSERT INTO person_keys SELECT customer_id, key, entity_id FROM written CROSS JOIN LATERAL unnest(keys) AS key
    ON CONFLICT DO NOTHING
    """
)


async def lock(connection: AsyncConnection, customers: Iterable[str]) -> None:
    """Be the only one to look for duplicates of these customers until the transaction ends."""
    await connection.execute(_LOCK, {"customers": sorted(set(customers))})


async def candidates(connection: AsyncConnection, asked: Iterable[tuple[str, str]], cap: int = CAP) -> list[Person]:
    """The persons known under any of these (customer, key), each with the keys that led there."""
    pairs = sorted(set(asked))
    customers, keys = [customer for customer, _ in pairs], [key for _, key in pairs]
    rows = await connection.execute(_CANDIDATES, {"customers": customers, "keys": keys, "cap": cap})
    return [
        Person(customer, entity, version, from_json(individual), frozenset(shared), first_seen)
        for customer, entity, version, individual, shared, first_seen in rows
    ]


async def remember(connection: AsyncConnection, known: Sequence[Person]) -> None:
    """Keep persons, each at most once and in the order given; an older version never overwrites a newer one."""
    rows = [
        {
            "customer_id": person.customer_id,
            "entity_id": person.entity_id,
            "entity_version": person.version,
            "individual": to_json(person.traits),
            "keys": sorted(person.keys),
            "place": place,
        }
        for place, person in enumerate(known)
    ]
    await connection.execute(_REMEMBER, {"persons": json.dumps(rows)})
