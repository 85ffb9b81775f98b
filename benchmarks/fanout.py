"""How soon does the last of N phones hear? The wire beside stock Flask-SocketIO and a raw broadcast, in one run.

`python benchmarks/fanout.py -n 1000` starts each server in turn, on loopback and a core of its own, and asks N clients
when each of its four events a second came. Rounds alternate, so that a busy machine treats all alike: trust the ratios.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import picows
import uvloop

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))           # so that it runs as a script

from benchmarks._machine import cpu_seconds, served  # noqa: E402  after the line above
from benchmarks.fanout_servers.beat import MOST_CLIENTS  # noqa: E402  as above
from ideathon.serving import raise_open_files  # noqa: E402  as above

KINDS = ("wire", "stock", "raw")
MOST_SECONDS = 30
TOGETHER = 25               # clients that join at once


class Ear:
    """What all clients of one run heard: for each event, how many and how late the last."""

    def __init__(self) -> None:
        self.events: dict[int, list[int]] = {}
        self.closed = 0

    def hear(self, words: bytes) -> None:
        """Note one receipt."""
        now = time.monotonic_ns()
        at = words.index(b'"seq":') + 6
        comma = words.index(b",", at)
        sent = words.index(b'"t":', comma) + 4
        late = now - int(words[sent:words.index(b",", sent)])
        entry = self.events.setdefault(int(words[at:comma]), [0, 0])
        entry[0] += 1
        entry[1] = max(entry[1], late)


def client(ear: Ear, raw: bool) -> Any:
    """A Socket.IO client reduced to what is measured."""
    class One(picows.WSListener):
        def on_ws_connected(self, transport: Any) -> None:
            self.ready = asyncio.get_running_loop().create_future()
            if raw:
                self.ready.set_result(None)

        def on_ws_disconnected(self, transport: Any) -> None:
            ear.closed += 1

        def on_ws_frame(self, transport: Any, frame: Any) -> None:
            words = frame.get_payload_as_bytes()
            if words.startswith(b'42["news"'):
                ear.hear(words)
            elif words.startswith(b"0{"):
                transport.send(picows.WSMsgType.TEXT, b"40")
            elif words.startswith(b"40"):
                self.ready.set_result(None)
            elif words == b"2":
                transport.send(picows.WSMsgType.TEXT, b"3")
    return One()


async def join(port: int, ear: Ear, raw: bool) -> Any:
    """One connected client's transport."""
    url, origin = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", f"http://127.0.0.1:{port}"
    transport, one = await picows.ws_connect(lambda: client(ear, raw), url, enable_auto_ping=False,
                                             websocket_handshake_timeout=60, extra_headers={"Origin": origin})
    await one.ready
    return transport


@contextlib.asynccontextmanager
async def crowd(port: int, count: int, ear: Ear, raw: bool) -> AsyncIterator[None]:
    """That many connected clients."""
    transports = []
    for start in range(0, count, TOGETHER):
        some = (join(port, ear, raw) for _ in range(min(TOGETHER, count - start)))
        transports += await asyncio.wait_for(asyncio.gather(*some), 60)
    yield
    for transport in transports:
        transport.disconnect(graceful=False)


async def measure(kind: str, core: int, count: int, seconds: float) -> dict[str, float]:
    """One round with one server."""
    with served(f"fanout_servers.{kind}", core) as (pid, port):
        ear = Ear()
        async with crowd(port, count, ear, kind == "raw"):
            await asyncio.sleep(1)
            ear.events.clear()
            before, began = cpu_seconds(pid), time.monotonic()
            await asyncio.sleep(seconds)
            cpu = (cpu_seconds(pid) - before) / (time.monotonic() - began)
            first, last_one = min(ear.events), max(ear.events)     # these two may be cut by the window
            await asyncio.sleep(2)                                 # what is under way arrives, or is lost
            whole = [(number, heard) for number, heard in ear.events.items() if first < number < last_one]
            lost, closed = sum(count - heard for _, (heard, _) in whole), ear.closed
    last = [late / 1e6 for _, (_, late) in whole]
    return {"p50": statistics.median(last), "max": max(last), "cpu": 100 * cpu, "lost": lost, "closed": closed}


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """The medians of the rounds, and each beside the raw broadcast of the same run."""
    rows = {kind: {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
            for kind, rounds in results.items()}
    lines = [f"{'server':8}{'last p50 ms':>12}{'max ms':>9}{'CPU %':>8}{'lost':>7}{'x raw p50':>11}{'x raw CPU':>11}"]
    for kind, row in rows.items():
        lines.append(f"{kind:8}{row['p50']:12.1f}{row['max']:9.1f}{row['cpu']:8.1f}{row['lost'] + row['closed']:7.0f}"
                     f"{row['p50'] / rows['raw']['p50']:11.2f}{row['cpu'] / max(rows['raw']['cpu'], 0.1):11.2f}")
    return "\n".join(lines)


def main() -> None:
    """Measure round after round and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1000, help=f"clients, at most {MOST_CLIENTS}")
    parser.add_argument("--seconds", type=float, default=8, help=f"of each round, at most {MOST_SECONDS}")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 6))
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    raise_open_files()
    count, seconds = min(options.n, MOST_CLIENTS), min(options.seconds, MOST_SECONDS)
    results: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(options.rounds):
        for kind in KINDS:
            results[kind].append(uvloop.run(measure(kind, cores[0], count, seconds)))
    sys.stdout.write(f"{count} clients, 4 events a second of about 300 bytes, "
                     f"{options.rounds} alternated rounds of {seconds:g} s\n{table(results)}\n")


if __name__ == "__main__":
    main()
