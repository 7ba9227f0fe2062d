"""Run by Alembic: migrates on the connection, and within the transaction, that ``storage.migration`` holds."""

from alembic import context

from crewgen_core.storage.tables.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
