"""Orchestration's own tables: the executions and the definitions they run."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, MetaData, Table, Text, text
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
    Index("executions_due", "next_due", postgresql_where=text("next_due IS NOT NULL")),
    # Written at each step and read whole: up to 8 KB a row stands as it is, without compressing.
    postgresql_with={"toast_tuple_target": 8160},
)
