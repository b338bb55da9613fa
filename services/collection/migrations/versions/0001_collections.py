"""collections, consents, pictures, uploads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "collections",
        sa.Column("collection_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="of the statechart: where the applicant goes on"),
        sa.Column(
            "status", sa.Text(), nullable=False, comment="COLLECTING, SUBMITTED, ASKED, APPROVED, REJECTED or CLOSED"
        ),
        sa.Column(
            "round", sa.Integer(), nullable=False, comment="1, and one more for each time that a case asks again"
        ),
        sa.Column(
            "version", sa.BigInteger(), nullable=False, comment="of the row: of two who save on one, the second is told"
        ),
        sa.Column(
            "entity_version", sa.BigInteger(), nullable=False, comment="of the person as told last; 0 until then"
        ),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the fields of the form, as entered",
        ),
        sa.Column(
            "documents",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="chosen, of every round, with their fields as corrected",
        ),
        sa.Column(
            "asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="what the case asks for again"
        ),
        sa.Column("case_id", sa.Text(), nullable=True),
        sa.Column("case_sequence", sa.BigInteger(), nullable=False, comment="of the last case.changed"),
        sa.Column("message", sa.Text(), nullable=True, comment="of the reviewer, for the applicant"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("collection_id"),
    )
    op.create_index("collections_of_a_person", "collections", ["customer_id", "entity_id"], unique=True)
    op.create_table(
        "consents",
        sa.Column("collection_id", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="as the applicant read it"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("collection_id", "consent", "version", "given_at"),
    )
    op.create_table(
        "pictures",
        sa.Column("picture_id", sa.Text(), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="order in which they came"
        ),
        sa.Column("collection_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="RECEIVED, TAKEN or REFUSED"),
        sa.Column("problem", sa.Text(), nullable=False, comment="why it was refused, as a code"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the picture as kept: made anew, without metadata"),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("brightness", sa.Float(), nullable=True),
        sa.Column("sharpness", sa.Float(), nullable=True),
        sa.Column(
            "reading",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="what it says; null until it was read",
        ),
        sa.Column("to_read", sa.Boolean(), nullable=False),
        sa.Column(
            "claimed_until", sa.DateTime(timezone=True), nullable=True, comment="somebody works on it until then"
        ),
        sa.Column(
            "tries",
            sa.Integer(),
            nullable=False,
            comment="of checking it: one that ends the process is given up",
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("picture_id"),
    )
    op.create_index("pictures_of_a_collection", "pictures", ["collection_id", "number"], unique=False)
    op.create_index(
        "pictures_received", "pictures", ["number"], unique=False, postgresql_where=sa.text("status = 'RECEIVED'")
    )
    op.create_index("pictures_to_read", "pictures", ["number"], unique=False, postgresql_where=sa.text("to_read"))
    op.create_table(
        "uploads",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("collection_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column(
            "length", sa.Integer(), nullable=False, comment="bytes that are to come; those that came lie in a file"
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("upload_id"),
    )
    op.create_index("uploads_by_age", "uploads", ["begun_at"], unique=False)
    op.create_index("uploads_of_a_collection", "uploads", ["collection_id"], unique=False)
