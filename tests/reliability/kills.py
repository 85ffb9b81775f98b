"""R1: a storm of votes at one process on SQLite, which is killed again and again and started anew."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import select

from ideathon.voting.models import Round
from tests.houses import Builder
from tests.reliability.book import audit
from tests.reliability.crowd import Crowd
from tests.reliability.hall import Site, Worker, site
from tests.reliability.report import Tell

AFTER = 0.004       # seconds, at most, between a write to the log and the kill


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    rounds: int = 20
    voters: int = 1000
    soonest: float = 0.9        # seconds that a process lives
    latest: float = 2.0
    most: int = 3               # kills in one round; the rest of it runs through
    kills: int = 30             # at least, in all
    replays: int = 5


@dataclass
class Killer:
    """Kills one of the workers while votes are in flight, and starts it again."""

    site: Site
    crowd: Crowd
    plan: Plan
    kills: int = 0
    known: int = 0
    up: bool = True
    cut: int = 0                # votes in flight at the kills
    done: bool = False
    back: list[float] = field(default_factory=list)

    async def run(self) -> None:
        """Until the crowd is done."""
        loop = asyncio.get_running_loop()
        while not self.done and self.kills < self.plan.most:
            await self._pause(self.crowd.chance.uniform(self.plan.soonest, self.plan.latest))
            while not self.done and not self.crowd.in_flight:
                await asyncio.sleep(0.001)
            if self.done:
                return
            await self.strike(loop, self.site.workers[0])

    async def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.done and time.monotonic() < end:
            await asyncio.sleep(0.02)

    async def strike(self, loop: asyncio.AbstractEventLoop, worker: Worker) -> None:
        """One kill, and the start after it."""
        self.cut += self.crowd.in_flight
        self.up = False
        await loop.run_in_executor(None, just_after_a_commit, worker, self.site.house.url, self.crowd.chance.random())
        self.kills += 1
        self.known = board_length(self.site)
        await loop.run_in_executor(None, worker.start)
        self.back.append(worker.back[-1])
        self.up = True


def just_after_a_commit(worker: Worker, database: str, part: float) -> None:
    """SIGKILL as the log of the database has grown: then a vote may be stored and its voter not yet told."""
    log = Path(f"{database}-wal")
    before, end = log.stat().st_mtime_ns, time.monotonic() + 0.2
    while log.stat().st_mtime_ns == before and time.monotonic() < end:
        pass
    time.sleep(part * AFTER)
    worker.kill()


def board_length(hall: Site) -> int:
    """The number of the board's last entry."""
    with hall.house.inside() as session:
        return int(session.scalars(select(Round.seq)).one())


async def _round(hall: Site, codes: list[str], plan: Plan, chance: random.Random) -> tuple[Crowd, Killer]:
    crowd = Crowd(hall.ports, chance=chance)
    killer = Killer(hall, crowd, plan)
    crowd.ready, crowd.known = lambda: killer.up, lambda: killer.known

    async def voting() -> None:
        await crowd.vote(codes)
        killer.done = True

    async with asyncio.TaskGroup() as both:     # a worker that does not come back ends the run
        both.create_task(killer.run())
        both.create_task(voting())
    return crowd, killer


def run(builder: Builder, plan: Plan, say: Tell, seed: int = 1) -> dict[str, Any]:
    """All rounds; each is audited as soon as it is over."""
    chance, rows = random.Random(seed), []      # noqa: S311  # a seed, so that a run can be had again
    with builder.sqlite() as url, site(builder, url) as hall:
        for number in range(1, plan.rounds + 1):
            crowd, killer = uvloop.run(_round(hall, hall.fresh(plan.voters), plan, chance))
            verdict = audit(hall.house, crowd.book)
            verdict.stands()
            assert not crowd.stale, crowd.stale[:3]
            assert hall.integrity() == "ok"
            rows.append({"kills": killer.kills, "in flight at kills": killer.cut, "replays": crowd.book.replays,
                         "no answer": crowd.book.broken, **verdict.figures, "lost": 0, "double": 0})
            say(number, plan.rounds, f"{sum(row['kills'] for row in rows)} kills, "
                                     f"{sum(row['replays'] for row in rows)} replays, lost 0, double 0")
        back = sorted(hall.workers[0].back[1:])
    total = {name: sum(row[name] for row in rows) for name in rows[0]}
    assert total["kills"] >= plan.kills, total
    assert total["in flight at kills"] >= total["kills"], "the kills came when nothing was in flight"
    assert total["replays"] >= plan.replays, total
    return {"rounds": plan.rounds, "voters": plan.voters, **total,
            "back s, median": round(back[len(back) // 2], 2), "back s, slowest": round(back[-1], 2)}
