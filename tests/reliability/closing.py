"""R7 and R8: votes around the closing moment, by the host's hand and by the clock; many hosts closing together."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import uvloop
from sqlalchemy import select

from benchmarks._phone import Failed, Phone, hidden
from ideathon.clock import now
from ideathon.voting import queries
from ideathon.voting.models import BoardEntry
from tests.houses import House
from tests.reliability.book import audit
from tests.reliability.crowd import Crowd, Lane
from tests.reliability.hall import Site
from tests.reliability.report import Tell
from tests.voting import box

LANES = 8
PATIENCE = 20       # sendings of one press
How = Callable[[Crowd, asyncio.Task[None]], Awaitable[float]]
DESK = "/e/ENGURE/desk"
NEXT = f"{DESK}/next"


@dataclass(frozen=True)
class Plan:
    """How much of it."""

    closes: int = 200
    votes: int = 60
    hosts: int = 50             # at most, closing together
    bite: float = 0.75          # the least part of the closes that must fall among the votes


class Host(Phone):
    """A host's browser, signed in, at one of the workers."""

    def __init__(self, house: House, port: int) -> None:
        super().__init__(port)
        self.again = 0              # how often "not now" was the answer
        client = house.host()
        self._csrf = client._token()
        cookie = client.http.get_cookie("sid")
        assert cookie is not None
        self._jar["sid"] = cookie.value
        self.cookies = f"sid={cookie.value}"

    async def seen(self) -> str:
        """The stage that the desk shows as running."""
        return dict(hidden(await self.get(DESK), NEXT))["seen"]

    async def press(self, seen: str) -> int:
        """The amber button; the status of its answer. Told to come again, the same press is sent again."""
        fields = [("csrf_token", self._csrf), ("key", uuid.uuid4().hex), ("seen", seen)]
        for _ in range(PATIENCE):
            with suppress(Failed):
                await self.post(NEXT, fields)
            if self.status != 503:
                break
            self.again += 1
        return self.status


async def by_hand(host: Host, crowd: Crowd, voting: asyncio.Task[None]) -> float:
    """The host closes in the middle of it; gives the moment at which the host was told so."""
    seen = await host.seen()
    await _some(crowd, voting)
    assert await host.press(seen) == 303, host.status
    return time.time()


async def by_clock(house: House, host: Host, crowd: Crowd, voting: asyncio.Task[None]) -> float:
    """The round's own time runs out in the middle of it; gives that moment. The host closes afterwards."""
    await _some(crowd, voting)
    ends = await asyncio.get_running_loop().run_in_executor(None, _ends_soon, house, crowd.chance.random())
    await voting
    await asyncio.sleep(max(0.0, ends - time.time()))
    assert await host.press(await host.seen()) == 303, host.status
    return ends


async def _some(crowd: Crowd, voting: asyncio.Task[None]) -> None:
    enough = crowd.chance.randint(1, 12)
    while crowd.book.answers[303] < enough and not voting.done():
        await asyncio.sleep(0.001)


def _ends_soon(house: House, part: float) -> float:
    with house.inside():
        vote = queries.round_of(house.gathering().id, lock=True)
        vote.closes_at = ends = now() + timedelta(seconds=0.02 + 0.03 * part)
    return max(ends.timestamp(), time.time())       # nobody can hold to an hour before it was written down


async def _one(hall: Site, crowd: Crowd, votes: int, lanes: list[Lane], how: How) -> dict[str, int]:
    voting = asyncio.create_task(crowd.vote(hall.fresh(votes), lanes))
    closed = await how(crowd, voting)
    await voting
    late = [press for press in crowd.book.all() if press.outcome == "ok" and press.sent > closed]
    assert not late, (closed, late[:3])
    audit(hall.house, crowd.book).stands()
    kinds = [entry["kind"] for entry in box.recount(hall.house)]
    assert kinds == ["open", *["vote"] * crowd.book.count("ok"), "close"], kinds
    counted, refused, unknown = (crowd.book.count(outcome) for outcome in ("ok", "no", "unknown"))
    return {"counted": counted, "refused": refused, "unknown": unknown, "both": counted > 0 and refused > 0}


async def _closes(hall: Site, plan: Plan, say: Tell) -> dict[str, Any]:
    chance, total = random.Random(7), Counter[str]()  # noqa: S311  # a seed, so that a run can be had again
    lanes = [Lane(hall.ports[number % len(hall.ports)]) for number in range(LANES)]
    host = Host(hall.house, hall.ports[-1])
    with hung_up([host, *(lane.phone for lane in lanes)]):
        for number in range(1, plan.closes + 1):
            crowd = Crowd(hall.ports, chance=chance, changing=0.0, giving_up=0.0)
            how = partial(by_clock, hall.house, host) if number % 2 else partial(by_hand, host)
            total.update(await _one(hall, crowd, plan.votes, lanes, how))
            say(number, plan.closes, f"{total['counted']} counted, {total['refused']} refused, late 0")
    assert not total["unknown"], total
    bit = total.pop("both")
    assert bit >= plan.bite * plan.closes, f"only {bit} of {plan.closes} closes fell among the votes"
    return {"closes": plan.closes, "votes": plan.closes * plan.votes, **total, "late": 0, "closes among votes": bit}


@contextmanager
def hung_up(phones: Iterable[Phone]) -> Iterator[None]:
    """At the end every line is closed."""
    try:
        yield
    finally:
        for phone in phones:
            phone.close()


def run(hall: Site, plan: Plan, say: Tell) -> dict[str, Any]:
    """R7: answered "stored" if and only if counted; nothing after the close."""
    return uvloop.run(_closes(hall, plan, say))


async def _together(hall: Site, hosts: list[Host], seen: str, heads: list[str]) -> list[int]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as pool:       # the verb itself, asked beside the doors: it gives the head
        asked = [loop.run_in_executor(pool, box.close_locked, hall.house) for _ in range(2)]
        answers = list(await asyncio.gather(*(host.press(seen) for host in hosts)))
        heads += await asyncio.gather(*asked)
    return answers


async def _presses(hall: Site, plan: Plan, say: Tell) -> dict[str, Any]:
    chance, pressed = random.Random(8), 0      # noqa: S311  # as above
    hosts = [Host(hall.house, hall.ports[number % len(hall.ports)]) for number in range(plan.hosts)]
    lane = Lane(hall.ports[0])
    with hung_up([lane.phone, *hosts]):
        for number in range(1, plan.closes + 1):
            crowd = Crowd(hall.ports, chance=chance, changing=0.0, giving_up=0.0)
            await crowd.vote(hall.fresh(3), [lane])
            some = chance.sample(hosts, 2 + (number * 7) % (plan.hosts - 1))
            await _one_close(hall, some)
            pressed += len(some)
            say(number, plan.closes, f"{pressed} presses, one close entry each time")
    return {"closes": plan.closes, "presses": pressed, "hosts at most": plan.hosts,
            "told to come again": sum(host.again for host in hosts), "close entries of each": 1,
            "heads of each": 1}


async def _one_close(hall: Site, hosts: list[Host]) -> None:
    heads: list[str] = []
    answers = await _together(hall, hosts, await hosts[0].seen(), heads)
    assert set(answers) <= {303, 409}, answers
    assert answers.count(303) == 1, answers
    assert [entry["kind"] for entry in box.recount(hall.house)] == ["open", "vote", "vote", "vote", "close"]
    with hall.house.inside() as session:
        head = session.scalars(select(BoardEntry.digest).order_by(BoardEntry.seq.desc())).first()
    assert set(heads) == {head}, heads


def together(hall: Site, plan: Plan, say: Tell) -> dict[str, Any]:
    """R8: however many hosts close together, there is one entry, and all get the same head."""
    return uvloop.run(_presses(hall, plan, say))
