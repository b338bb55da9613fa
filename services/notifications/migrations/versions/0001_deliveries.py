"""deliveries, their attempts and changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

PENDING = sa.text("state = 'PENDING'")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column(
            "id",
            sa.Text(),
            nullable=False,
            comment="of execution, state and what it is about: the Idempotency-Key",
        ),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("execution_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("step_name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="to the byte: each attempt sends the same"),
        sa.Column("cause_id", sa.Text(), nullable=False, comment="the request that came first"),
        sa.Column("traceparent", sa.Text()),
        sa.Column(
            "waiting",
            postgresql.JSON(astext_type=sa.Text()),
            comment="the task that is answered once this has come to an end",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="PENDING, DELIVERED, REFUSED by the receiver, or PARKED"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="of its last change"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_since", sa.DateTime(timezone=True), nullable=False, comment="a day from then on it is parked"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("deliveries_due", "deliveries", ["customer_id", "purpose", "due_at"], postgresql_where=PENDING)
    op.create_index("deliveries_by_state", "deliveries", ["state", "created_at"])
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", sa.Text(), sa.ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), comment="HTTP's; null where there was no answer"),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("delivery_id", "number"),
    )
    op.create_table(
        "delivery_changes",
        sa.Column("delivery_id", sa.Text(), sa.ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="ACCEPTED, DELIVERED, REFUSED or PARKED"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.Column("milliseconds", sa.Integer()),
        sa.Column("told", sa.Boolean(), nullable=False, comment="whether notification.changed has it"),
        sa.PrimaryKeyConstraint("delivery_id", "sequence"),
    )
    op.create_index("delivery_changes_untold", "delivery_changes", ["changed_at"], postgresql_where=sa.text("NOT told"))
