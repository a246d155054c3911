"""Runs migrations in the transaction that ``bot.store.migrate`` has opened.

There is no ``alembic.ini``: the program upgrades its database by itself (``presswatch db upgrade``).
Batch mode rebuilds a table where SQLite cannot alter it; foreign keys are switched off meanwhile by the caller.
"""

from alembic import context
from bot.store.tables import metadata, ours

connection = context.config.attributes.get("connection")
if connection is None:
    message = "run migrations with: presswatch db upgrade"
    raise SystemExit(message)

context.configure(
    connection=connection,
    target_metadata=metadata,
    include_name=ours,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
