"""Opening a database: one process at a time brings it to this program's version, and a newer one is left alone."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from flask import Flask, current_app
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from ideathon import create_app
from ideathon.clock import now
from ideathon.errors import Misconfigured
from ideathon.extensions import db, writing
from ideathon.results import service as results
from ideathon.voting import sealing
from ideathon.web import idempotency

from .holding import file_of

ONE_AT_A_TIME = 0x1DEA_7404        # the advisory lock under which workers on PostgreSQL prepare the database in turn


@contextlib.contextmanager
def opened(url: str, prepare: Callable[[], None] = lambda: None) -> Iterator[Flask]:
    """The program on its database, reachable, of this version, and prepared. Whoever serves it holds it (holding.held).

    Raises:
        Misconfigured: it cannot be used; the sentence says why and what to do.
    """
    app = create_app(database=url)
    with app.app_context(), in_turn(url):
        bring_up_to_date(url)
        prepare()
        with writing():
            idempotency.sweep(now())
            sealing.destroy_old(now())
            results.finish_old(now())
            db.session.commit()
        sealing.scrub()
    yield app
    with app.app_context():
        db.engine.dispose()


@contextlib.contextmanager
def in_turn(url: str) -> Iterator[None]:
    """While inside, no other process prepares the same PostgreSQL database. SQLite is held by its lock file."""
    if file_of(url):
        yield
        return
    with reachable(url), db.engine.connect() as connection:
        quiet = connection.execution_options(isolation_level="AUTOCOMMIT")
        quiet.detach()                         # its patience is its own and does not go back to the pool
        quiet.execute(text("SET statement_timeout = '60s'"))
        quiet.execute(text("SET lock_timeout = '60s'"))
        quiet.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
        yield


@contextlib.contextmanager
def reachable(url: str) -> Iterator[None]:
    """A server that does not answer is said in a sentence, without the password in its address."""
    try:
        yield
    except OperationalError as error:
        if not error.connection_invalidated and "connect" not in str(error.orig):
            raise
        shown = make_url(url).render_as_string(hide_password=True)
        raise Misconfigured(f"The database {shown} does not answer. Is the server running, and are name, password and "
                            "database in DATABASE_URL right?") from error


def versions() -> tuple[str | None, str | None]:
    """The version of the database (None: nothing is in it) and this program's newest.

    Raises:
        Misconfigured: a newer program wrote it, or it holds another program's tables.
    """
    plan = ScriptDirectory.from_config(_settings())
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is None and inspect(connection).get_table_names():
            raise Misconfigured(f"The database {_named()} holds another program's tables. Name another by --database.")
    if found is not None:
        _check_known(plan, found)
    return found, plan.get_current_head()


def _check_known(plan: ScriptDirectory, found: str) -> None:
    try:
        plan.get_revision(found)
    except CommandError as error:
        raise Misconfigured(
            f"The database {_named()} was written by a newer version of this program (its version is {found}). "
            "Install that version or a later one; or choose another database with --database.") from error


def bring_up_to_date(url: str) -> None:
    """The database has this program's version; an older file is copied first."""
    found, newest = versions()
    if found == newest:
        return
    if found is not None:
        _copy_first(url, found)
    with writing():
        command.upgrade(_settings(), "head")


def _copy_first(url: str, version: str) -> None:
    path = file_of(url)
    if path is not None:
        copy = path.with_name(f"{path.name}.copy-{version}")
        with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
            source.backup(target)


def _settings() -> Any:
    return current_app.extensions["migrate"].migrate.get_config(current_app.config["MIGRATIONS"])


def _named() -> str:
    return make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).render_as_string(hide_password=True)
