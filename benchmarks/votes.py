"""How many votes a second, and do a thousand in ten seconds all count?

`python benchmarks/votes.py` serves the real program with the demo at its vote, draws slips at the desk's door, and
casts them through `/b` and `/b/cast`: on SQLite (WAL, FULL) and on PostgreSQL (fsync on), each beside one insert a
transaction by hand, and beside the framework alone (bare_door.py). Rounds alternate. Afterwards every vote that was
acknowledged must be in the turnout.
"""

import asyncio
import contextlib
import functools
import re
import secrets
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import uvloop

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))           # so that it runs as a script

from benchmarks._machine import (  # noqa: E402  after the line above
    SERVER_CORE,
    Row,
    arguments,
    begin,
    busy,
    medians,
    served,
    spread,
    tell,
)
from benchmarks._phone import Failed, Phone, evenly, hidden, together  # noqa: E402  as above
from benchmarks._program import DATABASES, Hall, databases, hall  # noqa: E402  as above

CHOICE = re.compile(r'name="choice" value="([^"]+)"')
STEP = 5                    # in which an open vote tells how many have voted
AT_ONCE = 64                # votes under way together
OPENING = 16                # ballots opened together, before the clock starts
CONNECTIONS = 8             # of the floor on PostgreSQL
TABLE = "CREATE TABLE vote (tag TEXT PRIMARY KEY, choices TEXT NOT NULL, nonce TEXT NOT NULL, seq INTEGER NOT NULL)"
PRAGMAS = ("journal_mode=wal", "synchronous=full", "secure_delete=on")

Opened = tuple[Phone, list[tuple[str, str]]]
Acts = list[Callable[[], Awaitable[Any]]]


async def open_ballot(port: int, code: str) -> Opened:
    """A voter types the code and ticks two ideas; what remains is one tap."""
    phone = Phone(port)
    page = await phone.post("/b", [*hidden(await phone.get("/b"), "/b"), ("code", code)])
    choices = CHOICE.findall(page)
    return phone, [*hidden(page, "/b/cast"), ("choice", choices[0]), ("choice", choices[-1])]


async def cast(opened: Opened) -> Phone:
    """The tap; stored when the answer leads to the receipt."""
    phone, fields = opened
    await phone.post("/b/cast", fields)
    if phone.status != 303 or not phone.place().startswith("/b/done/"):
        raise Failed(f"cast: {phone.status}")
    return phone


async def vote(port: int, code: str) -> None:
    """All of it: the code's page, the ballot, the tap, the receipt."""
    phone = await cast(await open_ballot(port, code))
    await phone.get(phone.place())
    phone.close()


async def opened(port: int, codes: list[str]) -> tuple[list[Phone], Acts]:
    """Voters before the tap, and their taps."""
    ballots: list[Opened] = []

    async def one(code: str) -> None:
        ballots.append(await open_ballot(port, code))

    await together([functools.partial(one, code) for code in codes], OPENING)
    return [phone for phone, _ in ballots], [functools.partial(cast, ballot) for ballot in ballots]


async def as_fast(port: int, codes: list[str]) -> tuple[list[float], float, dict[str, int]]:
    """So many at a time, the next as soon as one is stored."""
    phones, taps = await opened(port, codes)
    late, seconds = await together(taps, AT_ONCE)
    for phone in phones:
        phone.close()
    return late, seconds, {}


async def tap_evenly(port: int, codes: list[str], within: float) -> tuple[list[float], float, dict[str, int]]:
    """Ballots lie open; the taps come evenly."""
    phones, taps = await opened(port, codes)
    began = time.monotonic()
    late, failures = await evenly(taps, within)
    seconds = time.monotonic() - began
    for phone in phones:
        phone.close()
    return late, seconds, failures


async def come_evenly(port: int, codes: list[str], within: float) -> tuple[list[float], float, dict[str, int]]:
    """Voters come evenly, and each does all of it at once."""
    began = time.monotonic()
    late, failures = await evenly([functools.partial(vote, port, code) for code in codes], within)
    return late, time.monotonic() - began, failures


def cast_counted(where: Hall) -> int:
    """How many have voted, in the steps that an open vote tells: between two counts as many as came, by fives."""
    return int(where.news("voting.turnout")["voting.turnout"]["cast"])


def measured(where: Hall, name: str, what: Callable[..., Any], codes: list[str], *more: float) -> dict[str, Any]:
    """One way of voting, counted afterwards."""
    before = cast_counted(where)
    with busy(where.pid) as used:
        late, seconds, failures = uvloop.run(what(where.port, codes, *more))
    counted = cast_counted(where) - before
    for words, number in failures.items():
        print(f"{name}: {number} x {words}", file=sys.stderr)
    return {"what": name, "votes": len(codes), "votes/s": round(len(late) / seconds, 1), **spread(late),
            "failed": sum(failures.values()), "lost": max(0, len(late) - counted),
            "cpu s": round(used["cpu"] * used["seconds"] / 100, 1)}


def by_sqlite(folder: Path, count: int) -> dict[str, Any]:
    """The floor: the same file system, one insert a transaction, FULL."""
    path, late = folder / f"floor-{secrets.token_hex(4)}.db", []
    with sqlite3.connect(path, isolation_level=None) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(TABLE)
        began = time.monotonic()
        for number in range(count):
            start = time.monotonic()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO vote VALUES (?, ?, ?, ?)", row(number))
            connection.execute("COMMIT")
            late.append(time.monotonic() - start)
        seconds = time.monotonic() - began
    connection.close()
    return {"what": "raw sqlite3", "votes": count, "votes/s": round(count / seconds, 1), **spread(late)}


async def by_psycopg(url: str, count: int) -> dict[str, Any]:
    """The floor: one insert a transaction, by several connections."""
    address = url.rpartition("/")[0] + "/floor"
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as first:
        await first.execute("DROP TABLE IF EXISTS vote")
        await first.execute(TABLE)
    lanes = [await psycopg.AsyncConnection.connect(address, autocommit=True) for _ in range(CONNECTIONS)]
    free: asyncio.Queue[Any] = asyncio.Queue()
    for lane in lanes:
        free.put_nowait(lane)

    async def insert(number: int) -> None:
        lane = await free.get()
        await lane.execute("INSERT INTO vote VALUES (%s, %s, %s, %s)", row(number))
        free.put_nowait(lane)

    late, seconds = await together([functools.partial(insert, number) for number in range(count)], CONNECTIONS)
    for lane in lanes:
        await lane.close()
    return {"what": "raw psycopg", "votes": count, "votes/s": round(count / seconds, 1), **spread(late)}


def by_flask(count: int) -> dict[str, Any]:
    """The other floor: the same requests at a door of the same framework and server, behind which nothing is done."""
    with served("bare_door", SERVER_CORE) as (_, port):
        late, seconds, _ = uvloop.run(as_fast(port, [str(number) for number in range(count)]))
    return {"what": f"Flask alone, {AT_ONCE} at a time", "votes": count, "votes/s": round(count / seconds, 1),
            **spread(late)}


def row(number: int) -> tuple[str, str, str, int]:
    """As much as a ballot holds."""
    return secrets.token_hex(32), '["c9q2aa8u", "2wp2akh3"]', secrets.token_hex(32), number


def one_round(where: Hall, url: str, count: int, within: float) -> list[dict[str, Any]]:
    """The floor and the program, one after the other."""
    where.more_time()
    codes = where.draw_slips(3 * count)
    floor = uvloop.run(by_psycopg(url, count)) if url else by_sqlite(where.folder, count)
    fast = measured(where, f"program, {AT_ONCE} at a time", as_fast, codes[:count])
    return [floor, by_flask(count), {**fast, "x floor": round(fast["votes/s"] / floor["votes/s"], 3)},
            measured(where, f"{count} taps in {within:g} s", tap_evenly, codes[count:2 * count], within),
            measured(where, f"{count} voters in {within:g} s, all pages", come_evenly, codes[2 * count:], within)]


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__, n=1000, what="voters", seconds=10)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    options = parser.parse_args()
    if options.n % STEP:
        parser.error(f"the count is told in steps: give a multiple of {STEP}")
    begin()
    results: dict[str, list[list[Row]]] = {name: [] for name in options.databases}
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(databases(options.databases))
        halls = {name: stack.enter_context(hall("vote", url)) for name, url in found.items()}
        for _ in range(options.rounds):
            for name, url in found.items():
                results[name].append(one_round(halls[name], url, options.n, options.seconds))
    rows = [{"database": name, **medians(same)}
            for name, rounds in results.items() for same in zip(*rounds, strict=True)]
    tell(f"Votes over HTTP, milliseconds, medians of {options.rounds} alternated rounds", rows, as_json=options.json)


if __name__ == "__main__":
    main()
