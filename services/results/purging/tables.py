"""Who was purged. It stands beside the projection, so that a rebuild brings nobody back."""

from sqlalchemy import Column, DateTime, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData()

purged_persons = Table(
    "purged_persons",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("kept_until", Text, nullable=False, comment="the last day of the records"),
    Column("purged_at", DateTime(timezone=True), nullable=False),
    Column("purged_by", Text, nullable=False),
    Column("files", ARRAY(Text), nullable=False, comment="SHA-256 of those that are still to be removed"),
)
