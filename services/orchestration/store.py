"""Executions in PostgreSQL: one row each, loaded, locked and saved by the batch."""

from collections.abc import Collection, Iterable
from datetime import datetime

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl import Execution
from services.orchestration.kept import Kept, OpenRequest

_COLUMNS = """customer_id, workflow_execution_id, entity_id, entity_version, request_id, definition_hash,
    sequence, document::text AS document, requests::text AS requests, individual::text AS individual"""
_LOCK = text(f"""
    SELECT {_COLUMNS} FROM executions
    WHERE (customer_id, workflow_execution_id) IN
          (SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[])))
    ORDER BY workflow_execution_id FOR UPDATE""")
_DUE = text(f"""
    SELECT {_COLUMNS} FROM executions WHERE next_due <= :now
    ORDER BY next_due LIMIT :at_most FOR UPDATE SKIP LOCKED""")
_SAVE = text("""
    INSERT INTO executions (customer_id, workflow_execution_id, entity_id, entity_version, request_id, definition_hash,
                            status, sequence, document, requests, individual, next_due)
    SELECT customer, id, entity, version, request, hash, status, sequence,
           document::jsonb, requests::jsonb, individual::jsonb, due
    FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[]), CAST(:entities AS text[]),
                CAST(:versions AS bigint[]), CAST(:request_ids AS text[]), CAST(:hashes AS text[]),
                CAST(:statuses AS text[]), CAST(:sequences AS bigint[]), CAST(:documents AS text[]),
                CAST(:requests AS text[]), CAST(:individuals AS text[]), CAST(:dues AS timestamptz[]))
         AS e(customer, id, entity, version, request, hash, status, sequence, document, requests, individual, due)
    ON CONFLICT (customer_id, workflow_execution_id) DO UPDATE SET
        status = excluded.status, sequence = excluded.sequence, document = excluded.document,
        requests = excluded.requests, individual = excluded.individual, next_due = excluded.next_due""")


async def lock(connection: AsyncConnection, mentioned: Collection[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
    """The executions with these (customer, id), locked in the order of their ids."""
    if not mentioned:
        return {}
    customers, ids = zip(*mentioned, strict=True)
    rows = await connection.execute(_LOCK, {"customers": list(customers), "ids": list(ids)})
    return {(kept.customer_id, kept.id): kept for kept in map(_kept, rows)}


async def due(connection: AsyncConnection, now: datetime, at_most: int) -> list[Kept]:
    """Executions with something due, locked; those that another instance works on are left to it."""
    return [_kept(row) for row in await connection.execute(_DUE, {"now": now, "at_most": at_most})]


async def save(connection: AsyncConnection, changed: Iterable[Kept]) -> None:
    """Write executions back, new ones too."""
    rows = sorted(changed, key=lambda kept: kept.id)
    if not rows:
        return
    await connection.execute(
        _SAVE,
        {
            "customers": [kept.customer_id for kept in rows],
            "ids": [kept.id for kept in rows],
            "entities": [kept.entity_id for kept in rows],
            "versions": [kept.entity_version for kept in rows],
            "request_ids": [kept.request_id for kept in rows],
            "hashes": [kept.definition_hash for kept in rows],
            "statuses": [kept.execution.status for kept in rows],
            "sequences": [kept.sequence for kept in rows],
            "documents": [orjson.dumps(kept.execution.to_document()).decode() for kept in rows],
            "requests": [_packed(kept.requests) for kept in rows],
            "individuals": [kept.individual if kept.execution.status == "RUNNING" else None for kept in rows],
            "dues": [kept.next_due for kept in rows],
        },
    )


def _packed(requests: dict[int, OpenRequest]) -> str:
    return orjson.dumps({str(task): [open_.event_id, open_.again_at] for task, open_ in requests.items()}).decode()


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    return Kept(
        customer_id=row.customer_id,
        entity_id=row.entity_id,
        entity_version=row.entity_version,
        request_id=row.request_id,
        definition_hash=row.definition_hash,
        execution=Execution.from_document(orjson.loads(row.document)),
        individual=row.individual,
        sequence=row.sequence,
        requests={
            int(task): OpenRequest(event_id, datetime.fromisoformat(again))
            for task, (event_id, again) in orjson.loads(row.requests).items()
        },
    )
