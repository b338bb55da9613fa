"""Alembic's entry: runs the migrations of one package on the connection that `libs.store.migrate` gives."""

from alembic import context

attributes = context.config.attributes

context.configure(
    connection=attributes["connection"],
    target_metadata=attributes["metadata"],
    version_table=attributes["version_table"],
    compare_type=True,
    include_object=lambda item, name, kind, reflected, _: kind != "table" or name in attributes["metadata"].tables,
)
with context.begin_transaction():
    context.run_migrations()
