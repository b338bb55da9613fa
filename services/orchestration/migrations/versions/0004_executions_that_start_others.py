"""Executions that start others: whose children they are, and what is to be done to one by another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("executions", sa.Column("parent_id", sa.Text(), comment="the execution that started it"))
    op.add_column(
        "executions",
        sa.Column("kin", postgresql.JSON(), comment="who waits for its end, and whose ends it waits for"),
    )
    op.create_table(
        "errands",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("execution_id", sa.Text(), nullable=False, comment="to whom something is to be done"),
        sa.Column("by_id", sa.Text(), nullable=False, comment="the execution that wants it"),
        sa.Column("document", postgresql.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
