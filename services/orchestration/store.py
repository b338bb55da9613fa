"""Executions in PostgreSQL: one row each, loaded, locked and saved by the batch."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl import Execution
from libs.asl.execution import RUNNING
from libs.asl.integration import Call
from services.orchestration import errands
from services.orchestration.kept import Kept, OpenRequest
from services.orchestration.kin import kin_of

_COLUMNS = """customer_id, workflow_execution_id, entity_id, entity_version, request_id, definition_hash,
    sequence, document::text AS document, requests::text AS requests, individual::text AS individual,
    parent_id, kin::text AS kin, application::text AS application"""
_NAMED = """(customer_id, workflow_execution_id) IN
          (SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[])))"""
_LOCK = text(f"""
    SELECT {_COLUMNS} FROM executions WHERE {_NAMED} ORDER BY workflow_execution_id FOR UPDATE""")
_LOCK_FREE = text(f"SELECT {_COLUMNS} FROM executions WHERE {_NAMED} FOR UPDATE SKIP LOCKED")
_ORIGINS = text(f"""
    SELECT customer_id, workflow_execution_id AS id, entity_id, entity_version, request_id, definition_hash, status,
           individual::text AS individual, application::text AS application
    FROM executions WHERE {_NAMED}""")
_DUE = text(f"""
    SELECT {_COLUMNS} FROM executions WHERE next_due <= :now
    ORDER BY next_due LIMIT :at_most FOR UPDATE SKIP LOCKED""")
_PARK = text("""
    UPDATE executions SET next_due = :until WHERE customer_id = :customer AND workflow_execution_id = :id""")
_PUT_BACK = text("""
    UPDATE executions SET individual = CAST(:individual AS json), application = CAST(:application AS json),
        entity_version = :version
    WHERE customer_id = :customer AND workflow_execution_id = :id""")
_SAVE = text("""
    INSERT INTO executions AS e (customer_id, workflow_execution_id, entity_id, entity_version, request_id,
                                 definition_hash, status, sequence, document, requests, individual, next_due,
                                 parent_id, kin, application)
    SELECT customer, id, entity, version, request, hash, status, sequence,
           document::json, requests::json, individual::json, due, parent, kin::json, application::json
    FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[]), CAST(:entities AS text[]),
                CAST(:versions AS bigint[]), CAST(:request_ids AS text[]), CAST(:hashes AS text[]),
                CAST(:statuses AS text[]), CAST(:sequences AS bigint[]), CAST(:documents AS text[]),
                CAST(:requests AS text[]), CAST(:individuals AS text[]), CAST(:dues AS timestamptz[]),
                CAST(:parents AS text[]), CAST(:kins AS text[]), CAST(:applications AS text[]))
         AS given(customer, id, entity, version, request, hash, status, sequence, document, requests, individual, due,
                  parent, kin, application)
    ON CONFLICT (customer_id, workflow_execution_id) DO UPDATE SET
        status = excluded.status, sequence = excluded.sequence, document = excluded.document,
        requests = excluded.requests, next_due = excluded.next_due, kin = excluded.kin,
        individual = CASE WHEN excluded.status = 'RUNNING' THEN e.individual END,
        application = CASE WHEN excluded.status = 'RUNNING' THEN e.application END""")


Key = tuple[str, str]
"""Customer and execution."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What an execution has for those that it starts: read, not locked."""

    customer_id: str
    id: str
    entity_id: str
    entity_version: int
    request_id: str
    definition_hash: str
    status: str
    individual: str | None
    application: str | None


async def lock(connection: AsyncConnection, mentioned: Collection[Key]) -> dict[Key, Kept]:
    """The executions with these (customer, id), locked in the order of their ids."""
    if not mentioned:
        return {}
    rows = await connection.execute(_LOCK, _columns(mentioned))
    return {(found.customer_id, found.id): found for found in map(kept, rows)}


async def lock_free(connection: AsyncConnection, mentioned: Collection[Key]) -> dict[Key, Kept]:
    """The executions with these (customer, id) that nobody else works on, locked without waiting."""
    rows = await connection.execute(_LOCK_FREE, _columns(mentioned))
    return {(found.customer_id, found.id): found for found in map(kept, rows)}


async def origins(connection: AsyncConnection, mentioned: Collection[Key]) -> dict[Key, Origin]:
    """The executions with these (customer, id), as they are at this moment."""
    if not mentioned:
        return {}
    rows = await connection.execute(_ORIGINS, _columns(mentioned))
    return {(found.customer_id, found.id): found for found in (Origin(**row._mapping) for row in rows)}


def _columns(mentioned: Collection[Key]) -> dict[str, list[str]]:
    customers, ids = zip(*mentioned, strict=True)
    return {"customers": list(customers), "ids": list(ids)}


async def due(connection: AsyncConnection, now: datetime, at_most: int) -> Sequence[Row[Any]]:
    """Rows of executions with something due, locked; those that another instance works on are left to it."""
    return (await connection.execute(_DUE, {"now": now, "at_most": at_most})).all()


async def park(connection: AsyncConnection, row: Row[Any], until: datetime) -> None:
    """Leave an execution alone until then."""
    at = {"customer": row.customer_id, "id": row.workflow_execution_id, "until": until}
    await connection.execute(_PARK, at)


async def put_person_back(connection: AsyncConnection, kept: Kept) -> None:
    """Keep person and application again, of an execution that had ended: `save` keeps only what stands there, while it
    runs."""
    at = {"customer": kept.customer_id, "id": kept.id}
    await connection.execute(_PUT_BACK, {**at, "version": kept.entity_version, **_about(kept)})


async def save(connection: AsyncConnection, changed: Iterable[Kept], now: datetime) -> None:
    """Write executions back, new ones too, and what they want of others."""
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
            "individuals": [None if _stands(one) else one.individual for one in rows],
            "applications": [None if _stands(one) else one.application for one in rows],
            "dues": [one.next_due for one in rows],
            "parents": [one.kin.parent_id for one in rows],
            "kins": [_packed_kin(one) for one in rows],
        },
    )
    await errands.write(connection, [errand for one in rows for errand in one.errands], now)


def _stands(kept: Kept) -> bool:
    """The row has whom and what the execution is about, or is to have it no more."""
    return kept.stored or kept.execution.status != RUNNING


def _about(kept: Kept) -> dict[str, str | None]:
    return {"individual": kept.individual, "application": kept.application}


def _packed_kin(kept: Kept) -> str | None:
    document = kept.kin.to_document()
    return None if document is None else orjson.dumps(document).decode()


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
        application=row.application,
        kin=kin_of(row.parent_id, None if row.kin is None else orjson.loads(row.kin)),
        stored=True,
    )
