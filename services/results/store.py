"""Loading and saving the rows of a batch: a handful of statements, however many events it has."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

import orjson
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Table, TextClause, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.events.message import Event
from libs.events.models import (
    ApplicationSubmitted,
    EntityChanged,
    EntityOnboarded,
    FindingsAmended,
    ProfileChanged,
    ResultsAmended,
    RiskAmended,
    RulingChanged,
    SubscriptionChanged,
    WorkflowProgressed,
    WorkflowRequested,
)
from services.results import reevaluations, resolved, risks, rulings, stale, tables
from services.results.fold import execution_of
from services.results.rows import (
    ApplicationRow,
    ExecutionRow,
    FindingAmendmentRow,
    IndividualChangeRow,
    IndividualRow,
    Key,
    OverrideRow,
    ProfileChangeRow,
    ResolutionRow,
    RiskAmendmentRow,
    Rows,
    WaitingRow,
)

# What is told of one person.
PERSONAL = (
    EntityOnboarded
    | EntityChanged
    | ProfileChanged
    | WorkflowRequested
    | ApplicationSubmitted
    | WorkflowProgressed
    | ResultsAmended
    | FindingsAmended
    | RiskAmended
    | RulingChanged
    | SubscriptionChanged
)

Row = TypeVar("Row")
Columns: TypeAlias = dict[str, list[Any]]

# A row that is not there yet cannot be locked, and the events of one person come on several topics, to several
# instances: so it is the person that is locked, in the order of the locks' own numbers.
_LOCK = text("""
    SELECT pg_advisory_xact_lock(number) FROM (
      SELECT DISTINCT hashtextextended(person, 0) AS number FROM unnest(CAST(:persons AS text[])) AS person ORDER BY 1
    ) AS ordered""")
_NOTIFY = text("SELECT pg_notify(:channel, settled) FROM unnest(CAST(:settled AS text[])) AS settled")


async def lock(connection: AsyncConnection, schema: str, events: Iterable[Event]) -> None:
    """Keep other instances from the persons of these events until the transaction ends."""
    persons = {
        f"{schema}:{event.data.customerId}:{event.data.entityId}"
        for event in events
        if isinstance(event.data, PERSONAL)
    }
    if persons:
        await connection.execute(_LOCK, {"persons": list(persons)})


async def load(connection: AsyncConnection, schema: str, events: Sequence[Event]) -> Rows:
    """The rows that these events may look at."""
    rows = Rows()
    individuals, executions, amended = _touched(events)
    for person in await _select(connection, schema, tables.individuals, individuals, IndividualRow):
        rows.individuals[person.customer_id, person.entity_id] = person
    for execution in await _select(connection, schema, tables.executions, executions, ExecutionRow):
        execution.workflow = orjson.loads(execution.workflow)  # type: ignore[arg-type]
        execution.steps = orjson.loads(execution.steps)  # type: ignore[arg-type]
        execution.issues = orjson.loads(execution.issues)  # type: ignore[arg-type]
        execution.resolved = orjson.loads(execution.resolved)  # type: ignore[arg-type]
        rows.executions[execution.key] = execution
    submitted = [
        (one.data.customerId, execution_of(one.id, one.data))
        for one in events
        if isinstance(one.data, ApplicationSubmitted)
    ]
    for application in await _select(connection, schema, tables.applications, submitted, ApplicationRow):
        rows.applications[application.customer_id, application.execution_id] = application
    held = [key for key, execution in rows.executions.items() if execution.waiting]
    for one in await _select(connection, schema, tables.waiting, held, WaitingRow):
        rows.waiting.setdefault((one.customer_id, one.execution_id), {})[one.kind, one.position] = one
    decided = [key for key in {*amended, *held} if key in rows.executions and rows.executions[key].amendments]
    for override in await _select(connection, schema, tables.overrides, decided, OverrideRow):
        key = override.customer_id, override.execution_id
        rows.overrides.setdefault(key, {})[override.amendment_id] = override
    await _load_changes(connection, schema, rows, events)
    await _load_resolutions(
        connection, schema, rows, [event.data for event in events if isinstance(event.data, FindingsAmended)]
    )
    await _load_risk_amendments(connection, schema, rows, events)
    return rows


async def _load_changes(connection: AsyncConnection, schema: str, rows: Rows, events: Sequence[Event]) -> None:
    """What was changed before of the persons and the profiles that these events change."""
    changed = {(one.data.customerId, one.data.entityId) for one in events if isinstance(one.data, EntityChanged)}
    for change in await _select(connection, schema, tables.individual_changes, [*changed], IndividualChangeRow):
        rows.individual_changes.setdefault((change.customer_id, change.entity_id), {})[change.change_id] = change
    profiles = {(one.data.customerId, one.data.entityId) for one in events if isinstance(one.data, ProfileChanged)}
    for one in await _select(connection, schema, tables.profile_changes, [*profiles], ProfileChangeRow):
        rows.profile_changes.setdefault((one.customer_id, one.entity_id), {})[one.change_id] = one


async def _load_risk_amendments(connection: AsyncConnection, schema: str, rows: Rows, events: Sequence[Event]) -> None:
    amended = [event.data for event in events if isinstance(event.data, RiskAmended)]
    keys = [(one.customerId, one.workflowExecutionId) for one in amended]
    for row in await _select(connection, schema, tables.risk_amendments, keys, RiskAmendmentRow):
        row.factors = orjson.loads(row.factors) if row.factors else None  # type: ignore[arg-type]
        rows.risk_amendments[row.customer_id, row.execution_id, row.amendment_id] = row


async def _load_resolutions(
    connection: AsyncConnection, schema: str, rows: Rows, amended: Sequence[FindingsAmended]
) -> None:
    told = [(one.customerId, one.amendmentId) for one in amended]
    for amendment in await _select(connection, schema, tables.finding_amendments, told, FindingAmendmentRow):
        amendment.findings = orjson.loads(amendment.findings)  # type: ignore[arg-type]
        rows.finding_amendments[amendment.customer_id, amendment.amendment_id] = amendment
    findings = [(one.customerId, id) for one in amended for id in one.processResultIds]
    for resolution in await _select(connection, schema, tables.resolutions, findings, ResolutionRow):
        rows.resolutions[resolution.customer_id, resolution.process_result_id] = resolution


async def save(connection: AsyncConnection, schema: str, rows: Rows) -> None:
    """Write what the fold has changed."""
    written: list[tuple[Table, Sequence[object]]] = [
        (tables.individuals, [rows.individuals[key] for key in rows.changed_individuals]),
        (tables.searched, list(rows.searched.values())),
        (tables.former_individuals, list(rows.former_individuals.values())),
        (tables.individual_changes, rows.new_individual_changes),
        (tables.deleted_individuals, list(rows.deleted_individuals.values())),
        (tables.profile_changes, rows.new_profile_changes),
        (tables.executions, [rows.executions[key] for key in rows.changed_executions]),
        (tables.applications, rows.new_applications),
        (tables.step_results, list(rows.step_results.values())),
        (tables.process_results, list(rows.process_results.values())),
        (tables.resolutions, [rows.resolutions[key] for key in rows.changed_resolutions]),
        (tables.finding_amendments, list(rows.finding_amendments.values())),
        (tables.rulings, list(rows.rulings.values())),
        (tables.risk_amendments, list(rows.new_risk_amendments.values())),
        (tables.history, list(rows.history.values())),
        (tables.overrides, list(rows.new_overrides.values())),
        (tables.waiting, list(rows.new_waiting.values())),
        (tables.workflows, list(rows.workflows.values())),
        (tables.subscription_changes, list(rows.subscription_changes.values())),
    ]
    # Another may wait by now in the place of one that is done.
    if rows.done_waiting:
        done = _columns(tables.waiting, list(rows.done_waiting.values()))
        await connection.execute(_done(schema), {name: done[name] for name in _key(tables.waiting)})
    for table, changed in written:
        if changed:
            await connection.execute(_upsert(schema, table.name), _columns(table, changed))
    placed = await connection.execution_options(schema_translate_map={None: schema})
    await stale.restate(placed, rows.restated)
    await resolved.restate(placed, rows)
    await rulings.restate(placed, rows)
    await risks.restate(placed, rows)
    await reevaluations.restate(placed, rows)
    if rows.settled:
        await connection.execute(_NOTIFY, {"channel": schema, "settled": [key[1] for key in rows.settled]})


def _touched(events: Sequence[Event]) -> tuple[list[Key], list[Key], list[Key]]:
    """The persons, the executions and the amended executions that a batch names."""
    individuals: dict[Key, None] = {}
    executions: dict[Key, None] = {}
    amended: list[Key] = []
    for event in events:
        data = event.data
        if isinstance(data, WorkflowProgressed):
            executions[data.customerId, data.workflowExecutionId] = None
        elif isinstance(data, EntityOnboarded | WorkflowRequested | ApplicationSubmitted):
            individuals[data.customerId, data.entityId] = None
            executions[data.customerId, execution_of(event.id, data)] = None
        elif isinstance(data, EntityChanged):
            individuals[data.customerId, data.entityId] = None
        elif isinstance(data, ResultsAmended):
            executions[data.customerId, data.workflowExecutionId] = None
            amended.append((data.customerId, data.workflowExecutionId))
    return list(individuals), list(executions), amended


async def _select(
    connection: AsyncConnection, schema: str, table: Table, keys: Sequence[Key], row: type[Row]
) -> list[Row]:
    """The rows whose first two columns of the primary key are among these."""
    if not keys:
        return []
    found = await connection.execute(
        _lookup(schema, table.name), {"first": [key[0] for key in keys], "second": [key[1] for key in keys]}
    )
    names = [column.name for column in _read(table)]
    return [row(**dict(zip(names, values, strict=True))) for values in found]


def _read(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not column.info.get(tables.NOT_READ)]


@cache
def _lookup(schema: str, name: str) -> TextClause:
    table = tables.metadata.tables[name]
    first, second = _key(table)[:2]
    columns = ", ".join(
        f"CAST(t.{column.name} AS text)" if isinstance(column.type, JSONB) else f"t.{column.name}"
        for column in _read(table)
    )
    return text(f"""
        SELECT {columns} FROM {quoted(schema)}.{name} AS t
        JOIN unnest(CAST(:first AS text[]), CAST(:second AS text[])) AS k(first, second)
          ON t.{first} = k.first AND t.{second} = k.second""")


@cache
def _upsert(schema: str, name: str) -> TextClause:
    """Many rows in one statement, column by column."""
    table = tables.metadata.tables[name]
    names = table.columns.keys()
    arrays = ", ".join(f"CAST(:{column.name} AS {_array(column.type)})" for column in table.columns)
    values = ", ".join(_value(column) for column in table.columns)
    key = _key(table)
    changes = ", ".join(_change(column) for column in table.columns if column.name not in key)
    return text(f"""
        INSERT INTO {quoted(schema)}.{name} ({", ".join(names)})
        SELECT {values} FROM unnest({arrays}) AS given({", ".join(names)})
        ON CONFLICT ({", ".join(key)}) DO UPDATE SET {changes}""")


def _value(column: Column[Any]) -> str:
    kind = "jsonb" if isinstance(column.type, JSONB) else "bigint[]" if isinstance(column.type, ARRAY) else None
    return f"CAST({column.name} AS {kind})" if kind else column.name


def _change(column: Column[Any]) -> str:
    kept = f"COALESCE(excluded.{column.name}, {column.table.name}.{column.name})"
    return f"{column.name} = {kept if column.info.get(tables.NOT_READ) else f'excluded.{column.name}'}"


@cache
def _done(schema: str) -> TextClause:
    table = tables.waiting
    arrays = ", ".join(f"CAST(:{column.name} AS {_array(column.type)})" for column in table.primary_key.columns)
    same = " AND ".join(f"w.{name} = done.{name}" for name in _key(table))
    return text(f"""
        DELETE FROM {quoted(schema)}.waiting AS w
        USING unnest({arrays}) AS done({", ".join(_key(table))}) WHERE {same}""")


def quoted(schema: str) -> str:
    """The schema's name as SQL takes it."""
    return '"' + schema.replace('"', '""') + '"'


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _array(kind: object) -> str:
    names: Mapping[type, str] = {BigInteger: "bigint[]", DateTime: "timestamptz[]", Boolean: "bool[]"}
    return next((name for type_, name in names.items() if isinstance(kind, type_)), "text[]")


def _columns(table: Table, rows: Sequence[object]) -> Columns:
    columns: Columns = {}
    for column in table.columns:
        values: Iterable[Any] = map(attrgetter(column.name), rows)
        if isinstance(column.type, JSONB):
            values = map(_json, values)
        elif isinstance(column.type, ARRAY):
            # An array of arrays would come apart to its last elements.
            values = (f"{{{','.join(map(str, one))}}}" for one in values)
        columns[column.name] = list(values)
    return columns


def _json(value: Any) -> str | None:
    """JSON text; PostgreSQL keeps no NUL in a text, so that one becomes the replacement character."""
    if value is None:
        return None
    told = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()
    if "\\u0000" in told:
        return orjson.dumps(_without_nul(orjson.loads(told))).decode()
    return told


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(one) for name, one in value.items()}
    return value
