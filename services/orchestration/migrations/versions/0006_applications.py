"""What an execution's person applies for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "executions",
        sa.Column(
            "application", postgresql.JSON(), comment="what they apply for; dropped when the execution has ended"
        ),
    )
