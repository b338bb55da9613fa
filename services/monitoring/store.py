"""Who is watched for what, in PostgreSQL; and the alerts that were raised."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import Individual, MonitoringAlerted
from services.monitoring.watched import Person, Subscription, Watched

# A person's first request finds no row to lock, and a second one may come on another topic, to another instance.
_LOCK = text("""
    SELECT pg_advisory_xact_lock(number) FROM (
      SELECT DISTINCT hashtextextended('monitoring:' || customer || ':' || entity, 0) AS number
      FROM unnest(CAST(:customers AS text[]), CAST(:entities AS text[])) AS person(customer, entity) ORDER BY 1
    ) AS ordered""")
_THESE = """JOIN unnest(CAST(:customers AS text[]), CAST(:entities AS text[])) AS person(customer, entity)
      ON t.customer_id = person.customer AND t.entity_id = person.entity"""
_KEPT = text(f"SELECT t.customer_id, t.entity_id, t.entity_version FROM subscribers t {_THESE}")
_SUBSCRIBED = text(f"SELECT t.* FROM subscriptions t {_THESE}")
_KEEP = text("""
    INSERT INTO subscribers AS s (customer_id, entity_id, entity_version, individual)
    SELECT customer, entity, version, individual::json
    FROM unnest(CAST(:customers AS text[]), CAST(:entities AS text[]), CAST(:versions AS bigint[]),
                CAST(:individuals AS text[])) AS given(customer, entity, version, individual)
    ON CONFLICT (customer_id, entity_id) DO UPDATE SET
        entity_version = excluded.entity_version, individual = excluded.individual,
        keys = CASE WHEN s.individual::text = excluded.individual::text THEN s.keys END""")
_FORGET = text(f"""
    DELETE FROM subscribers WHERE (customer_id, entity_id) IN
        (SELECT t.customer_id, t.entity_id FROM subscribers t {_THESE})""")
_SUBSCRIBE = text("""
    INSERT INTO subscriptions
    SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:entities AS text[]), CAST(:types AS text[]),
                         CAST(:enabled AS bool[]), CAST(:sequences AS bigint[]))
    ON CONFLICT (customer_id, entity_id, monitoring_type) DO UPDATE SET
        enabled = excluded.enabled, sequence = excluded.sequence""")
_SUBSCRIBER = text("""
    SELECT p.entity_version, p.individual::text AS individual FROM subscribers p JOIN subscriptions s
      ON s.customer_id = p.customer_id AND s.entity_id = p.entity_id AND s.enabled AND s.monitoring_type = :type
    WHERE p.customer_id = :customer AND p.entity_id = :entity""")
_ALERT = text("""
    INSERT INTO alerts (alert_id, customer_id, entity_id, monitoring_type, kind, reason, list_id, list_version,
                        entry_id, raised_by, raised_at)
    VALUES (:alertId, :customerId, :entityId, :monitoringType, :kind, :reason, :listId, :listVersion,
            :entryId, :requestedBy, :raisedAt)""")

_WITHOUT_KEYS = text("""
    SELECT customer_id, entity_id, entity_version, individual::text FROM subscribers WHERE keys IS NULL
    LIMIT :at_most FOR UPDATE SKIP LOCKED""")
_ANY_WITHOUT_KEYS = text("SELECT EXISTS (SELECT FROM subscribers WHERE keys IS NULL)")
_KEEP_KEYS = text("""
    UPDATE subscribers AS s SET keys = given.keys, birth_year = given.birth_year
    FROM jsonb_to_recordset(CAST(:subjects AS jsonb))
        AS given(customer text, entity text, keys text[], birth_year int)
    WHERE s.customer_id = given.customer AND s.entity_id = given.entity""")
_WATCHED_FOR = text("""
    SELECT count(*) AS persons, count(*) FILTER (WHERE p.keys = '{}') AS without
    FROM subscribers p JOIN subscriptions s
      ON s.customer_id = p.customer_id AND s.entity_id = p.entity_id AND s.enabled AND s.monitoring_type = :type""")
_CANDIDATES = text("""
    SELECT p.customer_id, p.entity_id, p.entity_version, p.individual::text FROM subscribers p
    WHERE EXISTS (SELECT FROM subscriptions s
                  WHERE s.customer_id = p.customer_id AND s.entity_id = p.entity_id AND s.enabled
                    AND s.monitoring_type = :type)
      AND (p.customer_id, p.entity_id) IN (
        SELECT near.customer_id, near.entity_id
        FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS e(keys text[], years int[])
        CROSS JOIN LATERAL (
            SELECT o.customer_id, o.entity_id FROM subscribers o
            WHERE o.keys && e.keys
              AND (e.years = '{}' OR o.birth_year IS NULL OR o.birth_year = ANY (e.years))
        ) AS near)""")


class Subject(NamedTuple):
    """By what a person is found: the keys of their names, and the year of birth."""

    keys: list[str]
    birth_year: int | None


class Wanted(NamedTuple):
    """Whom an entry of a list may mean: somebody with one of these keys, born in one of these years, or in any."""

    keys: list[str]
    years: list[int]


class Candidate(NamedTuple):
    """A person who is watched, as known now."""

    person: Person
    entity_version: int
    individual: Individual


async def lock(connection: AsyncConnection, persons: Collection[Person]) -> None:
    """Be the only one to change what is known of these persons until the transaction ends."""
    await connection.execute(_LOCK, _columns(persons))


async def load(connection: AsyncConnection, persons: Collection[Person]) -> dict[Person, Watched]:
    """What is known of these persons; of those who were never watched, nothing."""
    found = {person: Watched(person) for person in persons}
    for row in await connection.execute(_KEPT, _columns(persons)):
        found[row.customer_id, row.entity_id].entity_version = row.entity_version
    for row in await connection.execute(_SUBSCRIBED, _columns(persons)):
        subscriptions = found[row.customer_id, row.entity_id].subscriptions
        subscriptions[row.monitoring_type] = Subscription(row.enabled, row.sequence)
    return found


async def save(connection: AsyncConnection, changed: Iterable[Watched]) -> None:
    """Write back what was loaded."""
    everyone = list(changed)
    if gone := [one.person for one in everyone if one.entity_version is None]:
        await connection.execute(_FORGET, _columns(gone))
    if kept := [one for one in everyone if one.individual is not None]:
        persons = _columns([one.person for one in kept])
        versions, individuals = [one.entity_version for one in kept], [one.individual for one in kept]
        await connection.execute(_KEEP, {**persons, "versions": versions, "individuals": individuals})
    rows = [(one.person, type, *state) for one in everyone for type, state in one.subscriptions.items()]
    if rows:
        persons_of, types, enabled, sequences = (list(column) for column in zip(*rows, strict=True))
        told = {"types": types, "enabled": enabled, "sequences": sequences}
        await connection.execute(_SUBSCRIBE, {**_columns(persons_of), **told})


async def subscriber(connection: AsyncConnection, person: Person, type: str) -> Candidate | None:
    """The person, if they are watched for a type."""
    asked = {"customer": person[0], "entity": person[1], "type": type}
    row = (await connection.execute(_SUBSCRIBER, asked)).one_or_none()
    return None if row is None else _candidate(*person, row.entity_version, row.individual)


async def note(connection: AsyncConnection, alert: MonitoringAlerted) -> None:
    """Keep an alert, without the person."""
    await connection.execute(_ALERT, alert.model_dump(exclude={"individual", "entityVersion", "requestId"}))


async def without_keys(connection: AsyncConnection, at_most: int) -> list[Candidate]:
    """Persons whose keys are to be worked out, locked; those that another instance works on are left to it."""
    return [_candidate(*row) for row in await connection.execute(_WITHOUT_KEYS, {"at_most": at_most})]


async def any_without_keys(connection: AsyncConnection) -> bool:
    """There are persons who cannot be found yet."""
    return bool((await connection.execute(_ANY_WITHOUT_KEYS)).scalar_one())


async def keep_keys(connection: AsyncConnection, persons: Sequence[Person], subjects: Sequence[Subject]) -> None:
    """Let persons be found by their keys and their year of birth."""
    told = [
        {"customer": customer, "entity": entity, **one._asdict()}
        for (customer, entity), one in zip(persons, subjects, strict=True)
    ]
    await connection.execute(_KEEP_KEYS, {"subjects": orjson.dumps(told).decode()})


async def watched_for(connection: AsyncConnection, type: str) -> tuple[int, int]:
    """How many persons are watched for a type, and how many of them have no name that can be screened."""
    row = (await connection.execute(_WATCHED_FOR, {"type": type})).one()
    return row.persons, row.without


async def candidates(connection: AsyncConnection, type: str, wanted: Sequence[Wanted]) -> list[Candidate]:
    """Persons watched for a type who share a key with one of those wanted, and may be born in one of its years."""
    asked = {"type": type, "wanted": orjson.dumps([one._asdict() for one in wanted]).decode()}
    return [_candidate(*row) for row in await connection.execute(_CANDIDATES, asked)]


def _candidate(customer: str, entity: str, version: int, individual: str) -> Candidate:
    return Candidate((customer, entity), version, Individual.model_validate_json(individual))


def _columns(persons: Collection[Person]) -> dict[str, list[str]]:
    return {"customers": [customer for customer, _ in persons], "entities": [entity for _, entity in persons]}
