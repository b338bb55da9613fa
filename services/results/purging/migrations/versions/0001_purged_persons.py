"""purged persons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "purged_persons",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kept_until", sa.Text(), nullable=False, comment="the last day of the records"),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_by", sa.Text(), nullable=False),
        sa.Column(
            "files",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="SHA-256 of those that are still to be removed",
        ),
        sa.PrimaryKeyConstraint("customer_id", "entity_id"),
    )
