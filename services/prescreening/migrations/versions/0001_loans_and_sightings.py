"""loans and sightings

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loans",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("loan_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False, comment="entity:<id> or company:<country>:<number>"),
        sa.Column("application_id", sa.Text(), comment="the application that it came of"),
        sa.Column("loan", postgresql.JSONB(), nullable=False, comment="as it was loaded"),
        sa.PrimaryKeyConstraint("customer_id", "loan_id"),
    )
    op.create_index("loans_party", "loans", ["customer_id", "party"])
    op.create_table(
        "party_groups",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=False, comment="parties of one group are one risk"),
        sa.PrimaryKeyConstraint("customer_id", "party"),
    )
    op.create_index("party_groups_group", "party_groups", ["customer_id", "group_id"])
    op.create_table(
        "reservations",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.Column("parties", sa.ARRAY(sa.Text()), nullable=False, comment="the applicant's keys"),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "application_id"),
    )
    op.create_index("reservations_parties", "reservations", ["parties"], postgresql_using="gin")
    op.create_table(
        "sightings",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="device, document, account, address, phone, email"),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "kind", "mark", "application_id"),
    )


def downgrade() -> None:
    for table in ("sightings", "reservations", "party_groups", "loans"):
        op.drop_table(table)
