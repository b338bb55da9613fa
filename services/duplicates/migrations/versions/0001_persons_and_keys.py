"""persons and keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("entity_version", sa.BigInteger(), nullable=False),
        sa.Column(
            "individual",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="only what is compared, normalised",
        ),
        sa.Column("keys", sa.ARRAY(sa.Text()), nullable=False, comment="what stands of this person in person_keys"),
        sa.Column(
            "first_seen",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="order in which they came first",
        ),
        sa.PrimaryKeyConstraint("customer_id", "entity_id"),
    )
    op.create_table(
        "person_keys",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "key", "entity_id"),
    )
