"""R4: PostgreSQL and the workers, killed and started again under a storm of votes at two workers."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

import uvloop

from benchmarks._machine import percentile
from tests.houses import Builder
from tests.reliability.book import audit
from tests.reliability.crowd import Crowd
from tests.reliability.hall import Site, on_postgres
from tests.reliability.kills import board_length
from tests.reliability.report import Tell
from tests.reliability.servers import Postgres

FAULTS = ("PostgreSQL killed", "PostgreSQL restarted", "a worker killed")


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    rounds: int = 6
    voters: int = 1000
    soonest: float = 0.5        # seconds between the end of one fault and the next
    latest: float = 1.5
    most: int = 9               # faults in one round


@dataclass
class Trouble:
    """One fault after the other, while votes are in flight."""

    hall: Site
    crowd: Crowd
    server: Postgres
    plan: Plan
    known: int = 0
    done: bool = False
    cut: int = 0

    async def run(self, met: Counter[str]) -> None:
        """Until the crowd is done, or it was enough."""
        for number in range(self.plan.most):
            await asyncio.sleep(self.crowd.chance.uniform(self.plan.soonest, self.plan.latest))
            while not self.done and not self.crowd.in_flight:
                await asyncio.sleep(0.001)
            if self.done:
                return
            self.cut += self.crowd.in_flight
            fault = FAULTS[number % len(FAULTS)]
            await asyncio.get_running_loop().run_in_executor(None, self.strike, fault)
            met[fault] += 1

    def strike(self, fault: str) -> None:
        """The fault, and its end."""
        if fault == "PostgreSQL killed":
            self.server.kill()
            self.server.start()
        elif fault == "PostgreSQL restarted":
            self.server.restart()
        else:
            worker = self.crowd.chance.choice(self.hall.workers)
            worker.kill()
            worker.start()
        self.known = board_length(self.hall)


async def _round(trouble: Trouble, codes: list[str], met: Counter[str]) -> None:
    async def voting() -> None:
        await trouble.crowd.vote(codes)
        trouble.done = True

    async with asyncio.TaskGroup() as both:
        both.create_task(trouble.run(met))
        both.create_task(voting())


def _audited(trouble: Trouble) -> dict[str, int]:
    crowd, verdict = trouble.crowd, audit(trouble.hall.house, trouble.crowd.book)
    verdict.stands()
    assert not crowd.stale, crowd.stale[:3]
    return {"votes in flight at faults": trouble.cut, "replays": crowd.book.replays,
            "no answer, or 503": crowd.book.broken, "answered 500": crowd.book.answers[500], **verdict.figures}


def run(builder: Builder, plan: Plan, say: Tell, postgres: str, redis_url: str) -> dict[str, Any]:
    """All rounds; each is audited as soon as it is over."""
    chance, met, total, late = random.Random(4), Counter[str](), Counter[str](), []  # noqa: S311  # a seed, to repeat it
    with contextlib.ExitStack() as stack:
        server = Postgres(postgres)
        stack.callback(server.stop)             # last: the databases are dropped at it
        hall = stack.enter_context(on_postgres(builder, postgres, redis_url))
        for number in range(1, plan.rounds + 1):
            crowd = Crowd(hall.ports, chance=chance, pause=0.2)
            trouble = Trouble(hall, crowd, server, plan)
            crowd.known = partial(getattr, trouble, "known")
            uvloop.run(_round(trouble, hall.fresh(plan.voters), met))
            total.update(_audited(trouble))
            late += [press.late for press in crowd.book.all() if press.outcome == "ok"]
            say(number, plan.rounds, f"{sum(met.values())} faults, {total['replays']} replays, lost 0, double 0")
    assert set(met) == set(FAULTS) or plan.most < len(FAULTS), met
    assert total["votes in flight at faults"] >= sum(met.values()), "the faults came when nothing was in flight"
    assert total["no answer, or 503"], "no vote was hit"
    assert not total["answered 500"], total
    return {"rounds": plan.rounds, "voters": plan.voters, **met, **total, "lost": 0, "double": 0,
            "answered in s, p99": round(percentile(late, 99), 2)}
