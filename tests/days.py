"""A house that was set up a moment ago, kept, and laid into the next fresh database: setting one up takes ten times as
long. What is laid is what the program itself had written."""

from __future__ import annotations

import copy
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from ideathon.clock import now
from tests.databases import put_rows, rows_of

FRESH = timedelta(seconds=20)       # so that a stage that is laid began as good as now

Lay = Callable[[Engine], None]
_kept: dict[str, tuple[datetime, Any, Lay]] = {}


def as_before(engine: Engine, what: object, set_up: Callable[[], Any]) -> Any:
    """What setting it up gives; it is laid into this fresh database when that was done less than 20 seconds ago."""
    name = f"{engine.name} {what!r}"
    made, given, lay = _kept.get(name, (None, None, None))
    if lay and made and timedelta() <= now() - made <= FRESH:
        lay(engine)
    else:
        given = set_up()
        _kept[name] = now(), given, (_of_sqlite if engine.name == "sqlite" else _of_postgres)(engine)
    return copy.copy(given)


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
