"""The tables of staff, in the database of the service whose pages they use."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()

users = Table(
    "staff_users",
    metadata,
    Column("username", Text, primary_key=True, comment="in lower case"),
    Column("name", Text, nullable=False, comment="as colleagues read it"),
    Column("password_hash", Text, comment="argon2id; null for who comes by a provider"),
    Column("subject", Text, unique=True, comment="issuer and sub of a provider; null for who has a password"),
    Column("roles", ARRAY(Text), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("disabled_at", DateTime(timezone=True)),
)

sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True, comment="SHA-256 of what the browser has, in hexadecimal digits"),
    Column("username", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False, comment="however much it is used"),
    Index("staff_sessions_of", "username"),
    Index("staff_sessions_end", "ends_at"),
)

tries = Table(
    "staff_tries",
    metadata,
    Column("subject", Text, primary_key=True, comment="hash of the name that was typed, whether anybody has it or not"),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("locked_until", DateTime(timezone=True)),
    Index("staff_tries_last", "last_at"),
)

audit = Table(
    "staff_audit",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("username", Text, comment="null where nobody has the name that was typed"),
    Column("action", Text, nullable=False),
    Column("about", Text, comment="id of the case, execution or record"),
    Column("address", Text, comment="of the browser, or the proxy before it"),
    Column("request_id", Text),
    Column("details", JSONB),
    Index("staff_audit_of", "username", "number"),
    Index("staff_audit_about", "about", "number"),
    comment="append-only: a trigger refuses changes",
)
