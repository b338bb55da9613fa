"""Documents are written at each step and read whole: as text they cost no parsing, and up to 8 KB no compressing."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for column in ("document", "requests", "individual"):
        op.execute(f"ALTER TABLE executions ALTER COLUMN {column} TYPE json USING {column}::json")
    op.execute("ALTER TABLE executions SET (toast_tuple_target = 8160)")
