"""Migrations: one line, equal to the models, up and down with data, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from ideathon import create_app
from ideathon.extensions import db, writing
from tests.databases import Builder, create, run
from tests.houses import House


@contextmanager
def empty(builder: Builder, kind: str, server: str) -> Iterator[str]:
    """The address of a database without any table."""
    if kind == "sqlite":
        path = builder.folder / "empty.db"
        yield str(path)
        for left in builder.folder.glob("empty.db*"):
            left.unlink()
        return
    url = create(server, "empty_house")
    yield url
    run(server, 'DROP DATABASE "empty_house" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def bare(request: pytest.FixtureRequest, builder: Builder, postgres: str) -> Iterator[Any]:
    """The program on a database without any table."""
    with empty(builder, request.param, postgres) as url:
        app = create_app(database=url, TESTING=True)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def test_there_is_one_head_and_one_line(builder: Builder) -> None:
    app = create_app(database=str(builder.folder / "unused.db"))
    script = ScriptDirectory(app.config["MIGRATIONS"])
    assert len(script.get_heads()) == 1
    assert [s.revision for s in script.walk_revisions()][::-1] == sorted(s.revision for s in script.walk_revisions())


def test_migrations_make_what_the_models_say(bare: Any) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_down_leaves_nothing_and_up_comes_back(bare: Any) -> None:
    flask_migrate.upgrade()
    full = set(inspect(db.engine).get_table_names())
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    assert set(inspect(db.engine).get_table_names()) == full


def test_each_step_down_and_up_keeps_the_rows_below_it(house: House) -> None:
    house.day("ideas")
    with house.app.app_context():
        steps = [s.revision for s in ScriptDirectory(house.app.config["MIGRATIONS"]).walk_revisions()]
        for revision in [*steps[1:], "base"]:
            kept = _counts()
            flask_migrate.downgrade(revision=revision)
            left = _counts()
            assert all(left[name] == kept[name] for name in left), revision
        flask_migrate.upgrade()
        assert set(_counts().values()) == {0}


def _counts() -> dict[str, int]:
    db.session.remove()
    with writing(), db.engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # noqa: S608
