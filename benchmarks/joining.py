"""A thousand phones join within ten seconds: does everybody get in, and how long does it take?

`python benchmarks/joining.py` serves the real program; each phone scans the code (the page), sends its name, gets the
page of now, and opens its socket with the ticket on it. Beside it, alternated: bare WebSockets to a server in C.
"""

import asyncio
import functools
import sys
from pathlib import Path
from typing import Any

import uvloop

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))           # so that it runs as a script

from benchmarks._machine import SERVER_CORE, Row, arguments, begin, busy, medians, served, spread, tell  # noqa: E402  after the line above
from benchmarks._phone import Phone, Socket, connect, evenly  # noqa: E402  as above
from benchmarks._program import Hall, hall  # noqa: E402  as above

SETTLE = 2.0                # seconds in which a socket that was let in by mistake would be cut


async def stormed(count: int, within: float, pid: int, one: Any, sockets: list[Socket]) -> dict[str, Any]:
    """All come evenly."""
    with busy(pid) as used:
        late, failures = await evenly([functools.partial(one, number) for number in range(count)], within)
    await asyncio.sleep(SETTLE)
    for words, number in failures.items():
        print(f"{number} x {words}", file=sys.stderr)
    failed = sum(failures.values()) + sum(socket.gone for socket in sockets)
    for socket in sockets:
        socket.close()
    return {"phones": count, "within s": within, **spread(late), "all in after s": round(used["seconds"], 1),
            "failed": failed, "CPU %": round(used["cpu"], 1)}


async def into_the_program(where: Hall, count: int, within: float) -> dict[str, Any]:
    """The real way in."""
    sockets: list[Socket] = []

    async def one(number: int) -> None:
        phone = Phone(where.port)
        await phone.join(where.links["code"], f"Phone {number}")
        sockets.append(await phone.socket(await phone.get(where.event)))
        phone.close()

    return {"server": "program", **await stormed(count, within, where.pid, one, sockets)}


async def into_the_relay(count: int, within: float) -> dict[str, Any]:
    """The floor."""
    sockets: list[Socket] = []

    with served("_relay", SERVER_CORE) as (pid, port):
        async def one(number: int) -> None:
            sockets.append(await connect(port, b"", lambda words: None))

        return {"server": "raw sockets", **await stormed(count, within, pid, one, sockets)}


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__, n=1000, what="phones", seconds=10).parse_args()
    begin()
    results: dict[str, list[Row]] = {"floor": [], "program": []}
    with hall("ideas") as where:
        for _ in range(options.rounds):
            results["floor"].append(uvloop.run(into_the_relay(options.n, options.seconds)))
            results["program"].append(uvloop.run(into_the_program(where, options.n, options.seconds)))
    rows = [medians(rounds) for rounds in results.values()]
    tell(f"From scanning the code to an open socket, milliseconds, medians of {options.rounds} alternated rounds", rows,
         as_json=options.json)


if __name__ == "__main__":
    main()
