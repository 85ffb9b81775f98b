"""The program on a disk of ours: SQLite through apsw, whose every write and sync is written down, or made to fail."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from ideathon import create_app
from ideathon.extensions import PRAGMAS, db
from tests.houses import COMPILED, House

NAME = "disk-of-ours"
FULL, BROKEN = apsw.FullError, apsw.IOError


@dataclass
class Disk:
    """What was done to each file, in order; ``fails`` is how many operations from now one fails, and how."""

    log: list[tuple[Any, ...]] = field(default_factory=list)
    fails: int | None = None
    how: type[apsw.Error] = FULL
    stays: bool = False         # once it fails, it goes on failing
    failed: int = 0

    def put(self, *what: Any) -> None:
        """Written down; or it fails instead of being done."""
        if self.fails is not None:
            self.fails -= 1
            if self.fails <= 0:
                self.failed += 1
                self.fails = 0 if self.stays else None
                raise self.how("the disk of ours is made to fail")
        self.log.append(what)


class _VFS(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__(NAME, base="")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self.disk, name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        self.path = str(name.filename() if isinstance(name, apsw.URIFilename) else name)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.put("write", self.path, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.disk.put("cut", self.path, newsize)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self.disk.put("sync", self.path)


class Cursor:
    """As the database driver's cursor: what SQLAlchemy asks of one."""

    arraysize = 1

    def __init__(self, raw: apsw.Connection) -> None:
        self._raw, self._rows = raw, iter(())
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, 0

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        """One statement, its rows fetched at once."""
        self.description, before = None, self._raw.total_changes()
        with _as_sqlite3():
            cursor = self._raw.cursor()
            cursor.exec_trace = self._describe
            self._rows = iter(cursor.execute(statement, tuple(values)).fetchall())
        self.rowcount, self.lastrowid = self._raw.total_changes() - before, self._raw.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, _sql: str, _values: Any) -> bool:
        self.description = tuple((name, *[None] * 6) for name, *_ in cursor.get_description()) or None
        return True

    def executemany(self, statement: str, many: Sequence[Sequence[Any]]) -> None:
        """The same for several rows of values."""
        before = self._raw.total_changes()
        for values in many:
            self.execute(statement, values)
        self.rowcount = self._raw.total_changes() - before

    def fetchone(self) -> Any:
        """The next row, or None."""
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        """So many rows."""
        return [row for row, _ in zip(self._rows, range(size), strict=False)]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return list(self._rows)

    def close(self) -> None:
        """Nothing is held."""


class Connection:
    """As the database driver's connection."""

    isolation_level = None

    def __init__(self, path: str, pragmas: dict[str, Any]) -> None:
        self._raw = apsw.Connection(path, vfs=NAME)
        for name, wanted in pragmas.items():
            self._raw.execute(f"PRAGMA {name}={wanted}").fetchall()
            ((held,),) = self._raw.execute(f"PRAGMA {name}").fetchall()
            assert str(held).lower() == str(wanted), (name, held)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._raw.in_transaction

    def cursor(self) -> Cursor:
        """A cursor."""
        return Cursor(self._raw)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Cursor:
        """One statement."""
        return self.cursor().execute(statement, values)

    def create_function(self, *_what: Any, **_more: Any) -> None:
        """SQLAlchemy brings a REGEXP, which no statement of ours uses."""

    def commit(self) -> None:
        """What was done in the transaction stands."""
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """It does not."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        """The file is let go."""
        self._raw.close()


@contextmanager
def _as_sqlite3() -> Iterator[None]:
    """apsw's errors as those that the program knows, with the words that SQLite has for them."""
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except apsw.FullError as error:
        raise sqlite3.OperationalError("database or disk is full") from error
    except apsw.IOError as error:
        raise sqlite3.OperationalError("disk I/O error") from error
    except apsw.Error as error:
        raise sqlite3.OperationalError(re.sub(r"^\w+Error: ", "", str(error))) from error


@contextmanager
def house_on_our_disk(path: Path, disk: Disk, **instead: Any) -> Iterator[House]:
    """The real program, its own pragmas (but for those given), its own verbs and doors, on a disk of ours."""
    vfs = _VFS(disk)
    options = {"creator": lambda: Connection(str(path), {**PRAGMAS, **instead}), "pool_size": 1, "max_overflow": 0}
    app = create_app(database=str(path), TESTING=True, WTF_CSRF_SSL_STRICT=False, SQLALCHEMY_ENGINE_OPTIONS=options)
    app.jinja_env.bytecode_cache = COMPILED
    try:
        yield House(app, str(path))
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        vfs.unregister()
