"""The tables of monitoring: who is watched, for what, and the alerts that were raised."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

metadata = MetaData()

subscribers = Table(
    "subscribers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("entity_version", BigInteger, nullable=False),
    Column("individual", JSON, nullable=False, comment="the person; the row goes when nothing watches them any more"),
    Column("keys", ARRAY(Text), comment="under which their names are found; null until they are worked out"),
    Column("birth_year", Integer, comment="null where it is not known"),
    Index("subscribers_by_key", "keys", postgresql_using="gin"),
    Index("subscribers_without_keys", "customer_id", postgresql_where=text("keys IS NULL")),
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

list_entries = Table(
    "list_entries",
    metadata,
    Column("list_id", Text, primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("facts", JSONB, nullable=False, comment="as in the version that was compared last"),
)

list_changes = Table(
    "list_changes",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True, comment="order in which they were told"),
    Column("list_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("state", Text, nullable=False, comment="WAITING, DONE or REFUSED"),
    Column("cause", Text, comment="why it was refused"),
    Column("added", Integer),
    Column("changed", Integer),
    Column("removed", Integer),
    Column("looked_at", Integer, comment="persons who are watched for AML"),
    Column("candidates", Integer, comment="of them, those who were compared with an entry"),
    Column("alerts", Integer),
    Column("skipped", Integer, comment="persons without a name that can be screened"),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("done_at", DateTime(timezone=True)),
    Column("seconds", Float, comment="that the comparison took"),
    Index("list_changes_waiting", "number", postgresql_where=text("state = 'WAITING'")),
    Index("list_changes_of_a_list", "list_id", "number"),
)
