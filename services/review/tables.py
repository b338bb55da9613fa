"""The tables of review: cases, what was done to them, and the stories of the executions that wait for them."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("execution_id", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("name", Text, nullable=False, comment="of the person, as shown in the queue"),
    Column("found_by", ARRAY(Text), nullable=False, comment="beginnings of the words that it is found by"),
    Column("status", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False, comment="of the last change"),
    Column("assignee", Text),
    Column("risk", Text),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("wakes_at", DateTime(timezone=True), comment="when time alone has something to do with it"),
    Column("decided_at", DateTime(timezone=True)),
    Column("document", JSON, nullable=False, comment="the case as services.review.case has it"),
    Index("cases_by_id", "case_id", unique=True),
    Index("cases_of_an_execution", "customer_id", "execution_id"),
    Index("cases_of_a_person", "customer_id", "entity_id", "opened_at"),
    Index("cases_found_by", "found_by", postgresql_using="gin"),
    Index("cases_due", "wakes_at", postgresql_where=text("wakes_at IS NOT NULL")),
    # The queue: a page of each of its views, in the order of due time.
    Index("cases_new", "due_at", "case_id", postgresql_where=text("status = 'OPEN' AND assignee IS NULL")),
    Index(
        "cases_of_a_reviewer",
        *("assignee", "due_at", "case_id"),
        postgresql_where=text("status IN ('OPEN', 'AWAITING_APPLICANT') AND assignee IS NOT NULL"),
    ),
    Index("cases_second", "due_at", "case_id", postgresql_where=text("status = 'AWAITING_SECOND'")),
    Index("cases_applicant", "due_at", "case_id", postgresql_where=text("status = 'AWAITING_APPLICANT'")),
    Index("cases_open", "due_at", "case_id", postgresql_where=text("decided_at IS NULL")),
    Index("cases_done", "decided_at", "case_id", postgresql_where=text("decided_at IS NOT NULL")),
)

rounds = Table(
    "rounds",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("individual", JSON, nullable=False, comment="the person as given in this round"),
    Column("evidence", JSON, nullable=False, comment="the outcomes of the steps, as the workflow passed them on"),
)

changes = Table(
    "changes",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("told", JSON, nullable=False, comment="the case.changed"),
    Column("detail", JSON, nullable=False, comment="what staff may read besides"),
)

resolutions = Table(
    "resolutions",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("process_result_id", Text, primary_key=True),
    Column("step_name", Text, nullable=False),
    Column("status", Text, nullable=False, comment="the contract's manual status"),
    Column("comment", Text),
    Column("resolved_by", Text, nullable=False),
    Column("resolved_at", DateTime(timezone=True), nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("call_id", Text, nullable=False, comment="the Idempotency-Key: made twice it counts once"),
    Column("customer_id", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("due_at", DateTime(timezone=True), comment="null once it was made, or refused for good"),
    Column("answer", Text, comment="what the API said last"),
    Index("calls_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("calls_of_a_case", "customer_id", "case_id"),
)

chapters = Table(
    "chapters",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("execution_id", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("document", JSON, nullable=False, comment="the workflow.progressed"),
    Index("chapters_ended", "occurred_at", postgresql_where=text("ended")),
)

definitions = Table(
    "definitions",
    metadata,
    Column("definition_hash", Text, primary_key=True),
    Column("definition", JSON, nullable=False),
)
