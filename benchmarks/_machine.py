"""What every benchmark shares: its core, its percentiles, its table, and the machine that it ran on."""

import argparse
import contextlib
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ideathon.serving import raise_open_files

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("flask", "gevent", "python-socketio", "sqlalchemy", "psycopg", "picows")
MOST_ROUNDS = 5
MOST_PHONES = 3000
MOST_SECONDS = 60.0

Row = Mapping[str, Any]


def cores() -> tuple[int, int]:
    """The server's core and the generator's; the same one on a machine that has only one."""
    known = sorted(os.sched_getaffinity(0))
    return known[0], known[-1]


SERVER_CORE = cores()[0]    # known before this process keeps to its own


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started inside stays on that core; this process comes back to its own."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """What the process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def busy(pid: int) -> Iterator[dict[str, float]]:
    """Afterwards the dictionary holds how many seconds passed, and how much of a core the process used, in percent."""
    found: dict[str, float] = {}
    before, began = cpu_seconds(pid), time.monotonic()
    yield found
    found["seconds"] = time.monotonic() - began
    found["cpu"] = 100 * (cpu_seconds(pid) - before) / found["seconds"]


@contextlib.contextmanager
def served(module: str, core: int) -> Iterator[tuple[int, int]]:
    """A server of this folder, by its module's name, running on that core: its process and port."""
    process = subprocess.Popen([sys.executable, "-m", f"benchmarks.{module}", str(core)], cwd=ROOT,
                               stdout=subprocess.PIPE)
    try:
        assert process.stdout
        yield process.pid, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that so many percent of all do not exceed; not a number when there is none."""
    if not values:
        return math.nan
    found = sorted(values)
    return found[min(len(found) - 1, max(0, math.ceil(part / 100 * len(found)) - 1))]


def spread(late: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile and maximum in milliseconds of values in seconds."""
    return {name: round(1000 * percentile(late, part), 1)
            for name, part in (("p50", 50), ("p95", 95), ("p99", 99), ("max", 100))}


def medians(rounds: Iterable[Row]) -> dict[str, Any]:
    """One row of several rounds: the median of every number, but all that was lost or failed."""
    rows = list(rounds)
    made = dict(rows[0])
    for name, value in rows[0].items():
        if isinstance(value, int | float):
            values = [row[name] for row in rows]
            made[name] = sum(values) if name in ("lost", "failed") else round(statistics.median(values), 2)
    return made


def table(rows: Sequence[Row]) -> str:
    """The rows beneath their names; what a row lacks stays empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    return "\n".join("  ".join(word.ljust(width) if place == 0 else word.rjust(width)
                               for place, (word, width) in enumerate(zip(line, widths, strict=True))).rstrip()
                     for line in cells)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)


def machine() -> dict[str, str]:
    """Where this was measured; the load says how busy others kept it."""
    names = {f"{name} {version(name)}" for name in PACKAGES}
    load = " ".join(f"{part:.1f}" for part in os.getloadavg())
    return {"cores": str(os.cpu_count()), "load": load, "python": platform.python_version(),
            "packages": ", ".join(sorted(names)), "day": time.strftime("%Y-%m-%d")}


def tell(title: str, rows: Sequence[Row], *, as_json: bool) -> None:
    """Print what was measured; end with an error when something was lost."""
    if as_json:
        print(json.dumps({"title": title, "machine": machine(), "rows": rows}, ensure_ascii=False))
    else:
        where = machine()
        print(f"{title}\n{table(rows)}\n{where['cores']} cores shared by server and generator, load {where['load']}, "
              f"Python {where['python']}, {where['packages']}, {where['day']}")
    sys.stdout.flush()
    if lost := sum(row.get("lost", 0) for row in rows):
        sys.exit(f"{lost} lost: what was acknowledged or sent did not arrive")


def arguments(about: str | None, *, n: int, what: str, seconds: float = 0) -> argparse.ArgumentParser:
    """The options that all benchmarks have."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=_bounded(MOST_PHONES), default=n, help=f"{what}, at most {MOST_PHONES}")
    parser.add_argument("--rounds", type=int, default=2, choices=range(1, MOST_ROUNDS + 1))
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    if seconds:
        parser.add_argument("--seconds", type=_bounded(MOST_SECONDS), default=seconds,
                            help=f"of each measurement, at most {MOST_SECONDS:g}")
    return parser


def _bounded(most: float) -> Any:
    kind = type(most)

    def read(text: str) -> float:
        if not 0 < kind(text) <= most:
            raise argparse.ArgumentTypeError(f"must be above 0 and at most {most:g}")
        return kind(text)

    return read


def begin() -> None:
    """The generator keeps to its own core and may open many sockets."""
    raise_open_files()
    os.sched_setaffinity(0, {cores()[1]})
