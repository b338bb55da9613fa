"""Moving running executions to another version of their workflow, and telling of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl import NotMigrated, Problem, Step, migrate
from libs.events.codec import encode
from libs.events.message import Event, derived_id
from libs.store import outbox
from services.orchestration import in_avro, store
from services.orchestration.definitions import Definitions
from services.orchestration.kept import Kept
from services.orchestration.rules import progressed
from services.orchestration.service import SOURCE
from services.orchestration.versions import Version

Key = tuple[str, str]
"""Customer and execution."""

_RUNNING = text("""
    SELECT customer_id, workflow_execution_id FROM executions
    WHERE definition_hash = :hash AND status = 'RUNNING' ORDER BY workflow_execution_id""")
_NAMED = text("""
    SELECT customer_id, workflow_execution_id, definition_hash FROM executions
    WHERE workflow_execution_id = ANY(CAST(:ids AS text[])) ORDER BY workflow_execution_id""")
_REDEFINE = text("""
    UPDATE executions SET definition_hash = :hash WHERE customer_id = :customer AND workflow_execution_id = :id""")


async def running(connection: AsyncConnection, version: Version) -> list[Key]:
    """The executions of a version that run."""
    rows = await connection.execute(_RUNNING, {"hash": version.definition_hash})
    return [(row.customer_id, row.workflow_execution_id) for row in rows]


async def named(connection: AsyncConnection, ids: Sequence[str]) -> dict[Key, str]:
    """The executions of these ids, with their definitions."""
    rows = await connection.execute(_NAMED, {"ids": list(ids)})
    return {(row.customer_id, row.workflow_execution_id): row.definition_hash for row in rows}


async def move(
    connection: AsyncConnection, key: Key, to: Version, states: Mapping[str, str], now: datetime, *, dry: bool
) -> None:
    """Have one execution go on in a version of its workflow, unless it is only to be tried; raises NotMigrated.

    What there is to tell of it stands in the outbox, from where a running instance sends it.
    """
    kept = (await store.lock(connection, [key])).get(key)
    if kept is None:
        raise NotMigrated([Problem("", "the execution is there no more")])
    definitions = Definitions()
    await definitions.refresh(connection, now, [])
    await definitions.load(connection, [kept.definition_hash, to.definition_hash])
    before, after = definitions.machine(kept.definition_hash), definitions.machine(to.definition_hash)
    if before is after:
        raise NotMigrated([Problem("", f"the execution runs version {to.number} already")])
    made = migrate(kept.execution, before, after, states, now)
    if dry:
        return
    kept.execution, kept.definition_hash = made.execution, to.definition_hash
    kept.sequence += 1
    await store.save(connection, [kept])
    where = {"customer": kept.customer_id, "id": kept.id, "hash": to.definition_hash}
    await connection.execute(_REDEFINE, where)
    await outbox.write(connection, [encode(_told(definitions, kept, made, to, now))], now)


def _told(definitions: Definitions, kept: Kept, made: Step, to: Version, now: datetime) -> Event:
    """The next chapter of its story: which definition it runs from now on."""
    workflow = definitions.workflow(to.service_name, to.workflow_name)
    assert workflow is not None, "a version is one of a workflow that is published"
    started = replace(workflow, machine=definitions.machine(to.definition_hash)).started(None)
    return Event(
        id=derived_id(kept.id, "workflow.progressed", kept.sequence),
        topic="workflow.progressed",
        source=SOURCE,
        time=now,
        key=kept.key,
        data=progressed(kept, kept.person, started, [], now),
        correlation=kept.id,
        encoded={"history": in_avro.history(made.history)},
    )
