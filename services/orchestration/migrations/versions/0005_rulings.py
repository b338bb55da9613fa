"""What people decided that checks are to count of a person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "rulings",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("check_name", sa.Text(), nullable=False),
        sa.Column("ruling_id", sa.Text(), nullable=False, comment="the last that was accepted"),
        sa.Column("settings", postgresql.JSON(), nullable=False, comment="what the check is to count; {} for nothing"),
        sa.PrimaryKeyConstraint("customer_id", "entity_id", "check_name"),
    )
