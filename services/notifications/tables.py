"""The tables of notifications: what is to be delivered, what was tried, and how it stood from when on."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from libs.delivery.attempts import attempts_table

metadata = MetaData()

PENDING = text("state = 'PENDING'")

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True, comment="of execution, state and what it is about: the Idempotency-Key"),
    Column("customer_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("execution_id", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("step_name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="to the byte: each attempt sends the same"),
    Column("cause_id", Text, nullable=False, comment="the request that came first"),
    Column("traceparent", Text),
    Column("waiting", JSON, comment="the task that is answered once this has come to an end"),
    Column("state", Text, nullable=False, comment="PENDING, DELIVERED, REFUSED by the receiver, or PARKED"),
    Column("attempts", Integer, nullable=False),
    Column("sequence", Integer, nullable=False, comment="of its last change"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("tried_since", DateTime(timezone=True), nullable=False, comment="a day from then on it is parked"),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index("deliveries_due", "customer_id", "purpose", "due_at", postgresql_where=PENDING),
    Index("deliveries_by_state", "state", "created_at"),
)

attempts = attempts_table("delivery_attempts", metadata, "deliveries", Text())

changes = Table(
    "delivery_changes",
    metadata,
    Column("delivery_id", Text, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False, comment="ACCEPTED, DELIVERED, REFUSED or PARKED"),
    Column("attempts", Integer, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("milliseconds", Integer),
    Column("told", Boolean, nullable=False, comment="whether notification.changed has it"),
    Index("delivery_changes_untold", "changed_at", postgresql_where=text("NOT told")),
)
