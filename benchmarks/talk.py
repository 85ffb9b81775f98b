"""How soon does everybody read a comment while the hall talks?

`python benchmarks/talk.py` serves the real program with the demo in its stage of ideas. Phones join over HTTP and open
an idea's page with its socket; many of them send comments by socket, so many a second in all, none faster than one
person may. Measured: from sending a comment to the `news` on every other phone. Beside it, alternated: the same words
through a bare WebSocket relay that speaks four times a second, as the pulse does.
"""

import array
import asyncio
import functools
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))           # so that it runs as a script

from benchmarks._machine import SERVER_CORE, Row, arguments, begin, busy, medians, served, spread, tell  # noqa: E402  as above
from benchmarks._phone import Phone, Socket, connect, evenly, together  # noqa: E402  as above
from benchmarks._program import Hall, hall  # noqa: E402  as above

MARK = re.compile(rb"bench-(\d+)-")
JOINING = 8                 # phones that join together
TALK_EVERY = 4.0            # seconds between two comments of one person: inside of what one may say
SETTLE = 3.0                # seconds for what is under way at the end


class Ears:
    """When each comment was sent, and how late every phone heard it."""

    def __init__(self) -> None:
        self.sent: dict[int, tuple[float, int]] = {}        # when, and by which phone
        self.late = array.array("d")

    def of(self, phone: int) -> Callable[[bytes], None]:
        """The ears of one phone: the first time that it hears of each comment of another."""
        known: set[int] = set()

        def heard(words: bytes) -> None:
            now = time.monotonic()
            for number in {int(mark) for mark in MARK.findall(words)} - known:
                known.add(number)
                when, speaker = self.sent[number]
                if speaker != phone:
                    self.late.append(now - when)

        return heard

    def lost(self, listeners: int) -> int:
        """How many receipts are missing."""
        return len(self.sent) * (listeners - 1) - len(self.late)


async def phones(where: Hall, idea: str, count: int, ears: Ears) -> list[Socket]:
    """Everybody has joined and looks at the idea; a phone's number is its place in the list."""
    made: dict[int, Socket] = {}
    page = f"{where.event}/ideas/{idea}"

    async def one(number: int) -> None:
        phone = Phone(where.port)
        await phone.join(where.links["code"], f"Phone {number}")
        made[number] = await phone.socket(await phone.get(page), ears.of(number))
        phone.close()

    for number in range(0, count, JOINING):
        await asyncio.gather(*(one(each) for each in range(number, min(count, number + JOINING))))
    return [made[number] for number in range(count)]


async def talked(sockets: list[Socket], ears: Ears, say: Callable[[Socket, str], Awaitable[Any]], rate: int,
                 seconds: float) -> dict[str, Any]:
    """The talk, and what was heard of it."""
    talkers = min(len(sockets), max(2, round(rate * TALK_EVERY)))

    async def one(number: int) -> None:
        speaker = number % talkers
        ears.sent[number] = (time.monotonic(), speaker)
        await say(sockets[speaker], f"bench-{number}- Could the school's workshop be open in the evenings, too?")

    acts = [functools.partial(one, number) for number in range(round(rate * seconds))]
    late, failures = await evenly(acts, seconds)
    await asyncio.sleep(SETTLE)
    for words, number in failures.items():
        print(f"{number} x {words}", file=sys.stderr)
    gone = sum(socket.gone for socket in sockets)
    return {"phones": len(sockets), "comments/s": rate, **spread(ears.late), "stored p99": spread(late)["p99"],
            "failed": sum(failures.values()) + gone, "lost": ears.lost(len(sockets))}


async def in_the_program(where: Hall, idea: str, count: int, rate: int, seconds: float) -> dict[str, Any]:
    """The real talk, under an idea that nobody has talked about in an earlier round."""
    ears = Ears()
    sockets = await phones(where, idea, count, ears)
    with busy(where.pid) as used:
        found = await talked(sockets, ears, lambda socket, text: socket.comment(idea, text), rate, seconds)
    for socket in sockets:
        socket.close()
    return {"server": "program", **found, "CPU %": round(used["cpu"], 1)}


async def in_the_relay(count: int, rate: int, seconds: float) -> dict[str, Any]:
    """The floor."""
    ears = Ears()
    with served("_relay", SERVER_CORE) as (pid, port):
        sockets: list[Socket] = []

        async def one() -> None:
            sockets.append(await connect(port, b"", ears.of(len(sockets))))

        await together([one] * count, 1)
        with busy(pid) as used:
            found = await talked(sockets, ears, said, rate, seconds)
        for socket in sockets:
            socket.close()
    return {"server": "raw relay", **found, "CPU %": round(used["cpu"], 1)}


async def said(socket: Socket, text: str) -> None:
    """A bare message has no acknowledgement."""
    socket.say(text.encode())


def main() -> None:
    """Measure and print."""
    parser = arguments(__doc__, n=300, what="phones", seconds=20)
    parser.add_argument("--rate", type=int, default=30, choices=range(1, 61), metavar="1..60", help="comments a second")
    options = parser.parse_args()
    begin()
    results: dict[str, list[Row]] = {"floor": [], "program": []}
    with hall("ideas") as where:
        for _, idea in zip(range(options.rounds), where.links["ideas"].values(), strict=False):
            results["floor"].append(uvloop.run(in_the_relay(options.n, options.rate, options.seconds)))
            results["program"].append(uvloop.run(in_the_program(where, idea, options.n, options.rate, options.seconds)))
    floor, program = (medians(rounds) for rounds in results.values())
    program["x floor"] = round(program["p50"] / floor["p50"], 2)
    tell(f"From a comment to every other phone, milliseconds, medians of {options.rounds} alternated rounds of "
         f"{options.seconds:g} s", [floor, program], as_json=options.json)


if __name__ == "__main__":
    main()
