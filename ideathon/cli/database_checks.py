"""What the doctor asks the database: that it is there, whole, of this version, and as safe as a vote needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from ideathon import create_app
from ideathon.errors import Misconfigured
from ideathon.extensions import PRAGMAS, db

from .checks import BAD, OK, WARN, Finding
from .holding import check, file_of
from .opening import reachable, versions

SAFE = ("fsync", "full_page_writes", "synchronous_commit")
OFFSET = 2.0        # seconds between this clock and the server's


def look_at_database(url: str) -> Iterator[Finding]:
    """Findings about the database; a file that is not there yet is not made."""
    path = file_of(url)
    try:
        if path is not None:
            check(path)
            if not path.exists():
                yield Finding(OK, "database", f"{path} will be made at the first start")
                return
            yield readers(path)
        app = create_app(database=url)
        with app.app_context(), reachable(url):
            yield version()
            yield from (pragmas() if path is not None else server())
            db.engine.dispose()
    except Misconfigured as refused:
        yield Finding(BAD, "database", str(refused))


def readers(path: Path) -> Finding:
    """Who may read the file."""
    if path.stat().st_mode & 0o077:
        return Finding(WARN, "database", f"{path} can be read by others. Run: chmod 600 '{path}'")
    return Finding(OK, "database", f"{path} is whole and its owner's alone")


def version() -> Finding:
    """The database's version beside the program's."""
    found, newest = versions()
    if found == newest:
        return Finding(OK, "version", f"{found}, as this program's")
    return Finding(WARN, "version", f"{found or 'empty'}; `ideathon run` brings it to {newest}")


def pragmas() -> Iterator[Finding]:
    """What SQLite holds of each setting; connecting sets and reads back every one."""
    with db.engine.connect() as connection:
        held = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
    wrong = [f"{name}={value}" for name, value in held.items() if str(value).lower() != str(PRAGMAS[name])]
    if wrong:
        yield Finding(BAD, "durability", f"SQLite did not take its settings: {', '.join(wrong)}. Use a local disk.")
    else:
        yield Finding(OK, "durability", "SQLite with WAL and synchronous=FULL: an acknowledged vote is on the disk")


def server() -> Iterator[Finding]:
    """What PostgreSQL holds: durable commits, and a clock that agrees with ours."""
    with db.engine.connect() as connection:
        off = [name for name in SAFE if connection.execute(text(f"SHOW {name}")).scalar() == "off"]
        theirs = float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
    if off:
        said = f"PostgreSQL has {', '.join(off)} off: a power cut may lose acknowledged votes"
        yield Finding(WARN, "durability", said)
    else:
        yield Finding(OK, "durability", "PostgreSQL keeps what it acknowledged")
    apart = abs(time.time() - theirs)
    if apart > OFFSET:
        said = f"This clock and the database's differ by {apart:.0f} s. Set both by the same time server."
        yield Finding(BAD, "clocks", said)
    else:
        yield Finding(OK, "clocks", "this machine and the database agree")
