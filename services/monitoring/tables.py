"""The tables of monitoring: who is watched, for what, and the alerts that were raised."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSON

metadata = MetaData()

subscribers = Table(
    "subscribers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("entity_version", BigInteger, nullable=False),
    Column("individual", JSON, nullable=False, comment="the person; the row goes when nothing watches them any more"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("monitoring_type", Text, primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False, comment="of the last subscription.changed"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("monitoring_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("list_id", Text, comment="the watchlist that has changed"),
    Column("list_version", Text),
    Column("entry_id", Text),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False),
    Index("alerts_of_a_person", "customer_id", "entity_id", "raised_at"),
)
