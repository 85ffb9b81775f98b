"""The long forms, one after the other: `./go soak` for all of them, `./go soak R1 R7` for some.

Each tells how far it is, fails when something was lost or when its fault did not bite, and leaves its figures as JSON
in .cache/reliability; at the end all figures stand in one table.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks._machine import table
from tests import services
from tests.houses import Builder, house_on
from tests.reliability import closing, disk, kills, mutation, outages, phones, power, screens, verifiers
from tests.reliability.hall import IDEAS, KINDS, Site
from tests.reliability.report import Say, Tell, keep

Run = Callable[[Builder, Tell], dict[str, Any]]


def with_services(run: Callable[..., dict[str, Any]]) -> Run:
    """A PostgreSQL that keeps what it was told to keep, and a Valkey."""
    def on(builder: Builder, say: Tell) -> dict[str, Any]:
        with services.postgres(durable=True) as postgres, services.valkey() as redis_url:
            return run(builder, say, postgres, redis_url)
    return on


def on_both(run: Callable[[Site, closing.Plan, Tell], dict[str, Any]]) -> Run:
    """One process on SQLite, then two on PostgreSQL with Valkey between them."""
    return with_services(lambda builder, say, *needs: {
        f"{name}: {what}": figure for name, kind in KINDS.items()
        for what, figure in _at(kind, builder, needs, run, say).items()})


def _at(kind: Any, builder: Builder, needs: tuple[str, ...], run: Any, say: Tell) -> dict[str, Any]:
    with kind(builder, *needs) as hall:
        found: dict[str, Any] = run(hall, closing.Plan(), say)
        return found


def two_phones(builder: Builder, say: Tell, postgres: str, _redis_url: str) -> dict[str, Any]:
    """The program in this process, on each kind of database."""
    figures: dict[str, Any] = {}
    for name, made in (("sqlite", builder.sqlite()), ("postgres", builder.postgres(postgres))):
        with made as url, house_on(url) as house:
            house.day("vote", ideas=IDEAS)
            figures |= {f"{name}: {what}": figure for what, figure in phones.run(house, phones.Plan(), say).items()}
    return figures


RUNS: dict[str, tuple[str, Run]] = {
    "R1": ("kill -9 in a storm of votes", lambda builder, say: kills.run(builder, kills.Plan(), say)),
    "R2": ("power cuts, simulated", lambda builder, say: power.run(builder, power.Plan(), say)),
    "R3": ("no room on the disk", lambda builder, say: disk.run(builder, disk.Plan(), say)),
    "R4": ("PostgreSQL and workers killed", with_services(
        lambda builder, say, *needs: outages.run(builder, outages.Plan(), say, *needs))),
    "R5": ("Valkey dead, frozen, emptied", with_services(
        lambda builder, say, *needs: screens.run(builder, screens.Plan(), say, *needs))),
    "R6": ("two phones on a bad line", with_services(two_phones)),
    "R7": ("votes around the closing moment", on_both(closing.run)),
    "R8": ("hosts who close together", on_both(closing.together)),
    "R20": ("boards that were tampered with, before three verifiers",
            lambda _builder, say: verifiers.run(verifiers.Plan(), say)),
    "R22": ("small faults in the rules, noticed by the tests", lambda _builder, _say: mutation.run()),
}


def place() -> Builder:
    """A folder of this run's own, as the program's data folder."""
    folder = Path(tempfile.mkdtemp(prefix="ideathon_soak_")) / "data"
    folder.mkdir(mode=0o700)
    os.environ["IDEATHON_DATA"] = str(folder)
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY"):
        os.environ.pop(name, None)
    return Builder(folder)


def soak(names: list[str]) -> int:
    """Every run that was asked for; how many of them failed."""
    rows, failed = [], 0
    for name in names:
        about, run = RUNS[name]
        print(f"{name}: {about}", flush=True)     # noqa: T201  # it talks to the person at the terminal
        began = time.monotonic()
        try:
            figures = run(place(), Say(name))
        except AssertionError as error:
            failed += 1
            figures = {"failed": str(error)[:300]}
        seconds = time.monotonic() - began
        keep(name, figures, seconds)
        rows += [{"run": name, "what": what, "figure": str(figure)} for what, figure in
                 {**figures, "seconds": round(seconds)}.items()]
    print(table(rows))      # noqa: T201  # as above
    return failed


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))      # what was started is ended, too
    logging.disable(logging.ERROR)      # what the program says to each fault would bury the line of progress
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(soak([word.upper() for word in sys.argv[1:]] or list(RUNS)))
