"""What is removed of a person, in PostgreSQL."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, TextClause, and_, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import derived_id
from services.results import tables
from services.results.api.tables import approvals, audit_events
from services.results.purging.tables import purged_persons
from services.results.store import quoted

# That somebody was deleted stays: their id is not given again, and nobody sees what comes late.
STAYS = tables.deleted_individuals
PERSONS = (tables.individuals, tables.former_individuals, tables.individual_changes)

_ENDED = """
    SELECT d.customer_id, d.entity_id, d.kept_until FROM {schema}.deleted_individuals d
    WHERE d.kept_until < :today AND NOT EXISTS (
        SELECT FROM purged_persons p WHERE p.customer_id = d.customer_id AND p.entity_id = d.entity_id)
    ORDER BY d.kept_until, d.customer_id, d.entity_id"""
_FILES = """
    SELECT DISTINCT jsonb_path_query(document, '$.documents[*].attachments[*].sha256') #>> '{{}}' AS sha256
    FROM {schema}.{table} WHERE {which}"""
_OF_PERSON = "customer_id = :customer AND entity_id = :entity"
_OF_EXECUTIONS = """customer_id = :customer AND execution_id IN (
    SELECT execution_id FROM {schema}.executions WHERE customer_id = :customer AND entity_id = :entity)"""


class Ended(NamedTuple):
    """A deleted person, and the last day on which their records had to be kept."""

    customer: str
    entity: str
    kept_until: str


async def ended(connection: AsyncConnection, today: date, schema: str = tables.LIVE) -> list[Ended]:
    """Those whose period has ended and who were not purged yet, the earliest first."""
    found = await connection.execute(text(_ENDED.format(schema=quoted(schema))), {"today": today.isoformat()})
    return [Ended(*row) for row in found]


async def files_of(connection: AsyncConnection, one: Ended, schema: str = tables.LIVE) -> list[str]:
    """The files that were attached to a person's documents, by their SHA-256."""
    found = [await connection.execute(statement, _asked(one)) for statement in _files(schema, _OF_PERSON)]
    return sorted({row.sha256 for rows in found for row in rows if row.sha256})


async def still_used(connection: AsyncConnection, files: Sequence[str], schema: str = tables.LIVE) -> set[str]:
    """Those of some files that persons have who are kept: it looks through all persons."""
    found = [await connection.execute(statement) for statement in _files(schema, "document IS NOT NULL")]
    return {row.sha256 for rows in found for row in rows} & set(files)


async def remove(connection: AsyncConnection, one: Ended, schema: str = tables.LIVE) -> dict[str, int]:
    """Remove a person from every table of the projection but the one that says they were deleted; rows by table."""
    removed = {}
    for table in _removed():
        which = _OF_PERSON if "entity_id" in table.c else _OF_EXECUTIONS.format(schema=quoted(schema))
        statement = text(f"DELETE FROM {quoted(schema)}.{table.name} WHERE {which}")
        if count := (await connection.execute(statement, _asked(one))).rowcount:
            removed[table.name] = count
    return removed


async def note(
    connection: AsyncConnection, one: Ended, removed: dict[str, int], files: Sequence[str], by: str, now: datetime
) -> None:
    """Keep that the person was purged, by whom and when, also for the audit; what waits for a second person goes."""
    await connection.execute(delete(approvals).where(_mine(approvals, one)))
    row = {"kept_until": one.kept_until, "purged_at": now, "purged_by": by, "files": list(files)}
    who = {"customer_id": one.customer, "entity_id": one.entity}
    await connection.execute(insert(purged_persons).values({**who, **row}))
    told = {
        "event_id": derived_id(f"{one.customer}/{one.entity}", "purge", "audit"),
        "occurred_at": now,
        "request_id": derived_id(f"{one.customer}/{one.entity}", "purge"),
        "key_id": "command",
        "username": by,
        "channel": "SYSTEM",
        "operation": "purge",
        "type": "ENTITY_PURGE",
        "before": {"keptUntil": one.kept_until},
        "after": {"rows": removed, "files": len(files)},
    }
    await connection.execute(insert(audit_events).values({**who, **told}))


async def waiting(connection: AsyncConnection) -> list[tuple[Ended, list[str]]]:
    """Those who were purged while their files were not removed yet."""
    rows = await connection.execute(select(purged_persons).where(purged_persons.c.files != []))
    return [(Ended(row.customer_id, row.entity_id, row.kept_until), row.files) for row in rows]


async def removed_files(connection: AsyncConnection, one: Ended) -> None:
    """Their files are gone, too."""
    await connection.execute(purged_persons.update().where(_mine(purged_persons, one)).values(files=[]))


async def remove_purged(connection: AsyncConnection, schema: str) -> None:
    """Remove everyone again who was purged, from a projection that was folded anew."""
    for row in (await connection.execute(select(purged_persons))).all():
        await remove(connection, Ended(row.customer_id, row.entity_id, row.kept_until), schema)


def _removed() -> list[Table]:
    """What has a person's rows, or those of their executions; the executions last."""
    found = [
        table
        for table in tables.metadata.sorted_tables
        if table not in (STAYS, tables.executions) and {"entity_id", "execution_id"} & set(table.c.keys())
    ]
    return [*found, tables.executions]


def _files(schema: str, which: str) -> list[TextClause]:
    return [text(_FILES.format(schema=quoted(schema), table=table.name, which=which)) for table in PERSONS]


def _asked(one: Ended) -> dict[str, str]:
    return {"customer": one.customer, "entity": one.entity}


def _mine(table: Table, one: Ended) -> ColumnElement[bool]:
    return and_(table.c.customer_id == one.customer, table.c.entity_id == one.entity)
