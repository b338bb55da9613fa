"""The tables of webhooks. They stand beside the projection: no rebuild touches them, nor tells anything again."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from libs.delivery.attempts import attempts_table

metadata = MetaData()

PENDING = text("state = 'PENDING'")

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("functions", ARRAY(Text), nullable=False, comment="that it is told; all where it names none"),
    Column("description", Text),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("updated_by", Text, nullable=False),
    Column("removed_at", DateTime(timezone=True)),
    Index("webhooks_of_a_customer", "customer_id", postgresql_where=text("removed_at IS NULL")),
)

keys = Table(
    "webhook_keys",
    metadata,
    Column("key_id", Text, primary_key=True, comment="with the webhook's id it gives the secret, which stands nowhere"),
    Column("webhook_id", Text, ForeignKey("webhooks.webhook_id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), comment="null for the newest"),
    Index("webhook_keys_of_a_webhook", "webhook_id"),
)

deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True, comment="the order of what happened to a person"),
    Column("webhook_id", Text, ForeignKey("webhooks.webhook_id"), nullable=False),
    Column("notification_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="to the byte: each attempt sends the same"),
    Column("traceparent", Text),
    Column("state", Text, nullable=False, comment="PENDING, DELIVERED, REFUSED by the receiver, or PARKED"),
    Column("attempts", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("tried_since", DateTime(timezone=True), nullable=False, comment="a day from then on it is parked"),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    UniqueConstraint("webhook_id", "notification_id"),
    Index("webhook_deliveries_due", "webhook_id", "due_at", postgresql_where=PENDING),
    Index("webhook_deliveries_of_a_person", "webhook_id", "entity_id", "id", postgresql_where=PENDING),
    Index("webhook_deliveries_in_order", "webhook_id", "id"),
)

attempts = attempts_table("webhook_attempts", metadata, "webhook_deliveries", BigInteger())
