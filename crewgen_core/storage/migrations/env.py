"""Run by Alembic: migrates on the connection, and within the transaction, that ``storage.migration`` holds."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
