"""Voters over HTTP: each writes its press down, sends it, and sends it again under the same key when no answer came."""

from __future__ import annotations

import asyncio
import random
import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks._phone import Failed, Phone, hidden
from tests.reliability.book import Book, Press
from tests.reliability.hall import REFS

RECEIPT = re.compile(r"/b/done/(\d+)/")
EXPECT = re.compile(r'name="expect" value="(\d+)"')
AT_ONCE = 40
TRIES = 60
CUT = (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError, ValueError)    # half an answer is none
# what the server told every browser before: none of it is this press's own
OWN = ("key", "code", "expect")


class Lane:
    """One browser at one of the workers: it votes for one slip after the other, as a shared tablet does."""

    def __init__(self, port: int) -> None:
        self.phone = Phone(port)
        self._common: list[tuple[str, str]] | None = None

    async def cast(self, press: Press) -> int:
        """One sending; its status, 0 when no whole answer came."""
        try:
            if self._common is None:
                page = await self.phone.get("/b")
                self._common = [pair for pair in hidden(page, "/b") if pair[0] not in OWN]
            press.sent, press.times = time.time(), press.times + 1
            await self.phone.post("/b/cast", [*self._common, ("code", press.code), ("key", press.key),
                                              ("expect", str(press.expect)), *(("choice", c) for c in press.choices)])
        except Failed:
            return self.phone.status
        except CUT:
            self.phone.close()
            return 0
        return self.phone.status

    async def held(self, code: str) -> int | None:
        """The number of the slip's present vote as the ballot's page says it; None when no page came."""
        try:
            page = await self.phone.post("/b", [*(self._common or []), ("code", code)])
        except (Failed, *CUT):
            self.phone.close()
            return None
        found = EXPECT.search(page)
        return int(found[1]) if found else None


@dataclass
class Crowd:
    """Voters of one round, so many at once, at the workers' ports."""

    ports: list[int]
    book: Book = field(default_factory=Book)
    chance: random.Random = field(default_factory=random.Random)
    changing: float = 0.3
    giving_up: float = 0.1      # of those without an answer: they go home, and nobody knows whether they have voted
    pause: float = 0.02         # seconds at most before the same press is sent again, more each time
    ready: Callable[[], bool] = lambda: True
    known: Callable[[], int] = lambda: 0        # the board's length when the last fault had passed
    in_flight: int = 0
    stale: list[str] = field(default_factory=list)      # pages that showed less than was acknowledged

    async def vote(self, slips: Iterable[str], lanes: list[Lane] | None = None) -> None:
        """Every slip votes, and some change their mind. Browsers that are given are used and stay open."""
        rest = iter(slips)
        ways = lanes or [Lane(self.ports[number % len(self.ports)]) for number in range(AT_ONCE)]

        async def lane(way: Lane) -> None:
            for code in rest:
                way = await self._voter(way, code)
            if not lanes:
                way.phone.close()

        async with asyncio.TaskGroup() as hall:
            for way in ways:
                hall.create_task(lane(way))

    async def _voter(self, way: Lane, code: str) -> Lane:
        way, seq = await self.press(way, code, 0)
        if seq and self.chance.random() < self.changing:
            await self._wait()
            shown = await way.held(code)
            if shown is not None and shown < seq:
                self.stale.append(f"{code}: {shown} shown after {seq} was acknowledged")
            way, seq = await self.press(way, code, seq)
        return way

    async def press(self, way: Lane, code: str, expect: int) -> tuple[Lane, int]:
        """One press until it is answered, or given up; gives the browser in use and the receipt's number."""
        chosen = tuple(self.chance.sample(REFS, self.chance.randint(1, 3)))
        press = self.book.write(Press(code, uuid.uuid4().hex, chosen, expect))
        began = time.monotonic()
        for sending in range(1, TRIES + 1):
            await self._wait()
            self.in_flight += 1
            try:
                status = await way.cast(press)
            finally:
                self.in_flight -= 1
            self.book.answers[status] += 1
            if self._answered(way, press, status, time.monotonic() - began):
                return way, press.seq
            self.book.broken += 1
            if self.chance.random() < self.giving_up:
                break
            if self.chance.random() < 0.5:      # the phone was started anew, or another one is used
                way.phone.close()
                way = Lane(self.chance.choice(self.ports))
            await asyncio.sleep(min(2.0, self.pause * sending) * self.chance.random())
        return way, 0

    def _answered(self, way: Lane, press: Press, status: int, seconds: float) -> bool:
        receipt = RECEIPT.search(way.phone.place()) if status == 303 else None
        if receipt:
            press.outcome, press.seq, press.late = "ok", int(receipt[1]), seconds
            self.book.replays += press.times > 1 and press.seq <= self.known()
        elif 400 <= status < 500:
            press.outcome, press.late = "no", seconds
        return press.outcome != "unknown"

    async def _wait(self) -> None:
        while not self.ready():
            await asyncio.sleep(0.01)
