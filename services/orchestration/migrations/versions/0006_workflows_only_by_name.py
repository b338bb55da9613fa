"""workflows that run only where they are named."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("workflows", sa.Column("only_by_name", sa.Boolean(), server_default=sa.text("false"), nullable=False))
