"""document uses."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "document_uses",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, comment="hash of type, country and number"),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False, comment="hash of name and date of birth"),
        sa.Column("first_seen", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "document", "entity_id"),
    )
