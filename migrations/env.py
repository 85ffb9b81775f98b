"""How Alembic reaches the database: through the application's own engine and models."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

db = current_app.extensions["migrate"].db


def foreign_keys(connection: Connection, wanted: bool) -> None:
    """SQLite rebuilds a table by dropping it, which foreign keys would refuse; outside of any transaction."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys={int(wanted)}")


def check(connection: Connection) -> None:
    """Nothing may point at a row that is gone."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:3]}")


def run() -> None:
    """Every migration in one transaction; batch mode, since SQLite cannot alter a table in place."""
    connectable = context.config.attributes.get("connection") or db.engine
    with connectable.connect() as connection:
        foreign_keys(connection, False)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=False,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                check(connection)
        finally:
            foreign_keys(connection, True)


run()
