"""entries and changes of watchlists; subscribers by the keys of their names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(
        "subscribers",
        sa.Column(
            "keys",
            postgresql.ARRAY(sa.Text()),
            comment="under which their names are found; null until they are worked out",
        ),
    )
    op.add_column("subscribers", sa.Column("birth_year", sa.Integer(), comment="null where it is not known"))
    op.create_index("subscribers_by_key", "subscribers", ["keys"], postgresql_using="gin")
    op.create_index(
        "subscribers_without_keys", "subscribers", ["customer_id"], postgresql_where=sa.text("keys IS NULL")
    )
    op.create_table(
        "list_entries",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as in the version that was compared last",
        ),
        sa.PrimaryKeyConstraint("list_id", "entry_id"),
    )
    op.create_table(
        "list_changes",
        sa.Column(
            "number",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="order in which they were told",
        ),
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="WAITING, DONE or REFUSED"),
        sa.Column("cause", sa.Text(), comment="why it was refused"),
        sa.Column("added", sa.Integer()),
        sa.Column("changed", sa.Integer()),
        sa.Column("removed", sa.Integer()),
        sa.Column("looked_at", sa.Integer(), comment="persons who are watched for AML"),
        sa.Column("candidates", sa.Integer(), comment="of them, those who were compared with an entry"),
        sa.Column("alerts", sa.Integer()),
        sa.Column("skipped", sa.Integer(), comment="persons without a name that can be screened"),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("seconds", sa.Float(), comment="that the comparison took"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("list_changes_waiting", "list_changes", ["number"], postgresql_where=sa.text("state = 'WAITING'"))
    op.create_index("list_changes_of_a_list", "list_changes", ["list_id", "number"])
