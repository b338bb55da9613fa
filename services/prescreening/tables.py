"""The tables of pre-screening: the book of loans, what is promised on it, and what applications had in common."""

from sqlalchemy import ARRAY, Boolean, Column, DateTime, Index, MetaData, Numeric, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

loans = Table(
    "loans",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("loan_id", Text, primary_key=True),
    Column("party", Text, nullable=False, comment="entity:<id> or company:<country>:<number>"),
    Column("application_id", Text, comment="the application that it came of"),
    Column("loan", JSONB, nullable=False, comment="as it was loaded"),
    Index("loans_party", "customer_id", "party"),
)

party_groups = Table(
    "party_groups",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("party", Text, primary_key=True),
    Column("group_id", Text, nullable=False, comment="parties of one group are one risk"),
    Index("party_groups_group", "customer_id", "group_id"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("application_id", Text, primary_key=True),
    Column("parties", ARRAY(Text), nullable=False, comment="the applicant's keys"),
    Column("amount", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("accepted", Boolean, nullable=False, server_default=text("false")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("reservations_parties", "parties", postgresql_using="gin"),
)

# Only keyed hashes stand here: what two applications have in common is known again, and cannot be read.
sightings = Table(
    "sightings",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True, comment="device, document, account, address, phone, email"),
    Column("mark", Text, primary_key=True),
    Column("application_id", Text, primary_key=True),
    Column("entity_id", Text, nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
)
