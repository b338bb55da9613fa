"""The API's own tables: who may ask, what was answered to whom, who wrote what, and what waits for a second person.

They are no part of the projection: a rebuild leaves them alone.
"""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.results.webhooks.tables import attempts, deliveries, keys, webhooks

metadata = MetaData()

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("key_hash", Text, nullable=False, unique=True, comment="SHA-256 of the key, in hexadecimal digits"),
    Column("customer_id", Text, nullable=False),
    Column("child_id", Text, comment="the only child that the key is for; null for a customer and all its children"),
    Column("roles", ARRAY(Text), nullable=False),
    Column("username", Text, comment="the one person that the key is for; null for a system"),
    Column("per_minute", Integer, comment="requests; null for the default"),
    Column("note", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)

idempotent_requests = Table(
    "idempotent_requests",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("operation", Text, nullable=False, comment="method, path and query"),
    Column("body_hash", Text, nullable=False),
    Column("request_id", Text, nullable=False, comment="of the first; one that takes over goes on under it"),
    Column("claimed_at", DateTime(timezone=True), nullable=False),
    Column("status", Integer, comment="null until answered"),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Index("idempotent_requests_claimed", "claimed_at"),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("entity_id", Text),
    Column("execution_id", Text),
    Column("request_id", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("type", Text, nullable=False, comment="the contract's AuditEvent-Type"),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("reason", Text),
    Index("audit_events_of_a_customer", "customer_id", "number"),
    Index("audit_events_of_a_person", "customer_id", "entity_id", "number"),
    comment="append-only: the API's role can neither change nor delete",
)

approvals = Table(
    "approvals",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("approval_id", Text, primary_key=True, comment="the id of the amendment that it becomes"),
    Column("entity_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rule", Text, nullable=False, comment="of the policy, that asked for a second person"),
    Column("amendment", JSONB, nullable=False, comment="findings.amended, as it is published once confirmed"),
    Column("status", Text, nullable=False, comment="PENDING, CONFIRMED or REJECTED"),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Text),
    Column("decided_at", DateTime(timezone=True)),
    Column("decision_comment", Text),
    Index("approvals_of_a_customer", "customer_id", "status", "proposed_at"),
)

# What the API's role may do, table by table; of the projection and all else it may only read the projection.
GRANTS = {
    api_keys: "SELECT",
    idempotent_requests: "SELECT, INSERT, UPDATE, DELETE",
    audit_events: "SELECT, INSERT",
    approvals: "SELECT, INSERT, UPDATE",
    webhooks: "SELECT, INSERT, UPDATE",
    keys: "SELECT, INSERT, UPDATE",
    deliveries: "SELECT, UPDATE",
    attempts: "SELECT",
}
