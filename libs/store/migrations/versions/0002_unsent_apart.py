"""What is unsent stands apart from the outbox, so that sending rewrites no wide rows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("outbox_unsent", "outbox")
    op.create_table(
        "outbox_unsent",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO outbox_unsent SELECT id, written_at FROM outbox WHERE sent_at IS NULL")
    op.drop_index("outbox_sent", "outbox")
    op.drop_column("outbox", "sent_at")
    op.create_index("outbox_written", "outbox", ["written_at"], postgresql_using="brin")
    op.execute("ALTER TABLE outbox SET (toast_tuple_target = 8160)")
