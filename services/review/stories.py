"""The stories of the executions that may ask a reviewer, chapter by chapter, and the definitions they run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.models import ExecutionState, Finding, WorkflowProgressed, WorkflowPublished

_KEEP = text("""
    INSERT INTO chapters (customer_id, execution_id, sequence, occurred_at, ended, document)
    VALUES (:customer, :execution, :sequence, :at, :ended, CAST(:document AS json)) ON CONFLICT DO NOTHING""")
_READ = text("""
    SELECT document::text AS document FROM chapters WHERE customer_id = :customer AND execution_id = :execution
    ORDER BY sequence""")
_LAST = text("""
    SELECT ended FROM chapters WHERE customer_id = :customer AND execution_id = :execution
    ORDER BY sequence DESC LIMIT 1""")
# Of executions that ended without a case nothing is shown.
_FORGET = text("""
    DELETE FROM chapters AS c USING (
        SELECT e.customer_id, e.execution_id FROM chapters AS e
        WHERE e.ended AND e.occurred_at < :before AND NOT EXISTS (
            SELECT FROM cases AS k WHERE k.customer_id = e.customer_id AND k.execution_id = e.execution_id)
        LIMIT 1000) AS gone
    WHERE c.customer_id = gone.customer_id AND c.execution_id = gone.execution_id""")
_DEFINE = text("""
    INSERT INTO definitions (definition_hash, definition) VALUES (:hash, CAST(:definition AS json))
    ON CONFLICT DO NOTHING""")
_DEFINITION = text("SELECT definition::text AS definition FROM definitions WHERE definition_hash = :hash")


async def keep(connection: AsyncConnection, chapters: Sequence[WorkflowProgressed]) -> None:
    """Keep chapters; one that is known stays as it is."""
    told = [
        {
            "customer": one.customerId,
            "execution": one.workflowExecutionId,
            "sequence": one.sequence,
            "at": one.occurredAt,
            "ended": one.state is not ExecutionState.RUNNING,
            "document": one.model_dump_json(exclude_defaults=True),
        }
        for one in chapters
    ]
    if told:
        await connection.execute(_KEEP, told)


async def read(connection: AsyncConnection, customer_id: str, execution_id: str) -> list[WorkflowProgressed]:
    """The story of an execution so far."""
    asked = {"customer": customer_id, "execution": execution_id}
    return [WorkflowProgressed.model_validate_json(r.document) for r in await connection.execute(_READ, asked)]


async def has_ended(connection: AsyncConnection, customer_id: str, execution_id: str) -> bool:
    """Whether the last that was told of an execution is its end."""
    asked = {"customer": customer_id, "execution": execution_id}
    return bool((await connection.execute(_LAST, asked)).scalar_one_or_none())


async def forget(connection: AsyncConnection, before: datetime) -> None:
    """Drop the stories of executions that ended before a time and had no case."""
    await connection.execute(_FORGET, {"before": before})


async def define(connection: AsyncConnection, published: WorkflowPublished) -> None:
    """Keep a definition, to be drawn."""
    told = {"hash": published.definitionHash, "definition": published.definition}
    await connection.execute(_DEFINE, told)


async def definition(connection: AsyncConnection, definition_hash: str) -> dict[str, Any] | None:
    """A definition, where it is known."""
    found = (await connection.execute(_DEFINITION, {"hash": definition_hash})).scalar_one_or_none()
    return None if found is None else dict(orjson.loads(found))


def findings(story: Iterable[WorkflowProgressed]) -> list[tuple[str, Finding]]:
    """Every finding of a story with its step."""
    return [
        (step.outcome.stepName, finding) for chapter in story for step in chapter.accepted for finding in step.findings
    ]


def hits(story: Iterable[WorkflowProgressed]) -> list[tuple[str, Finding]]:
    """The hits that a reviewer is to say something of: of lists, the customer's own lists, and duplicates."""
    return [(step, one) for step, one in findings(story) if one.result.value == "HIT"]
