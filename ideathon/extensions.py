"""The libraries that every room shares: made here, bound in app.py. Also how a database connection begins."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from .errors import Misconfigured


class Base(DeclarativeBase):
    """Every table's base; constraint names are spelled out, so that migrations can name them on both databases."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    })


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
compress = Compress()

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_one_writer = threading.RLock()   # SQLite has one writer: greenlets (patched) queue here, not in busy_timeout


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside write: BEGIN IMMEDIATE on SQLite, one greenlet at a time; plain on PostgreSQL."""
    sqlite = db.engine.dialect.name == "sqlite"
    token = _writing.set(True)
    if sqlite:
        _one_writer.acquire()
    try:
        yield
    finally:
        _writing.reset(token)
        if sqlite:
            _one_writer.release()


PRAGMAS: dict[str, Any] = {
    "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10000,
    "trusted_schema": 0, "cell_size_check": 1, "wal_autocheckpoint": 1000, "temp_store": 2,
}
"""security.md 5.1: set on every connection and read back; FULL is 2, MEMORY is 2."""


def _set_pragmas(raw: Any, _record: Any) -> None:
    if not isinstance(raw, sqlite3.Connection):
        return
    raw.isolation_level = None                    # BEGIN is ours, see _begin
    for name, wanted in PRAGMAS.items():
        raw.execute(f"PRAGMA {name}={wanted}")
        (held,) = raw.execute(f"PRAGMA {name}").fetchone() or (None,)
        if str(held).lower() != str(wanted):
            raise Misconfigured(f"SQLite did not take PRAGMA {name}={wanted} (it says {held}). Is the folder on a "
                                "network drive or read-only? Move the database to a local disk.")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def bind_engine(engine: Engine) -> None:
    """Give an engine the connect and begin hooks; done once for each."""
    if not event.contains(engine, "connect", _set_pragmas):
        # many rows travel in one statement on PostgreSQL, where each would be a round of its own
        engine.dialect.use_insertmanyvalues_wo_returning = engine.dialect.name == "postgresql"
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def init_app(app: Flask) -> None:
    """Bind every library to the application."""
    db.init_app(app)
    with app.app_context():
        bind_engine(db.engine)
    migrate.init_app(app, db, directory=app.config["MIGRATIONS"], render_as_batch=True)
    login.init_app(app)
    csrf.init_app(app)
    compress.init_app(app)      # bound first, so it runs last: what other hooks put on a page is compressed too
