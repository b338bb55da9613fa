"""executions and definitions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "definitions",
        sa.Column(
            "definition_hash", sa.Text(), nullable=False, comment="SHA-256 of the definition; a row never changes"
        ),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("definition_hash"),
    )
    op.create_table(
        "executions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("workflow_execution_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("entity_version", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("definition_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment="of the last workflow.progressed"),
        sa.Column(
            "document",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the execution as libs.asl keeps it",
        ),
        sa.Column(
            "requests",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="open requests: task id to [event id, time to send it again]",
        ),
        sa.Column(
            "individual",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="the person as given; dropped when the execution has ended",
        ),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True, comment="earliest timer or repeat"),
        sa.ForeignKeyConstraint(
            ["definition_hash"],
            ["definitions.definition_hash"],
        ),
        sa.PrimaryKeyConstraint("customer_id", "workflow_execution_id"),
    )
    op.create_index(
        "executions_due", "executions", ["next_due"], unique=False, postgresql_where=sa.text("next_due IS NOT NULL")
    )
    op.create_table(
        "workflows",
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("workflow_name", sa.Text(), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("lifecycle_phase", sa.Text(), nullable=False),
        sa.Column("monitoring_types", postgresql.ARRAY(sa.Text()), nullable=True, comment="null means all"),
        sa.Column("definition_hash", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_hash"],
            ["definitions.definition_hash"],
        ),
        sa.PrimaryKeyConstraint("service_name", "workflow_name"),
    )
