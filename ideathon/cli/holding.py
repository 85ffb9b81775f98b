"""Before a SQLite file is opened: nobody else serves it, it is whole and can be written. It is not changed here."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from ideathon import config
from ideathon.errors import Misconfigured

WAIT_SECONDS = 1.0          # for somebody else's short transaction


def file_of(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


@contextlib.contextmanager
def held(url: str) -> Iterator[None]:
    """While inside, no other process of this program serves the same SQLite file (security.md R24).

    Raises:
        Misconfigured: another does, or the file is locked, read-only, damaged, empty or not there where it should be.
    """
    path = file_of(url)
    if path is None:
        yield
        return
    _check_folder(path)
    with _alone(path):
        check(path)
        yield


def _check_folder(path: Path) -> None:
    if path.parent == config.data_folder():
        keep_private(path.parent)
    if not path.parent.is_dir():
        raise Misconfigured(f"There is no folder {path.parent} for the database. Make it, or choose another place.")
    if path.is_dir():
        raise Misconfigured(f"{path} is a folder. Name a file for the database, such as {path / 'ideathon.db'}.")


def keep_private(folder: Path) -> None:
    """The data folder is there and its owner's alone.

    Raises:
        Misconfigured: it cannot be made so.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise Misconfigured(f"The data folder {folder} cannot be used ({error.strerror}). "
                            "Make it yours, or set IDEATHON_DATA to a folder that is.") from error


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    name = path.with_name(f"{path.name}.lock")
    try:
        lock = name.open("a+")
    except OSError as error:
        raise Misconfigured(f"The folder {path.parent} cannot be written ({error.strerror}), and the database needs "
                            "files beside it. Make the folder writable, or choose another with --database.") from error
    with lock:
        _take(lock, path)
        yield


def _take(lock: TextIO, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        who = lock.read().strip()
        named = f" (process {who})" if who else ""
        raise Misconfigured(f"Another ideathon{named} uses the database {path}. Stop that one first, or give this one "
                            "its own with --database.") from error
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def check(path: Path) -> None:
    """The file can be opened, written and is whole; or it is not there at all, with nothing left of an earlier one.

    Raises:
        Misconfigured: it is locked, read-only, damaged, emptied or lost; the sentence says what to do.
    """
    if not path.exists():
        if path.with_name(f"{path.name}-wal").exists():
            raise Misconfigured(f"The database {path} is gone, but its companion {path.name}-wal is still there. "
                                f"{_way_back(path)}")
        return
    if path.stat().st_size == 0:
        raise Misconfigured(f"The database {path} is an empty file: something cut it off. {_way_back(path)}")
    if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
        raise Misconfigured(f"The database {path} is read-only. Run: chmod u+w '{path}'")
    try:
        _look_inside(path)
    except sqlite3.Error as error:
        raise Misconfigured(_refusal(path, error)) from error


def _look_inside(path: Path) -> None:
    address = f"file:{quote(str(path))}?mode=rw"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        (said,) = raw.execute("PRAGMA quick_check(1)").fetchone()
        raw.execute("ROLLBACK")
    if said != "ok":
        raise Misconfigured(_damaged(path, said))


def _refusal(path: Path, error: sqlite3.Error) -> str:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return (f"The database {path} is locked by another program. Close whatever has it open "
                "(a database browser, a backup), and start again.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return (f"The database {path} or its folder is read-only for this user. Make both writable, "
                "or choose another place with --database.")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return f"The disk under {path} cannot be written ({error}). Make room on it, and start again."
    return _damaged(path, str(error))


def _damaged(path: Path, said: str) -> str:
    return f"The database {path} is damaged ({said.splitlines()[-1]}). Nothing in it was changed. {_way_back(path)}"


def _way_back(path: Path) -> str:
    copies = sorted(path.parent.glob(f"{path.name}.copy-*"), key=lambda copy: copy.stat().st_mtime)
    newest = copies and f"The newest copy beside it is {copies[-1].name}: put that in its place"
    back = newest or "Put a copy of it back"
    return (f"{back}; or, to begin with nothing on purpose, move {path.name} and the files "
            f"named {path.name}-* away, and start again.")
