"""Versions of workflows, and aliases of versions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# What executions ran before, by their first start, then what is published now.
_NUMBER = """
    INSERT INTO versions (service_name, workflow_name, number, definition_hash, published_at)
    SELECT service_name, workflow_name,
           row_number() OVER (PARTITION BY service_name, workflow_name ORDER BY bool_or(now), min(since)),
           definition_hash, min(since)
    FROM (SELECT service_name, workflow_name, definition_hash, published_at AS since, true AS now FROM workflows
          UNION ALL
          SELECT document->'input'->>'serviceName', document->'input'->>'workflowName', definition_hash,
                 CAST(document->>'startedAt' AS timestamptz), false
          FROM executions
          WHERE document->'input'->>'serviceName' IS NOT NULL AND document->'input'->>'workflowName' IS NOT NULL
         ) AS known
    GROUP BY service_name, workflow_name, definition_hash"""


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("workflow_name", sa.Text(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="1, 2, 3, ... in the order of their first publishing"
        ),
        sa.Column("definition_hash", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False, comment="for the first time"),
        sa.ForeignKeyConstraint(["definition_hash"], ["definitions.definition_hash"]),
        sa.PrimaryKeyConstraint("service_name", "workflow_name", "number"),
        sa.UniqueConstraint("service_name", "workflow_name", "definition_hash", name="versions_definition"),
    )
    op.create_table(
        "aliases",
        sa.Column("service_name", sa.Text(), nullable=False),
        sa.Column("workflow_name", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="the version that it points at"),
        sa.Column("other_number", sa.Integer(), nullable=True, comment="a second one"),
        sa.Column(
            "other_percent", sa.Integer(), nullable=True, comment="so many of 100 new executions run the second one"
        ),
        sa.ForeignKeyConstraint(
            ["service_name", "workflow_name", "number"],
            ["versions.service_name", "versions.workflow_name", "versions.number"],
            name="aliases_version",
        ),
        sa.ForeignKeyConstraint(
            ["service_name", "workflow_name", "other_number"],
            ["versions.service_name", "versions.workflow_name", "versions.number"],
            name="aliases_other_version",
        ),
        sa.PrimaryKeyConstraint("service_name", "workflow_name", "alias"),
    )
    op.execute(_NUMBER)
