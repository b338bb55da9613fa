"""What is read of the databases: which executions there are, who amended them, and the definitions they ran."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.audit.case import NoCase, Row

_ONE = text("SELECT * FROM projection.executions WHERE execution_id = :id AND started_at IS NOT NULL")
_PERIOD = text("""
    SELECT * FROM projection.executions
    WHERE started_at >= :since AND started_at < :until AND ended_at IS NOT NULL AND decided IS NOT NULL
    ORDER BY started_at, execution_id""")
_OVERRIDES = text("""
    SELECT * FROM projection.overrides WHERE customer_id = :customer AND execution_id = :id ORDER BY number""")

_FINDINGS = text("""
    SELECT process_result_id, system_status, r.manual_status, GREATEST(p.updated_at, r.amended_at) AS updated_at
    FROM projection.process_results AS p LEFT JOIN projection.resolutions AS r USING (customer_id, process_result_id)
    WHERE customer_id = :customer AND execution_id = :id""")
_DEFINITION = text("SELECT definition FROM definitions WHERE definition_hash = :hash")
_LATEST = text("""
    SELECT * FROM projection.executions WHERE ended_at IS NOT NULL ORDER BY started_at DESC LIMIT :number""")


async def execution(engine: AsyncEngine, id: str) -> Row:
    """The execution of an id; raises NoCase."""
    rows = await _rows(engine, _ONE, id=id)
    if len(rows) != 1:
        raise NoCase(f"{'more than one customer has' if rows else 'there is no'} execution {id}")
    return rows[0]


async def decided_in(engine: AsyncEngine, since: datetime, until: datetime) -> list[Row]:
    """The executions that started in a period and came to a decision, the earliest first."""
    return await _rows(engine, _PERIOD, since=since, until=until)


async def decided_amendments(engine: AsyncEngine, one: Row) -> dict[str, Row]:
    """What came of the amendments of an execution's status, by id."""
    rows = await _rows(engine, _OVERRIDES, customer=one["customer_id"], id=one["execution_id"])
    return {str(row["amendment_id"]): row for row in rows}


async def findings(engine: AsyncEngine, one: Row) -> dict[str, Row]:
    """How the findings of an execution stand now, by id."""
    rows = await _rows(engine, _FINDINGS, customer=one["customer_id"], id=one["execution_id"])
    return {str(row["process_result_id"]): row for row in rows}


async def definition(engine: AsyncEngine, definition_hash: str) -> Mapping[str, Any] | None:
    """A definition that orchestration keeps; the engine is that of its database."""
    rows = await _rows(engine, _DEFINITION, hash=definition_hash)
    return rows[0]["definition"] if rows else None


async def latest(engine: AsyncEngine, number: int) -> list[Row]:
    """The executions that ended last, the newest first."""
    return await _rows(engine, _LATEST, number=number)


async def _rows(engine: AsyncEngine, query: Any, **parameters: Any) -> list[Mapping[str, Any]]:
    async with engine.connect() as connection:
        return [dict(row) for row in (await connection.execute(query, parameters)).mappings()]
