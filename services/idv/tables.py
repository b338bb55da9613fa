"""The table of the check of documents."""

from sqlalchemy import Column, DateTime, MetaData, Table, Text, func

metadata = MetaData()

# Only hashes stand here: who used a document is known again, and neither number nor name can be read from it.
document_uses = Table(
    "document_uses",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("document", Text, primary_key=True, comment="hash of type, country and number"),
    Column("entity_id", Text, primary_key=True),
    Column("person", Text, nullable=False, comment="hash of name and date of birth"),
    Column("first_seen", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
