"""Alembic's entry point: migrates on the connection and in the transaction that store/db/migrate.py passes."""

from alembic import context

from ticketctl.store.db.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
