"""The limit of this machine: a WebSocket server in C that writes the same bytes to every client."""

import asyncio
import json
from typing import Any

import picows
import uvloop

from benchmarks.fanout_servers.beat import TICK, news, ready
from ideathon.serving import raise_open_files

clients: set[Any] = set()


class One(picows.WSListener):
    """One client."""

    def on_ws_connected(self, transport: Any) -> None:
        """It hears from now on."""
        clients.add(transport)

    def on_ws_disconnected(self, transport: Any) -> None:
        """It hears no more."""
        clients.discard(transport)


async def run() -> None:
    """Serve, and say something four times a second."""
    server = await picows.ws_create_server(lambda request: One(), "127.0.0.1", 0, backlog=2048)
    ready(server.sockets[0].getsockname()[1])
    for number in range(1_000_000):
        await asyncio.sleep(TICK)
        words = b"42" + json.dumps(["news", news(number)], separators=(",", ":")).encode()
        for client in list(clients):
            client.send(picows.WSMsgType.TEXT, words)


raise_open_files()
uvloop.run(run())
