"""The tables of collection: what applicants have given, what they agreed to, and their pictures."""

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
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

collections = Table(
    "collections",
    metadata,
    Column("collection_id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("state", Text, nullable=False, comment="of the statechart: where the applicant goes on"),
    Column("status", Text, nullable=False, comment="COLLECTING, SUBMITTED, ASKED, APPROVED, REJECTED or CLOSED"),
    Column("round", Integer, nullable=False, comment="1, and one more for each time that a case asks again"),
    Column("version", BigInteger, nullable=False, comment="of the row: of two who save on one, the second is told"),
    Column("entity_version", BigInteger, nullable=False, comment="of the person as told last; 0 until then"),
    Column("details", JSONB, nullable=False, comment="the fields of the form, as entered"),
    Column("documents", JSONB, nullable=False, comment="chosen, of every round, with their fields as corrected"),
    Column("asked", JSONB, nullable=False, comment="what the case asks for again"),
    Column("case_id", Text),
    Column("case_sequence", BigInteger, nullable=False, comment="of the last case.changed"),
    Column("message", Text, comment="of the reviewer, for the applicant"),
    Column("due_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("collections_of_a_person", "customer_id", "entity_id", unique=True),
)

consents = Table(
    "consents",
    metadata,
    Column("collection_id", Text, primary_key=True),
    Column("consent", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("given_at", DateTime(timezone=True), primary_key=True),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False, comment="as the applicant read it"),
    Column("withdrawn_at", DateTime(timezone=True)),
)

pictures = Table(
    "pictures",
    metadata,
    Column("picture_id", Text, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, comment="order in which they came"),
    Column("collection_id", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("slot", Text, nullable=False),
    Column("status", Text, nullable=False, comment="RECEIVED, TAKEN or REFUSED"),
    Column("problem", Text, nullable=False, comment="why it was refused, as a code"),
    Column("sha256", Text, nullable=False, comment="of the picture as kept: made anew, without metadata"),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("brightness", Float),
    Column("sharpness", Float),
    Column("reading", JSONB, comment="what it says; null until it was read"),
    Column("to_read", Boolean, nullable=False),
    Column("claimed_until", DateTime(timezone=True), comment="somebody works on it until then"),
    Column("tries", Integer, nullable=False, comment="of checking it: one that ends the process is given up"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Index("pictures_of_a_collection", "collection_id", "number"),
    Index("pictures_received", "number", postgresql_where=text("status = 'RECEIVED'")),
    Index("pictures_to_read", "number", postgresql_where=text("to_read")),
)

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", Text, primary_key=True),
    Column("collection_id", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("slot", Text, nullable=False),
    Column("length", Integer, nullable=False, comment="bytes that are to come; those that came lie in a file"),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Index("uploads_of_a_collection", "collection_id"),
    Index("uploads_by_age", "begun_at"),
)
