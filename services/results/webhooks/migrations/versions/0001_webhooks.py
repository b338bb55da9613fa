"""webhooks, their keys, deliveries and attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

PENDING = sa.text("state = 'PENDING'")


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column(
            "functions",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="that it is told; all where it names none",
        ),
        sa.Column("description", sa.Text()),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("webhook_id"),
    )
    op.create_index(
        "webhooks_of_a_customer", "webhooks", ["customer_id"], postgresql_where=sa.text("removed_at IS NULL")
    )
    op.create_table(
        "webhook_keys",
        sa.Column(
            "key_id",
            sa.Text(),
            nullable=False,
            comment="with the webhook's id it gives the secret, which stands nowhere",
        ),
        sa.Column("webhook_id", sa.Text(), sa.ForeignKey("webhooks.webhook_id"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), comment="null for the newest"),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_index("webhook_keys_of_a_webhook", "webhook_keys", ["webhook_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column(
            "id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="the order of what happened to a person",
        ),
        sa.Column("webhook_id", sa.Text(), sa.ForeignKey("webhooks.webhook_id"), nullable=False),
        sa.Column("notification_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="to the byte: each attempt sends the same"),
        sa.Column("traceparent", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False, comment="PENDING, DELIVERED, REFUSED by the receiver, or PARKED"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_since", sa.DateTime(timezone=True), nullable=False, comment="a day from then on it is parked"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("webhook_id", "notification_id"),
    )
    op.create_index("webhook_deliveries_due", "webhook_deliveries", ["webhook_id", "due_at"], postgresql_where=PENDING)
    op.create_index(
        "webhook_deliveries_of_a_person", "webhook_deliveries", ["webhook_id", "entity_id", "id"],
        postgresql_where=PENDING,
    )  # fmt: skip
    op.create_index("webhook_deliveries_in_order", "webhook_deliveries", ["webhook_id", "id"])
    op.create_table(
        "webhook_attempts",
        sa.Column(
            "delivery_id", sa.BigInteger(), sa.ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), comment="HTTP's; null where there was no answer"),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("delivery_id", "number"),
    )
