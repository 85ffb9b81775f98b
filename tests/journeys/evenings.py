"""The demo day as it was loaded at a stage: kept, and copied for every journey of the run that begins there."""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.databases import put_rows, rows_of
from tests.journeys.hall import environment, ideathon

AGE = 600.0     # seconds: its vote closes by the clock, so an older one is loaded anew
SAID = "said.json"
ROWS = "rows.json"

Loads = Callable[[Path], None]


class Evenings:
    """A folder that all workers of the run share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def on_sqlite(self, at: str, data: Path) -> dict[str, Any]:
        """The day in a program's data folder, with its key and links; gives what the load printed."""
        with self._kept(f"sqlite-{at}", lambda made: _load(made, str(made / "ideathon.db"), at)) as kept:
            for file in kept.glob("*"):
                shutil.copy(file, data)
        return _said(data)

    def on_postgres(self, at: str, data: Path, url: str) -> dict[str, Any]:
        """The same in an empty database with the schema; the data folder holds the key and the links."""
        loaded_here: list[Path] = []

        def load(made: Path) -> None:
            _load(made, url, at)
            (made / ROWS).write_text(json.dumps(rows_of(url)), encoding="utf-8")
            loaded_here.append(made)

        with self._kept(f"postgres-{at}", load) as kept:
            for file in set(kept.glob("*.json")) - {kept / ROWS}:
                name = f"{url.rpartition('/')[2]}.links.json" if file.name.endswith(".links.json") else file.name
                shutil.copy(file, data / name)
            shutil.copy(kept / "secret.key", data)
            if not loaded_here:
                put_rows(url, json.loads((kept / ROWS).read_text(encoding="utf-8")))
        return _said(data)

    @contextmanager
    def _kept(self, name: str, load: Loads) -> Iterator[Path]:
        """The folder of this day, loaded now when there is none or it is old; nobody changes it meanwhile."""
        kept, made = self.folder / name, self.folder / f"{name}.new"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists() or time.time() - kept.stat().st_mtime > AGE:
                for old in (kept, made):
                    shutil.rmtree(old, ignore_errors=True)
                made.mkdir(mode=0o700)
                load(made)
                made.rename(kept)
            yield kept


def _load(made: Path, database: str, at: str) -> None:
    printed = ideathon("demo", "load", "--json", *(["--at", at] if at else []), env=environment(made, database))
    (made / SAID).write_text(printed, encoding="utf-8")
    for lock in made.glob("*.lock"):
        lock.unlink()


def _said(data: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((data / SAID).read_text(encoding="utf-8"))
    return found
