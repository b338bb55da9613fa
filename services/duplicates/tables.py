"""The tables of the duplicates check: persons as they are compared, and the keys that lead to them."""

from sqlalchemy import ARRAY, BigInteger, Column, Identity, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

persons = Table(
    "persons",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("entity_version", BigInteger, nullable=False),
    Column("individual", JSONB, nullable=False, comment="only what is compared, normalised"),
    Column("keys", ARRAY(Text), nullable=False, comment="what stands of this person in person_keys"),
    Column("first_seen", BigInteger, Identity(always=True), nullable=False, comment="order in which they came first"),
)

person_keys = Table(
    "person_keys",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
)
