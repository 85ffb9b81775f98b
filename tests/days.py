"""A day that was set up a moment ago, kept, and laid into the next fresh database: setting one up takes ten times as
long. What is laid is what the program itself had written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from ideathon.clock import now
from tests.databases import put_rows, rows_of

FRESH = timedelta(seconds=20)       # so that a stage that is laid began as good as now

Lay = Callable[[Engine], None]
_kept: dict[Hashable, tuple[datetime, int, Lay]] = {}


def laid(engine: Engine, what: Hashable) -> int | None:
    """The gathering's number, when such a day was kept less than twenty seconds ago: now it stands here, too."""
    found = _kept.get((engine.name, what))
    if found is None or not timedelta() <= now() - found[0] <= FRESH:
        return None
    found[2](engine)
    return found[1]


def keep(engine: Engine, what: Hashable, number: int) -> None:
    """The day that stands in this database can be laid elsewhere."""
    _kept[engine.name, what] = now(), number, (_of_sqlite if engine.name == "sqlite" else _of_postgres)(engine)


def _of_sqlite(engine: Engine) -> Lay:
    kept = sqlite3.connect(":memory:")
    _copy(engine, lambda there: there.backup(kept))
    return lambda other: _copy(other, kept.backup)


def _copy(engine: Engine, how: Callable[[Any], None]) -> None:
    there = sqlite3.connect(str(engine.url.database))
    how(there)
    there.close()


def _of_postgres(engine: Engine) -> Lay:
    kept = rows_of(_address(engine))
    return lambda other: put_rows(_address(other), kept)


def _address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)
