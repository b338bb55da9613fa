"""Orchestration's own tables: the executions, the definitions they run, and which of them new ones run."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

metadata = MetaData()

definitions = Table(
    "definitions",
    metadata,
    Column("definition_hash", Text, primary_key=True, comment="SHA-256 of the definition; a row never changes"),
    Column("definition", JSONB, nullable=False),
)

workflows = Table(
    "workflows",
    metadata,
    Column("service_name", Text, primary_key=True),
    Column("workflow_name", Text, primary_key=True),
    Column("workflow_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("lifecycle_phase", Text, nullable=False),
    Column("monitoring_types", ARRAY(Text), comment="null means all"),
    Column("definition_hash", Text, ForeignKey("definitions.definition_hash"), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("service_name", Text, primary_key=True),
    Column("workflow_name", Text, primary_key=True),
    Column("number", Integer, primary_key=True, comment="1, 2, 3, ... in the order of their first publishing"),
    Column("definition_hash", Text, ForeignKey("definitions.definition_hash"), nullable=False),
    Column("published_at", DateTime(timezone=True), nullable=False, comment="for the first time"),
    UniqueConstraint("service_name", "workflow_name", "definition_hash", name="versions_definition"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("service_name", Text, primary_key=True),
    Column("workflow_name", Text, primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("number", Integer, nullable=False, comment="the version that it points at"),
    Column("other_number", Integer, comment="a second one"),
    Column("other_percent", Integer, comment="so many of 100 new executions run the second one"),
    ForeignKeyConstraint(
        ["service_name", "workflow_name", "number"],
        ["versions.service_name", "versions.workflow_name", "versions.number"],
        name="aliases_version",
    ),
    ForeignKeyConstraint(
        ["service_name", "workflow_name", "other_number"],
        ["versions.service_name", "versions.workflow_name", "versions.number"],
        name="aliases_other_version",
    ),
)

executions = Table(
    "executions",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("workflow_execution_id", Text, primary_key=True),
    Column("entity_id", Text, nullable=False),
    Column("entity_version", BigInteger, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("definition_hash", Text, ForeignKey("definitions.definition_hash"), nullable=False),
    Column("status", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False, comment="of the last workflow.progressed"),
    Column("document", JSON, nullable=False, comment="the execution as libs.asl keeps it"),
    Column("requests", JSON, nullable=False, comment="open requests: task id to [event id, time to send it again]"),
    Column("individual", JSON, comment="the person as given; dropped when the execution has ended"),
    Column("next_due", DateTime(timezone=True), comment="earliest timer or repeat"),
    Column("parent_id", Text, comment="the execution that started it"),
    Column("kin", JSON, comment="who waits for its end, and whose ends it waits for"),
    Column("application", JSON, comment="what they apply for; dropped when the execution has ended"),
    Index("executions_due", "next_due", postgresql_where=text("next_due IS NOT NULL")),
    # Written at each step and read whole: up to 8 KB a row stands as it is, without compressing.
    postgresql_with={"toast_tuple_target": 8160},
)

rulings = Table(
    "rulings",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("check_name", Text, primary_key=True),
    Column("ruling_id", Text, nullable=False, comment="the last that was accepted"),
    Column("settings", JSON, nullable=False, comment="what the check is to count; {} for nothing"),
)

errands = Table(
    "errands",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("execution_id", Text, nullable=False, comment="to whom something is to be done"),
    Column("by_id", Text, nullable=False, comment="the execution that wants it"),
    Column("document", JSON, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
)
