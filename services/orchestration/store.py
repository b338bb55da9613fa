"""Executions in PostgreSQL: one row each, loaded, locked and saved by the batch."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl import Execution
from libs.asl.integration import Call
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
_PARK = text("""
    UPDATE executions SET next_due = :until WHERE customer_id = :customer AND workflow_execution_id = :id""")
_PUT_BACK = text("""
    UPDATE executions SET individual = CAST(:individual AS json), entity_version = :version
    WHERE customer_id = :customer AND workflow_execution_id = :id""")
_SAVE = text("""
    INSERT INTO executions AS e (customer_id, workflow_execution_id, entity_id, entity_version, request_id,
                                 definition_hash, status, sequence, document, requests, individual, next_due)
    SELECT customer, id, entity, version, request, hash, status, sequence,
           document::json, requests::json, individual::json, due
    FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[]), CAST(:entities AS text[]),
                CAST(:versions AS bigint[]), CAST(:request_ids AS text[]), CAST(:hashes AS text[]),
                CAST(:statuses AS text[]), CAST(:sequences AS bigint[]), CAST(:documents AS text[]),
                CAST(:requests AS text[]), CAST(:individuals AS text[]), CAST(:dues AS timestamptz[]))
         AS given(customer, id, entity, version, request, hash, status, sequence, document, requests, individual, due)
    ON CONFLICT (customer_id, workflow_execution_id) DO UPDATE SET
        status = excluded.status, sequence = excluded.sequence, document = excluded.document,
        requests = excluded.requests, next_due = excluded.next_due,
        individual = CASE WHEN excluded.status = 'RUNNING' THEN e.individual END""")


async def lock(connection: AsyncConnection, mentioned: Collection[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
    """The executions with these (customer, id), locked in the order of their ids."""
    if not mentioned:
        return {}
    customers, ids = zip(*mentioned, strict=True)
    rows = await connection.execute(_LOCK, {"customers": list(customers), "ids": list(ids)})
    return {(found.customer_id, found.id): found for found in map(kept, rows)}


async def due(connection: AsyncConnection, now: datetime, at_most: int) -> Sequence[Row[Any]]:
    """Rows of executions with something due, locked; those that another instance works on are left to it."""
    return (await connection.execute(_DUE, {"now": now, "at_most": at_most})).all()


async def park(connection: AsyncConnection, row: Row[Any], until: datetime) -> None:
    """Leave an execution alone until then."""
    at = {"customer": row.customer_id, "id": row.workflow_execution_id, "until": until}
    await connection.execute(_PARK, at)


async def put_person_back(connection: AsyncConnection, kept: Kept) -> None:
    """Keep the person again, of an execution that had ended: `save` keeps only who stands there, while it runs."""
    at = {"customer": kept.customer_id, "id": kept.id}
    await connection.execute(_PUT_BACK, {**at, "individual": kept.individual, "version": kept.entity_version})


async def save(connection: AsyncConnection, changed: Iterable[Kept]) -> None:
    """Write executions back, new ones too."""
    rows = sorted(changed, key=lambda one: one.id)
    if not rows:
        return
    await connection.execute(
        _SAVE,
        {
            "customers": [one.customer_id for one in rows],
            "ids": [one.id for one in rows],
            "entities": [one.entity_id for one in rows],
            "versions": [one.entity_version for one in rows],
            "request_ids": [one.request_id for one in rows],
            "hashes": [one.definition_hash for one in rows],
            "statuses": [one.execution.status for one in rows],
            "sequences": [one.sequence for one in rows],
            "documents": [orjson.dumps(one.execution.to_document()).decode() for one in rows],
            "requests": [_packed(one.requests) for one in rows],
            # It stands there from the first step on, to the last.
            "individuals": [
                one.individual if one.sequence == 1 and one.execution.status == "RUNNING" else None for one in rows
            ],
            "dues": [one.next_due for one in rows],
        },
    )


def _packed(requests: dict[int, OpenRequest]) -> str:
    return orjson.dumps({str(task): _request_document(open_) for task, open_ in requests.items()}).decode()


def _request_document(request: OpenRequest) -> list[Any]:
    called = [request.call.resource, request.call.function] if request.call else ["", None]
    return [request.event_id, request.again_at, *called, request.check, request.asked_at, request.deadline]


def _request(
    event_id: str, again_at: str, resource: str = "", function: str | None = None,
    check: str | None = None, asked_at: str | None = None, deadline: str | None = None,
) -> OpenRequest:  # fmt: skip
    call = Call(resource, function, None) if resource else None
    again, asked, until = [time and datetime.fromisoformat(time) for time in (again_at, asked_at, deadline)]
    assert again, "a request is sent again some time"
    return OpenRequest(event_id, again, call, check, asked or None, until or None)


def kept(row: Row[Any]) -> Kept:
    """The execution in a row."""
    return Kept(
        customer_id=row.customer_id,
        entity_id=row.entity_id,
        entity_version=row.entity_version,
        request_id=row.request_id,
        definition_hash=row.definition_hash,
        execution=Execution.from_document(orjson.loads(row.document)),
        individual=row.individual,
        sequence=row.sequence,
        requests={int(task): _request(*fields) for task, fields in orjson.loads(row.requests).items()},
    )
