"""How Alembic reaches the database: through the application's own engine and models."""

from __future__ import annotations

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run() -> None:
    """Every migration in one transaction; batch mode, since SQLite cannot alter a table in place."""
    connectable = context.config.attributes.get("connection") or db.engine
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=db.metadata, render_as_batch=True,
                          compare_type=True, transaction_per_migration=False)
        with context.begin_transaction():
            context.run_migrations()


run()
