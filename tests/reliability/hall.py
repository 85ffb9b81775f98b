"""Halls for fault runs: a day at its vote on a real database, and the program's own processes, which may be killed."""

from __future__ import annotations

import contextlib
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from ideathon.extensions import db
from ideathon.gatherings.models import Stage
from tests.cli.program import Program, serving
from tests.houses import Builder, House, house_on
from tests.services import free_port
from tests.voting import box

IDEAS = 5
REFS = tuple(f"I{number:02}" for number in range(1, IDEAS + 1))


class Worker:
    """One process of the program on a port of its own; killed and started again, it answers at the same address."""

    def __init__(self, data: Path, url: str, **env: str) -> None:
        self.port, self.starts = free_port(), 0
        self.back: list[float] = []             # seconds from each start until it answered
        self._words = (data, "--host", "127.0.0.1", "--port", str(self.port), "--database", url)
        self._env = env
        self._held: Any = None
        self.program: Program | None = None

    def start(self) -> None:
        """It answers when this returns."""
        began = time.monotonic()
        data, *words = self._words
        self._held = serving(data, *words, **self._env)     # type: ignore[arg-type]
        self.program = self._held.__enter__()
        self.asked()
        self.back.append(time.monotonic() - began)
        self.starts += 1

    def asked(self) -> None:
        """It says that it is well."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as answer:
            assert answer.status == 200

    @property
    def pid(self) -> int:
        """The process of now."""
        assert self.program is not None
        return self.program.process.pid

    def kill(self) -> None:
        """SIGKILL; it is gone when this returns."""
        assert self.program is not None
        self.program.process.kill()
        self.program.process.wait()
        self.stop()

    def stop(self) -> None:
        """Ended politely, when it still runs."""
        held, self._held = self._held, None
        if held is not None:
            held.__exit__(None, None, None)

    def said(self) -> str:
        """The log of the process of now."""
        assert self.program is not None
        return self.program.log.read_text()


@dataclass
class Site:
    """A house, and the workers that serve its database."""

    house: House
    workers: list[Worker] = field(default_factory=list)

    @property
    def ports(self) -> list[int]:
        """Where the workers answer."""
        return [worker.port for worker in self.workers]

    def fresh(self, slips: int) -> list[str]:
        """An empty round stands open, and the day at its vote."""
        with self.house.inside() as session:
            day = self.house.gathering()
            day.current_stage = session.scalars(
                select(Stage).where(Stage.gathering_id == day.id, Stage.kind == "vote")).one()
        return box.fresh_round(self.house, slips)

    def integrity(self) -> str:
        """What SQLite says of its file; "ok" for PostgreSQL, whose recovery says it itself."""
        with self.house.inside():
            if db.engine.dialect.name != "sqlite":
                return "ok"
            return str(db.session.scalar(text("PRAGMA integrity_check")))


@contextlib.contextmanager
def site(builder: Builder, url: str, workers: int = 1, **env: str) -> Iterator[Site]:
    """The day at its vote in that database, served by so many processes."""
    with house_on(url) as house:
        house.day("pitch", ideas=IDEAS)
        box.draw(house, 1)
        house.move_to("vote")
        made = Site(house, [Worker(builder.folder, url, **env) for _ in range(workers)])
        try:
            for worker in made.workers:
                worker.start()
            yield made
        finally:
            for worker in made.workers:
                worker.stop()


@contextlib.contextmanager
def on_sqlite(builder: Builder, *_services: str) -> Iterator[Site]:
    """One process on a SQLite file."""
    with builder.sqlite() as url, site(builder, url) as made:
        yield made


@contextlib.contextmanager
def on_postgres(builder: Builder, postgres: str, redis_url: str) -> Iterator[Site]:
    """Two processes on PostgreSQL, with Valkey between them."""
    with builder.postgres(postgres) as url, site(builder, url, 2, REDIS_URL=redis_url) as made:
        yield made


KINDS = {"sqlite": on_sqlite, "postgres": on_postgres}
