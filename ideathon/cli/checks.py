"""What the doctor looks at besides the database: Python, files, disk, limits, clock, network, Redis."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import redis

from ideathon import __version__, config
from ideathon.errors import Misconfigured
from ideathon.serving import OPEN_FILES, listen
from ideathon.web.address import lan_ip

OK, WARN, BAD = "ok", "warn", "bad"
DISK = 500 * 1024 * 1024        # bytes that must be free: the record of a day, its copies, room to work
FILES = 1024                    # open files; a phone costs two
OLDEST_NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = 2.0


class Finding(NamedTuple):
    """One thing that was looked at: its state, its name, what was found and what to do."""

    state: str
    what: str
    said: str


def look(host: str, port: int) -> Iterator[Finding]:
    """Everything that does not need the database."""
    yield python()
    yield from parts()
    yield from folder(config.data_folder())
    yield disk(config.data_folder())
    yield open_files()
    yield clock(time.time())
    yield network(host)
    yield port_of(host, port)
    if url := os.environ.get("REDIS_URL"):
        yield queue(url)


def python() -> Finding:
    """The version that runs."""
    return Finding(OK, "program", f"Ideathon {__version__} on Python {sys.version.split()[0]}")


def parts() -> Iterator[Finding]:
    """Templates, browser parts, migrations and catalogues lie where they are looked for."""
    wanted = {"templates": "base.html", "static": "vendor/socket.io.min.js", "migrations": "env.py"}
    lacking = [f"{name}/{file}" for name, file in wanted.items() if not (config.house(name) / file).is_file()]
    if lacking:
        yield Finding(BAD, "parts", f"Not there: {', '.join(lacking)}. Run ./go setup, or install the wheel again.")
    else:
        yield Finding(OK, "parts", "templates, browser parts and migrations are there")
    bare = [language for language in config.LANGUAGES if language != "en" and not _catalogue(language).is_file()]
    if bare:
        yield Finding(BAD, "languages", f"No compiled catalogue for: {', '.join(bare)}. Run ./go setup.")
    else:
        yield Finding(OK, "languages", ", ".join(config.LANGUAGES.values()))


def _catalogue(language: str) -> Path:
    return config.PACKAGE / "translations" / language / "LC_MESSAGES" / "messages.mo"


def folder(place: Path) -> Iterator[Finding]:
    """The data folder and the secret key belong to their owner alone."""
    if not place.exists():
        yield Finding(OK, "data folder", f"{place} will be made at the first start")
        return
    if not os.access(place, os.W_OK | os.X_OK):
        yield Finding(BAD, "data folder", f"{place} cannot be written. Make it yours, or set IDEATHON_DATA.")
    elif place.stat().st_mode & 0o077:
        yield Finding(BAD, "data folder", f"{place} can be entered by others. Run: chmod 700 '{place}'")
    else:
        yield Finding(OK, "data folder", str(place))
    yield key(place / "secret.key")


def key(path: Path) -> Finding:
    """SECRET_KEY, or its file and who may read it."""
    if given := os.environ.get("SECRET_KEY"):
        if len(given) >= 32:
            return Finding(OK, "secret key", "from SECRET_KEY")
        return Finding(BAD, "secret key", "SECRET_KEY is shorter than 32 signs. Unset it: the program makes its own.")
    if not path.exists():
        return Finding(OK, "secret key", "will be made at the first start")
    if path.stat().st_mode & 0o077:
        return Finding(BAD, "secret key", f"{path} can be read by others. Run: chmod 600 '{path}'")
    return Finding(OK, "secret key", "readable by its owner alone")


def disk(place: Path) -> Finding:
    """Room for the day."""
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    said = f"{free // 1024 // 1024} MB free under {there}"
    return Finding(OK, "disk", said) if free >= DISK else Finding(BAD, "disk", f"{said}; 500 MB are needed. Make room.")


def open_files() -> Finding:
    """How many sockets may be open; the program raises the soft limit to the hard one by itself."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    said = f"{most} open files: about {most // 2} phones"
    if most >= FILES:
        return Finding(OK, "limits", said)
    return Finding(BAD, "limits", f"{said} are too few. Raise the hard limit: ulimit -Hn {OPEN_FILES}")


def clock(seconds: float) -> Finding:
    """The clock runs in this decade; how far it agrees with a database server is looked at there."""
    shown = datetime.fromtimestamp(seconds, UTC)
    if shown < OLDEST_NOW:
        return Finding(BAD, "clock", f"It says {shown:%Y-%m-%d %H:%M} UTC. Set it before the day: times decide votes.")
    return Finding(OK, "clock", f"{shown:%Y-%m-%d %H:%M} UTC")


def network(host: str) -> Finding:
    """Whether phones can reach this machine."""
    address = lan_ip() if host in {"", "0.0.0.0", "::"} else host  # noqa: S104  # a name to recognise
    if address.startswith("127.") or address in {"localhost", "::1"}:
        return Finding(WARN, "network", "No network: phones cannot reach this machine until it joins one.")
    return Finding(OK, "network", f"phones on the same network reach {address}")


def port_of(host: str, port: int) -> Finding:
    """The port is free, or the program already serves there."""
    try:
        listen(host, port).close()
    except Misconfigured as refused:
        if _serves(port):
            return Finding(OK, "port", f"this program already serves at port {port}")
        return Finding(BAD, "port", str(refused))
    return Finding(OK, "port", f"{port} is free")


def _serves(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/healthz")
        return bool(json.load(connection.getresponse()).get("ok"))
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def queue(url: str) -> Finding:
    """Redis answers."""
    try:
        with redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as asked:
            asked.ping()
    except (redis.RedisError, ValueError) as error:
        said = f"REDIS_URL does not answer ({type(error).__name__}). Start Redis, or unset REDIS_URL."
        return Finding(BAD, "redis", said)
    return Finding(OK, "redis", "answers")
