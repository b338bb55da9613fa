"""The tables that every stateful service keeps beside its own: offsets, inbox, outbox, and what is held back."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    text,
)

metadata = MetaData()

offsets = Table(
    "consumer_offsets",
    metadata,
    Column("consumer_group", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    Column("mark", Text, comment="offset:timestamp:crc32 of the last record taken, to know the log again"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("consumer_group", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("inbox_taken", "taken_at", postgresql_using="brin"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("event_id", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", LargeBinary, nullable=False, comment="JSON: [[name, value or null], ...]"),
    Column("written_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("outbox_event", "event_id"),
    Index("outbox_written", "written_at", postgresql_using="brin"),
    # Rows are written once and read rarely: up to 8 KB they stand in the table as they are, without compressing.
    postgresql_with={"toast_tuple_target": 8160},
)

# Apart from the outbox, whose rows are wide: what is sent is noted by deleting a number.
unsent = Table(
    "outbox_unsent",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
)

held = Table(
    "held",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("consumer_group", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="what is quarantined: one execution or one person"),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", LargeBinary, nullable=False),
    Column("error", Text, comment="of the event that raised; null for those held behind it"),
    Column("released", Boolean, nullable=False, server_default=text("false")),
    Column("held_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("held_subject", "consumer_group", "subject"),
)
