"""The real program for a benchmark: the demo day loaded by the command, served by the command, on a core of its own."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks._machine import SERVER_CORE, on_core
from ideathon.demo.browser import Browser
from tests.cli.program import ask, serving
from tests.journeys.evenings import Evenings
from tests.services import postgres

SLIPS_AT_ONCE = 480         # as many as the desk prints on one sheet
DATABASES = ("sqlite", "postgres")


@dataclass
class Hall:
    """A running program, and the ways into it."""

    port: int
    pid: int
    links: dict[str, Any]
    folder: Path

    @property
    def base(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def event(self) -> str:
        """The path of the demo's event."""
        return f"/e/{self.links['code']}"

    def host(self) -> Browser:
        """The host's browser, signed in by the personal link."""
        browser = Browser(self.base, "en")
        path = "/i/" + self.links["host"].rpartition("/")[2]
        browser.send(browser.open(path), path)
        return browser

    def draw_slips(self, count: int) -> list[str]:
        """Codes for so many voters, from the sheets that the desk prints."""
        host, codes = self.host(), []
        while len(codes) < count:
            some = str(min(SLIPS_AT_ONCE, count - len(codes)))
            codes += host.send(host.open(f"{self.event}/slips"), "/slips", n=some).codes
        host.close()
        return codes

    def more_time(self) -> None:
        """The running stage has ten minutes more, by the desk's button."""
        host = self.host()
        for _ in range(2):
            host.send(host.open(f"{self.event}/desk"), "/desk/time", minutes="5")
        host.close()

    def news(self, want: str) -> dict[str, Any]:
        """Facts as a page would fetch them."""
        host = self.host()
        found: dict[str, Any] = host.json(f"{self.event}/news?want={want}")["slices"]
        host.close()
        return found


@contextlib.contextmanager
def hall(at: str, database: str = "") -> Iterator[Hall]:
    """The program with the demo day at that stage, on a fresh SQLite file or the given PostgreSQL database."""
    with tempfile.TemporaryDirectory(prefix="ideathon_bench_") as name:
        data = Path(name) / "data"
        data.mkdir(mode=0o700)
        env = {"DATABASE_URL": database} if database else {}
        links = _loaded(data, at, env)
        with on_core(SERVER_CORE):
            served = serving(data, "--host", "127.0.0.1", SOCKETS_PER_ADDRESS="20000", **env)
            program = served.__enter__()
        try:
            yield Hall(program.port, program.process.pid, links, Path(name))
        finally:
            served.__exit__(None, None, None)


def _loaded(data: Path, at: str, env: dict[str, str]) -> dict[str, Any]:
    """The links of the demo, loaded; the tests have it copied when one of them loaded the same before."""
    if (kept := os.environ.get("EVENINGS")) and not env:
        return Evenings(Path(kept)).on_sqlite(at, data)
    loaded = ask(data, "demo", "load", "--json", "--at", at, HOST="127.0.0.1", **env)
    if loaded.returncode:
        raise RuntimeError(f"the demo could not be loaded: {loaded.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(loaded.stdout)
    return found


@contextlib.contextmanager
def databases(wanted: list[str]) -> Iterator[dict[str, str]]:
    """A fresh database of each kind; PostgreSQL with fsync, as it is in earnest."""
    with contextlib.ExitStack() as stack:
        found = {"sqlite": ""}
        if "postgres" in wanted:
            server = stack.enter_context(postgres(durable=True)).replace("+psycopg", "")
            for name in ("hall", "floor"):
                with psycopg.connect(server, autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}")
            found["postgres"] = server.rpartition("/")[0] + "/hall"
        yield {name: found[name] for name in wanted}
