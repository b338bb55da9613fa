"""cases, what was done to them, and the stories of their executions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False, comment="the Idempotency-Key: made twice it counts once"),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), nullable=True, comment="null once it was made, or refused for good"
        ),
        sa.Column("answer", sa.Text(), nullable=True, comment="what the API said last"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("calls_due", "calls", ["due_at"], unique=False, postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("calls_of_a_case", "calls", ["customer_id", "case_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("execution_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the person, as shown in the queue"),
        sa.Column(
            "found_by",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="beginnings of the words that it is found by",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False, comment="of the last change"),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("risk", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "wakes_at", sa.DateTime(timezone=True), nullable=True, comment="when time alone has something to do with it"
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "document",
            postgresql.JSON(astext_type=sa.Text()),
            nullable=False,
            comment="the case as services.review.case has it",
        ),
        sa.PrimaryKeyConstraint("customer_id", "case_id"),
    )
    op.create_index(
        "cases_applicant",
        "cases",
        ["due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("status = 'AWAITING_APPLICANT'"),
    )
    op.create_index("cases_by_id", "cases", ["case_id"], unique=True)
    op.create_index(
        "cases_done",
        "cases",
        ["decided_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("decided_at IS NOT NULL"),
    )
    op.create_index("cases_due", "cases", ["wakes_at"], unique=False, postgresql_where=sa.text("wakes_at IS NOT NULL"))
    op.create_index("cases_found_by", "cases", ["found_by"], unique=False, postgresql_using="gin")
    op.create_index(
        "cases_new",
        "cases",
        ["due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("status = 'OPEN' AND assignee IS NULL"),
    )
    op.create_index("cases_of_a_person", "cases", ["customer_id", "entity_id", "opened_at"], unique=False)
    op.create_index(
        "cases_of_a_reviewer",
        "cases",
        ["assignee", "due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('OPEN', 'AWAITING_APPLICANT') AND assignee IS NOT NULL"),
    )
    op.create_index("cases_of_an_execution", "cases", ["customer_id", "execution_id"], unique=False)
    op.create_index(
        "cases_open", "cases", ["due_at", "case_id"], unique=False, postgresql_where=sa.text("decided_at IS NULL")
    )
    op.create_index(
        "cases_second",
        "cases",
        ["due_at", "case_id"],
        unique=False,
        postgresql_where=sa.text("status = 'AWAITING_SECOND'"),
    )
    op.create_table(
        "changes",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", postgresql.JSON(astext_type=sa.Text()), nullable=False, comment="the case.changed"),
        sa.Column(
            "detail", postgresql.JSON(astext_type=sa.Text()), nullable=False, comment="what staff may read besides"
        ),
        sa.PrimaryKeyConstraint("customer_id", "case_id", "sequence"),
    )
    op.create_table(
        "chapters",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("execution_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column(
            "document", postgresql.JSON(astext_type=sa.Text()), nullable=False, comment="the workflow.progressed"
        ),
        sa.PrimaryKeyConstraint("customer_id", "execution_id", "sequence"),
    )
    op.create_index("chapters_ended", "chapters", ["occurred_at"], unique=False, postgresql_where=sa.text("ended"))
    op.create_table(
        "definitions",
        sa.Column("definition_hash", sa.Text(), nullable=False),
        sa.Column("definition", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("definition_hash"),
    )
    op.create_table(
        "resolutions",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("process_result_id", sa.Text(), nullable=False),
        sa.Column("step_name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="the contract's manual status"),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "case_id", "process_result_id"),
    )
    op.create_table(
        "rounds",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "individual",
            postgresql.JSON(astext_type=sa.Text()),
            nullable=False,
            comment="the person as given in this round",
        ),
        sa.Column(
            "evidence",
            postgresql.JSON(astext_type=sa.Text()),
            nullable=False,
            comment="the outcomes of the steps, as the workflow passed them on",
        ),
        sa.PrimaryKeyConstraint("customer_id", "case_id", "round"),
    )
