"""Findings that a later version of the person makes stale, and assessments that it makes out of date.

They are told from all that is known of the person, so that it does not matter which of it was read first.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.results.relying import Json, relied_on, said
from services.results.rows import Key
from services.results.tables import executions, former_individuals, individuals, process_results

VALID, STALE = "VALID", "STALE"


class Version(NamedTuple):
    """A person as told at a time."""

    number: int
    told_at: datetime
    person: Json


Given: TypeAlias = tuple[Version, list[Version]]


async def restate(connection: AsyncConnection, persons: Collection[Key]) -> None:
    """Put right what stands about these persons, whose schema the connection translates."""
    for key in sorted(persons):
        versions = await _versions(connection, key)
        mine = executions.c.customer_id == key[0], executions.c.entity_id == key[1]
        c = executions.c
        ran = await _rows(connection, select(c.execution_id, c.entity_version, c.started_at).where(*mine))
        told = {row.execution_id: given for row in ran if (given := _given(versions, row)) is not None}
        outdated = [id for id, (at, later) in told.items() if any(said(one.person) != said(at.person) for one in later)]
        await connection.execute(
            update(executions).where(*mine, executions.c.execution_id.in_(outdated)).values(outdated=True)
        )
        await _mark(connection, key, told)


async def _versions(connection: AsyncConnection, key: Key) -> list[Version]:
    """Every version that was told of a person, in the order of their numbers and times."""
    found = [
        row
        for table in (individuals, former_individuals)
        for row in await _rows(
            connection,
            select(table.c.entity_version, table.c.changed_at, table.c.document).where(
                table.c.customer_id == key[0], table.c.entity_id == key[1]
            ),
        )
    ]
    return sorted((Version(*row) for row in found), key=lambda one: (one.number, one.told_at))


def _given(versions: list[Version], execution: Any) -> Given | None:
    """The person as an execution was given them, and what was told after that."""
    ofit = [at for at, one in enumerate(versions) if one.number == execution.entity_version]
    if not ofit:
        return None
    before = [at for at in ofit if execution.started_at and versions[at].told_at <= execution.started_at]
    at = (before or ofit[:1])[-1]
    return versions[at], versions[at + 1 :]


async def _mark(connection: AsyncConnection, key: Key, told: dict[str, Given]) -> None:
    c = process_results.c
    ids = [id for id, (_, later) in told.items() if later]
    mine = c.customer_id == key[0], c.execution_id.in_(ids), c.system_status.in_((VALID, STALE))
    changes = [
        {"in_execution": row.execution_id, "in_result": row.process_result_id, "at": since}
        for row in await _rows(connection, select(process_results).where(*mine))
        if (since := _stale_since(row, *told[row.execution_id])) is not None
        and (row.system_status, row.updated_at) != (STALE, since)
    ]
    if changes:
        this = tuple_(c.execution_id, c.process_result_id) == tuple_(bindparam("in_execution"), bindparam("in_result"))
        marked = update(process_results).where(c.customer_id == key[0], this)
        await connection.execute(marked.values(system_status=STALE, updated_at=bindparam("at")), changes)


def _stale_since(row: Any, at: Version, later: Sequence[Version]) -> datetime | None:
    about = row.process_class, row.object_type, row.document.get("objectId")
    relied = relied_on(*about, at.person)
    return next((one.told_at for one in later if relied_on(*about, one.person) != relied), None)


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[Any]:
    return list(await connection.execute(query))
