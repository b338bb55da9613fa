"""The projection's tables; they live in a schema chosen by name, so that a rebuild can stand beside the live ones."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Index,
    MetaData,
    Table,
    Text,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateColumn, CreateSchema, DropSchema

from libs.store import roles

LIVE = "projection"
REBUILT = "projection_rebuild"

# Of a column that the fold only sets: it is not loaded with its row, and stays where it is not set anew.
NOT_READ = "not read"

metadata = MetaData()

# Executions that a person or an event asked for, as lists of them are read: the others are told with their parent.
LISTED = "started_at IS NOT NULL AND (workflow ->> 'parentExecutionId') IS NULL"

# Without it most executions would be expected to have a parent.
_PARENTS = """
    CREATE STATISTICS IF NOT EXISTS {schema}.executions_of_parents ON (workflow ->> 'parentExecutionId')
    FROM {schema}.executions"""
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('projection'), hashtext('tables'))")


def _key(name: str) -> Column[Any]:
    return Column(name, Text, primary_key=True)


def _number(name: str, **options: Any) -> Column[Any]:
    return Column(name, BigInteger, nullable=False, **options)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _time(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False)


def _json(name: str) -> Column[Any]:
    return Column(name, JSONB, nullable=False)


def _list_by(name: str, *columns: str) -> Index:
    """An order of a customer's executions, with all that a list of them may be narrowed by."""
    with_them = ("entity_id", "state", "status", "service_name", "workflow_name", "started_at")
    return Index(
        f"executions_by_{name}",
        *("customer_id", *columns, "execution_id"),
        postgresql_include=[one for one in with_them if one not in columns],
        postgresql_where=text(LISTED),
    )


individuals = Table(
    "individuals",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    _number("entity_version"),
    Column("changed_at", DateTime(timezone=True), nullable=False, comment="time of the event that gave this version"),
    Column("changed_by", Text, nullable=False, comment="its topic"),
    _time("created_at"),
    Column("document", JSONB, nullable=False, comment="the person, as the events carry them"),
    Index("individuals_of_a_customer", "customer_id", "created_at"),
)

searched = Table(
    "searched",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    Column("keys", ARRAY(BigInteger), nullable=False, comment="under which the person is found"),
    Index("searched_by_key", "keys", postgresql_using="gin"),
)

former_individuals = Table(
    "former_individuals",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    _number("entity_version", primary_key=True, autoincrement=False),
    Column("changed_at", DateTime(timezone=True), primary_key=True, comment="time of the event that gave this version"),
    _key("changed_by"),
    _time("created_at"),
    _json("document"),
    comment="what was told of a person before, or late",
)

individual_changes = Table(
    "individual_changes",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    _key("change_id"),
    Column("entity_version", BigInteger, nullable=False, comment="that it makes; of several the first is accepted"),
    Column("kind", Text, nullable=False, comment="CREATED, UPDATED or DELETED"),
    _time("changed_at"),
    _text("changed_by"),
    _text("request_id"),
    Column("comment", Text),
    Column("refusal", Text, comment="null where it was accepted"),
    Column("kept_until", Text, comment="of a deletion: the last day of the records"),
    Column("told", JSONB, info={NOT_READ: True}, comment="the person in the contract's words"),
    Column("document", JSONB, info={NOT_READ: True}, comment="the person as the events carry them"),
)

deleted_individuals = Table(
    "deleted_individuals",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    _time("deleted_at"),
    _text("deleted_by"),
    _text("request_id"),
    Column("kept_until", Text, comment="the last day of the records"),
    comment="persons who are hidden from every read",
)

profile_changes = Table(
    "profile_changes",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    _key("change_id"),
    _text("service_name"),
    Column("profile_version", BigInteger, nullable=False, comment="that it makes; of several the first is accepted"),
    Column("assignee", Text),
    Column("reviewer", Text),
    Column("workflow_name", Text),
    Column("state", Text),
    _time("changed_at"),
    _text("changed_by"),
    _text("request_id"),
    Column("comment", Text),
    Column("refusal", Text, comment="null where it was accepted"),
)

executions = Table(
    "executions",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _text("entity_id"),
    _number("entity_version"),
    Column("service_name", Text),
    Column("workflow_name", Text),
    Column("request_id", Text),
    Column("requested_by", Text),
    Column("comment", Text),
    _text("state"),
    _text("result"),
    Column("status", Text, nullable=False, comment="the latest override, else the result"),
    Column("decided", Text, comment="what the decision step said; the result once the execution has succeeded"),
    Column("sequence", BigInteger, nullable=False, comment="of the last step applied"),
    Column("version", BigInteger, nullable=False, comment="steps applied and amendments accepted"),
    Column("amendments", BigInteger, nullable=False, comment="amendments decided, accepted or refused"),
    Column("waiting", BigInteger, nullable=False, comment="events of this execution that cannot be applied yet"),
    Column("override_at", DateTime(timezone=True)),
    Column("override_by", Text),
    Column("override_request_id", Text),
    Column("started_at", DateTime(timezone=True), comment="null while only later events have been seen"),
    Column("ended_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True)),
    Column("updated_at", DateTime(timezone=True)),
    Column("workflow", JSONB, nullable=False, comment="which workflow, as its first step told"),
    Column("steps", JSONB, nullable=False, comment="[[step name, result], ...] in the order accepted"),
    Column("issues", JSONB, nullable=False),
    Column("risk", JSONB, info={NOT_READ: True}),
    Column("error", Text),
    Column("cause", Text),
    Column("resolved", JSONB, nullable=False, server_default="{}", comment="{step: result} where people decided"),
    Column("outdated", Boolean, nullable=False, server_default="false", comment="the person is another by now"),
    Index("executions_of_a_person", "customer_id", "entity_id", "started_at"),
    _list_by("start", "started_at"),
    _list_by("state", "state", "started_at"),
    _list_by("status", "status", "started_at"),
    _list_by("workflow", "service_name", "workflow_name", "started_at"),
    # A row is rewritten a few times in its first second: room beside it keeps its indexes untouched.
    postgresql_with={"fillfactor": 60},
)

applications = Table(
    "applications",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _text("application_id"),
    _text("entity_id"),
    _time("submitted_at"),
    Column("fingerprint", Text, nullable=False, comment="of the application: another one under its id is none"),
    _json("document"),
    comment="what executions of pre-screening are about",
)

step_results = Table(
    "step_results",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _number("sequence", primary_key=True, autoincrement=False),
    _number("position", primary_key=True, autoincrement=False),
    _text("step_name"),
    _text("result"),
    _time("started_at"),
    _time("ended_at"),
    _json("document"),
    # In the order of time as good as they are written: an index of a few pages for the log.
    Index("step_results_by_time", "ended_at", postgresql_using="brin"),
)

process_results = Table(
    "process_results",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _key("process_result_id"),
    _text("entity_id"),
    _number("sequence"),
    _number("position"),
    _number("number"),
    _text("step_name"),
    _text("step_type"),
    _text("process_class"),
    _text("object_type"),
    _text("result"),
    _text("state"),
    _text("system_status"),
    _time("created_at"),
    _time("updated_at"),
    Column("expires_at", DateTime(timezone=True), comment="a valid result is told as EXPIRED from then on"),
    _json("document"),
    Index("process_results_of_a_person", "customer_id", "entity_id", "created_at"),
)

resolutions = Table(
    "resolutions",
    metadata,
    _key("customer_id"),
    _key("process_result_id"),
    _text("entity_id"),
    _text("manual_status"),
    _text("amendment_id"),
    _text("amended_by"),
    _time("amended_at"),
    Index("resolutions_of_a_person", "customer_id", "entity_id"),
    comment="what people said last of a finding",
)

finding_amendments = Table(
    "finding_amendments",
    metadata,
    _key("customer_id"),
    _key("amendment_id"),
    _text("entity_id"),
    Column("findings", JSONB, nullable=False, comment="{process result id: its manual status before}"),
    _text("manual_status"),
    Column("comment", Text),
    _text("amended_by"),
    _time("amended_at"),
    _text("request_id"),
    Column("refusal", Text, comment="null where it was accepted"),
    Index("finding_amendments_of_a_person", "customer_id", "entity_id", "amended_at"),
)

rulings = Table(
    "rulings",
    metadata,
    _key("customer_id"),
    _key("ruling_id"),
    _text("entity_id"),
    _text("check_name"),
    _json("settings"),
    Column("previous", JSONB, nullable=False, comment="the settings before"),
    Column("stands_on", Text, comment="the ruling before; null of the first"),
    Column("execution_id", Text, comment="whose result was looked at"),
    Column("comment", Text),
    _text("changed_by"),
    _time("changed_at"),
    _text("request_id"),
    Column("refusal", Text, comment="null where it was accepted"),
    Index("rulings_of_a_person", "customer_id", "entity_id", "check_name"),
    comment="what people decided that a check is to count of a person",
)

risk_amendments = Table(
    "risk_amendments",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _key("amendment_id"),
    _text("entity_id"),
    Column("level", Text, comment="set by hand; null of points given to factors"),
    Column("previous_level", Text),
    Column("factors", JSONB, comment="{factor: points, or null for those of the profile}; null of a level"),
    Column("stands_on", Text, comment="the amendment before; null of the first"),
    Column("comment", Text),
    _text("amended_by"),
    _time("amended_at"),
    _text("request_id"),
    Column("refusal", Text, comment="null where it was accepted"),
)

overrides = Table(
    "overrides",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _key("amendment_id"),
    _text("entity_id"),
    Column("number", BigInteger, nullable=False, comment="order in which they were decided, from 1"),
    _text("status"),
    _text("previous_status"),
    Column("comment", Text),
    _text("amended_by"),
    _time("amended_at"),
    _text("request_id"),
    _number("expected_version"),
    Column("accepted", Boolean, nullable=False),
    Column("refusal", Text),
)

history = Table(
    "history",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    _number("sequence", primary_key=True, autoincrement=False),
    _number("last_id"),
    _json("events"),
)

waiting = Table(
    "waiting",
    metadata,
    _key("customer_id"),
    _key("execution_id"),
    Column("kind", Text, primary_key=True, comment="PROGRESSED, AMENDED, or ENDED: an end that was gone on from"),
    Column("position", BigInteger, primary_key=True, autoincrement=False, comment="sequence, or order of arrival"),
    _json("document"),
)

subscription_changes = Table(
    "subscription_changes",
    metadata,
    _key("customer_id"),
    _key("entity_id"),
    _key("monitoring_type"),
    _number("sequence", primary_key=True, autoincrement=False),
    Column("enabled", Boolean, nullable=False),
    Column("was_enabled", Boolean, nullable=False, comment="the same where nothing changed"),
    _time("changed_at"),
    _text("changed_by"),
    _text("request_id"),
    Column("execution_id", Text, comment="whose step asked"),
    Column("comment", Text),
)

workflows = Table(
    "workflows",
    metadata,
    _key("service_name"),
    _key("workflow_name"),
    _text("workflow_id"),
    _text("type"),
    _text("lifecycle_phase"),
    Column("monitoring_types", JSONB),
    _text("definition_hash"),
    Column("definition", Text, nullable=False, comment="the document as published, to the byte"),
    _time("published_at"),
)


async def create(connection: AsyncConnection, schema: str = LIVE) -> None:
    """Make the schema and its tables where they are missing."""
    await connection.execute(_ONE_AT_A_TIME)
    await connection.execute(CreateSchema(schema, if_not_exists=True))
    placed = await connection.execution_options(schema_translate_map={None: schema})
    await placed.run_sync(metadata.create_all)
    await placed.run_sync(_add_columns, schema)
    await placed.run_sync(_add_indexes)
    quoted = connection.dialect.identifier_preparer.quote(schema)
    await connection.execute(text(_PARENTS.format(schema=quoted)))
    await roles.let_read(connection, roles.API, schema)


def _add_columns(connection: Connection, schema: str) -> None:
    """The columns that tables of an earlier release lack; what belongs there comes with a rebuild."""
    there = inspect(connection)
    preparer = connection.dialect.identifier_preparer
    for table in metadata.sorted_tables:
        known = {column["name"] for column in there.get_columns(table.name, schema)}
        for column in table.columns:
            if column.name not in known:
                told = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"ALTER TABLE {preparer.quote(schema)}.{table.name} ADD COLUMN {told}"))


def _add_indexes(connection: Connection) -> None:
    """The indexes that tables of an earlier release lack."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection, checkfirst=True)


async def drop(connection: AsyncConnection, schema: str) -> None:
    """Remove a schema with all that is in it."""
    await connection.execute(DropSchema(schema, cascade=True, if_exists=True))
