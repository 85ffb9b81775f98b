"""R5: Valkey dead, frozen, emptied while people vote at one worker and a screen hangs at the other."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass
from typing import Any

import uvloop

from benchmarks._machine import percentile
from benchmarks._phone import Phone, Socket
from tests.houses import Builder
from tests.reliability.book import audit
from tests.reliability.crowd import Crowd, Lane
from tests.reliability.hall import Site, on_postgres
from tests.reliability.report import Tell
from tests.reliability.servers import Valkey

SNAPSHOT = "/e/ENGURE/news?want=voting.turnout"
FAULTS = ("flushed", "killed", "frozen")     # the first disturbs no news: it shows how fast votes are here anyway
AT_ONCE = 10
LATE = 10           # votes in the second half of the fault


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    times: int = 3              # that each fault comes
    voters: int = 500
    before: float = 0.3         # the part of the votes after which it comes
    lasts: float = 6.0          # seconds, at least; and until all have voted
    p99: float = 1.0            # seconds, of every vote's answer
    slack: float = 0.0          # or so many times what it is without a fault, on a machine with other work to do
    right: float = 5.0          # seconds after the end of the fault


class Screen:
    """A page that shows the turnout, as static/js/live.js keeps it: news, and the snapshot when some may be missing."""

    def __init__(self, port: int) -> None:
        self.phone, self.cast, self.seen, self.snapshots = Phone(port), -1, -1, 0
        self.socket: Socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """It hangs on the wall."""
        await self.phone.join("ENGURE", "The wall")
        self.socket = await self.phone.socket(await self.phone.get("/e/ENGURE"), self._hear)
        await self._hello()

    def _hear(self, words: bytes) -> None:
        event, said = json.loads(words[words.index(b"["):])
        if event == "news":
            self._write(said)
        elif event == "resync":
            task = asyncio.create_task(self._hello(random.random() * said["within"] / 1000))  # noqa: S311  # as the page
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _write(self, said: dict[str, Any]) -> None:
        if said["rev"] >= self.seen:
            self.seen = said["rev"]
            self.cast = said["slices"].get("voting.turnout", {"cast": self.cast})["cast"]

    async def _hello(self, later: float = 0.0) -> None:
        await asyncio.sleep(later)
        assert self.socket is not None
        answer = await self.socket.emit("hello")
        if answer["rev"] != self.seen:
            self.snapshots += 1
            self._write(json.loads(await self.phone.get(SNAPSHOT)))

    def close(self) -> None:
        """It is taken down."""
        if self.socket is not None:
            self.socket.close()
        self.phone.close()


def _begin(valkey: Valkey, fault: str) -> None:
    {"killed": valkey.kill, "frozen": valkey.freeze, "flushed": valkey.flush}[fault]()


def _end(valkey: Valkey, fault: str) -> None:
    {"killed": valkey.start, "frozen": valkey.thaw, "flushed": lambda: None}[fault]()


async def _one(hall: Site, valkey: Valkey, fault: str, plan: Plan, chance: random.Random) -> dict[str, float]:
    codes, screen, crowd = hall.fresh(plan.voters), Screen(hall.ports[0]), Crowd(hall.ports[1:], chance=chance)
    crowd.changing = crowd.giving_up = 0.0
    lanes = [Lane(hall.ports[1]) for _ in range(AT_ONCE)]
    await screen.open()
    try:
        voting = asyncio.create_task(crowd.vote(codes[:-LATE], lanes))
        while crowd.book.answers[303] < plan.before * plan.voters:
            await asyncio.sleep(0.005)
        _begin(valkey, fault)
        try:
            during, asked = crowd.book.answers[303], screen.snapshots
            await asyncio.gather(voting, asyncio.sleep(plan.lasts / 2))
            # news that left before the fault is read a moment later, as the truth of that moment: no vote may be in it
            await asyncio.gather(crowd.vote(codes[-LATE:], lanes), asyncio.sleep(plan.lasts / 2))
            blind, asked = plan.voters - screen.cast, screen.snapshots - asked
        finally:
            _end(valkey, fault)
        back = time.monotonic()
        while screen.cast != plan.voters and time.monotonic() < back + 60:
            await asyncio.sleep(0.02)
        seconds = time.monotonic() - back
    finally:
        for phone in (screen, *(lane.phone for lane in lanes)):
            phone.close()
    audit(hall.house, crowd.book).stands()
    assert crowd.book.count("ok") == plan.voters, crowd.book.answers
    late = percentile([press.late for press in crowd.book.all()], 99)
    return {"p99": late, "right": seconds, "blind": blind, "asked": asked, "during": plan.voters - during,
            "again": crowd.book.answers[503]}


def run(builder: Builder, plan: Plan, say: Tell, postgres: str, redis_url: str) -> dict[str, Any]:
    """Each fault so many times."""
    chance, figures, usual = random.Random(5), {}, 0.0      # noqa: S311  # a seed, so that a run can be had again
    valkey = Valkey(redis_url)
    try:
        with on_postgres(builder, postgres, redis_url) as hall:
            for number, fault in enumerate(FAULTS, 1):
                found = [uvloop.run(_one(hall, valkey, fault, plan, chance)) for _ in range(plan.times)]
                worst = {name: max(one[name] for one in found) for name in found[0]}
                usual = usual or worst["p99"]
                figures |= {f"{fault}: {what}": figure for what, figure in _judged(fault, worst, plan, usual).items()}
                say(number, len(FAULTS), f"{fault}: p99 {worst['p99']:.2f} s, right after {worst['right']:.2f} s")
    finally:
        valkey.stop()
    return figures


def _judged(fault: str, worst: dict[str, float], plan: Plan, usual: float) -> dict[str, float]:
    assert worst["p99"] <= max(plan.p99, plan.slack * usual), (fault, usual, worst)
    assert worst["right"] <= plan.right, (fault, worst)
    # it was cut off: it missed votes, or noticed that news may be lacking and asked for the whole
    assert fault == "flushed" or worst["blind"] or worst["asked"], (fault, "the screen heard all: no fault", worst)
    return {"times": plan.times, "votes after it began": worst["during"], "p99 s": round(worst["p99"], 3),
            "answered 503": worst["again"], "votes the screen had missed": worst["blind"], "it asked": worst["asked"],
            "screen right after s": round(worst["right"], 2)}
