"""Databases for tests: a copied SQLite file, and a PostgreSQL database that is emptied and lent again."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import flask_migrate
import psycopg
from psycopg import sql

from ideathon import create_app
from ideathon.extensions import db

SCHEMA = """
    SELECT count(*), max(xmin::text::bigint) FROM pg_attribute UNION ALL
    SELECT count(*), max(xmin::text::bigint) FROM pg_constraint UNION ALL
    SELECT count(*), max(xmin::text::bigint) FROM pg_index UNION ALL
    SELECT count(*), max(xmin::text::bigint) FROM pg_trigger UNION ALL
    SELECT count(*), max(xmin::text::bigint) FROM pg_rewrite UNION ALL
    SELECT count(*), max(xmin::text::bigint) FROM pg_proc UNION ALL
    SELECT count(*), max(xmin::text::bigint) FROM pg_db_role_setting"""
"""Another answer says that tables, columns, rules or settings are no longer what they were."""
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
FILLED = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"""
TAKEN = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
SEQUENCES = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


class Builder:
    """Makes fresh databases from one template per kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates: dict[str, str] = {}
        self._idle: list[str] = []
        self._schema_of: dict[str, Any] = {}

    def _schema(self, url: str) -> None:
        app = create_app(database=url)
        with app.app_context():
            if any(Path(app.config["MIGRATIONS"]).glob("versions/*.py")):
                flask_migrate.upgrade()
            else:
                db.create_all()
            db.engine.dispose()

    @contextmanager
    def sqlite(self) -> Iterator[str]:
        """A fresh SQLite file with the schema."""
        if "sqlite" not in self.templates:
            path = self.folder / "template.db"
            self._schema(str(path))
            with contextless(path) as raw:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.templates["sqlite"] = str(path)
        path = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self.templates["sqlite"], path)
        yield str(path)
        for left in self.folder.glob(f"{path.name}*"):
            left.unlink(missing_ok=True)

    @contextmanager
    def postgres(self, server: str) -> Iterator[str]:
        """A PostgreSQL database with the schema, as good as fresh: lent again only when nothing of its use is left."""
        url = self._idle.pop() if self._idle else self._another(server)
        yield url
        if emptied(url, self._schema_of[url]):
            self._idle.append(url)
        else:
            run(server, f'DROP DATABASE "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def _another(self, server: str) -> str:
        """Copied from the template, which takes 20 times as long as emptying one."""
        if "postgres" not in self.templates:
            self.templates["postgres"] = create(server, "house_template_" + uuid.uuid4().hex[:8])
            self._schema(self.templates["postgres"])
        template = self.templates["postgres"].rsplit("/", 1)[1]
        url = create(server, "house_" + uuid.uuid4().hex[:10], f"TEMPLATE {template}")
        with session(url) as connection:
            self._schema_of[url] = connection.execute(SCHEMA).fetchall()
        return url


def emptied(url: str, schema: Any) -> bool:
    """No row is left, no page of a table, no number taken; False when somebody is in it or its schema is another."""
    with session(url) as connection:
        if connection.execute(OTHERS).fetchone() != (1,) or connection.execute(SCHEMA).fetchall() != schema:
            return False
        if names := [name for name, in connection.execute(FILLED)]:
            connection.execute("SET session_replication_role = replica")  # in any order of the tables
            connection.execute(sql.SQL(";").join(_words("DELETE FROM {}", name) for name in names))
            connection.execute(_words("VACUUM (INDEX_CLEANUP ON, TRUNCATE ON) {}", *names))
        connection.execute(SEQUENCES)
        return connection.execute(FILLED).fetchone() is None


Rows = tuple[dict[str, str], list[tuple[str, int]]]
"""What stands in a PostgreSQL database: each table's lines, and how far its numbers have come."""


def rows_of(url: str) -> Rows:
    """Every row, to be put into another database with the same schema."""
    with session(url) as connection:
        rows = {name: _lines(connection, name) for name, in connection.execute(FILLED).fetchall()}
        return rows, connection.execute(TAKEN).fetchall()


def _lines(connection: psycopg.Connection[Any], table: str) -> str:
    with connection.cursor().copy(_words("COPY {} TO STDOUT", table)) as lines:
        return b"".join(map(bytes, lines)).decode()


def put_rows(url: str, kept: Rows) -> None:
    """As they stood, all or nothing; the database is empty."""
    rows, taken = kept
    with session(url) as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")      # in any order of the tables
        for name, lines in rows.items():
            with connection.cursor().copy(_words("COPY {} FROM STDIN", name)) as into:
                into.write(lines)
        connection.cursor().executemany("SELECT setval(quote_ident(%s)::regclass, %s)", taken)


def _words(statement: LiteralString, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.SQL(",").join(map(sql.Identifier, names)))


@contextmanager
def contextless(path: Path) -> Iterator[Any]:
    """A bare SQLite connection."""
    raw = sqlite3.connect(path)
    yield raw
    raw.close()


@contextmanager
def session(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A bare PostgreSQL connection; every statement is a transaction of its own."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def run(server: str, statement: str) -> None:
    """One statement for the server itself."""
    with session(server) as connection:
        connection.execute(statement)


def create(server: str, name: str, how: str = "") -> str:
    """A new database; gives its address."""
    run(server, f'CREATE DATABASE "{name}" {how}')
    return server.rsplit("/", 1)[0] + "/" + name
