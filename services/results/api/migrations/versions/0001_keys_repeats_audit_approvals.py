"""keys, repeats, audit, approvals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False, comment="SHA-256 of the key, in hexadecimal digits"),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column(
            "child_id",
            sa.Text(),
            nullable=True,
            comment="the only child that the key is for; null for a customer and all its children",
        ),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "username", sa.Text(), nullable=True, comment="the one person that the key is for; null for a system"
        ),
        sa.Column("per_minute", sa.Integer(), nullable=True, comment="requests; null for the default"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id"),
        sa.UniqueConstraint("key_hash"),
    )
    op.create_table(
        "approvals",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("approval_id", sa.Text(), nullable=False, comment="the id of the amendment that it becomes"),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, comment="of the policy, that asked for a second person"),
        sa.Column(
            "amendment",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="findings.amended, as it is published once confirmed",
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="PENDING, CONFIRMED or REJECTED"),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_comment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "approval_id"),
    )
    op.create_index("approvals_of_a_customer", "approvals", ["customer_id", "status", "proposed_at"], unique=False)
    op.create_table(
        "audit_events",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=True),
        sa.Column("execution_id", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False, comment="the contract's AuditEvent-Type"),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("event_id"),
        comment="append-only: the API's role can neither change nor delete",
    )
    op.create_index("audit_events_of_a_customer", "audit_events", ["customer_id", "number"], unique=False)
    op.create_index("audit_events_of_a_person", "audit_events", ["customer_id", "entity_id", "number"], unique=False)
    op.create_table(
        "idempotent_requests",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False, comment="method, path and query"),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column(
            "request_id", sa.Text(), nullable=False, comment="of the first; one that takes over goes on under it"
        ),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True, comment="null until answered"),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "idempotency_key"),
    )
    op.create_index("idempotent_requests_claimed", "idempotent_requests", ["claimed_at"], unique=False)
