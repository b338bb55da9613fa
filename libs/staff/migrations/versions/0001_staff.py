"""staff: users, sessions, tries, audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "staff_users",
        sa.Column("username", sa.Text(), nullable=False, comment="in lower case"),
        sa.Column("name", sa.Text(), nullable=False, comment="as colleagues read it"),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="argon2id; null for who comes by a provider"),
        sa.Column(
            "subject", sa.Text(), nullable=True, comment="issuer and sub of a provider; null for who has a password"
        ),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("username"),
        sa.UniqueConstraint("subject"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column(
            "token_hash", sa.Text(), nullable=False, comment="SHA-256 of what the browser has, in hexadecimal digits"
        ),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False, comment="however much it is used"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("staff_sessions_of", "staff_sessions", ["username"])
    op.create_index("staff_sessions_end", "staff_sessions", ["ends_at"])
    op.create_table(
        "staff_tries",
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="hash of the name that was typed, whether anybody has it or not",
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("staff_tries_last", "staff_tries", ["last_at"])
    op.create_table(
        "staff_audit",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.Text(), nullable=True, comment="null where nobody has the name that was typed"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True, comment="id of the case, execution or record"),
        sa.Column("address", sa.Text(), nullable=True, comment="of the browser, or the proxy before it"),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        comment="append-only: a trigger refuses changes",
    )
    op.create_index("staff_audit_of", "staff_audit", ["username", "number"])
    op.create_index("staff_audit_about", "staff_audit", ["about", "number"])
    op.execute("""
        CREATE FUNCTION staff_audit_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'staff_audit is append-only'; END $$""")
    op.execute("""
        CREATE TRIGGER staff_audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON staff_audit
        EXECUTE FUNCTION staff_audit_stays()""")
