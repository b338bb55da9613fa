"""subscribers, their subscriptions, alerts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("entity_version", sa.BigInteger(), nullable=False),
        sa.Column(
            "individual",
            postgresql.JSON(astext_type=sa.Text()),
            nullable=False,
            comment="the person; the row goes when nothing watches them any more",
        ),
        sa.PrimaryKeyConstraint("customer_id", "entity_id"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("monitoring_type", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment="of the last subscription.changed"),
        sa.PrimaryKeyConstraint("customer_id", "entity_id", "monitoring_type"),
    )
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("monitoring_type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("list_id", sa.Text(), comment="the watchlist that has changed"),
        sa.Column("list_version", sa.Text()),
        sa.Column("entry_id", sa.Text()),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("alert_id"),
    )
    op.create_index("alerts_of_a_person", "alerts", ["customer_id", "entity_id", "raised_at"])
