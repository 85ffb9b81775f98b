"""The floor of the talk: a WebSocket server in C that hands what it hears to everybody, four times a second."""

import asyncio
from typing import Any

import picows
import uvloop

from benchmarks.fanout_servers.beat import TICK, ready
from ideathon.serving import raise_open_files

clients: set[Any] = set()
heard: list[bytes] = []


class One(picows.WSListener):  # type: ignore[misc]  # a C class without types
    """One client."""

    def on_ws_connected(self, transport: Any) -> None:
        """It hears from now on."""
        clients.add(transport)

    def on_ws_disconnected(self, transport: Any) -> None:
        """It hears no more."""
        clients.discard(transport)

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        """It says something."""
        if frame.msg_type == picows.WSMsgType.TEXT:
            heard.append(frame.get_payload_as_bytes())


async def run() -> None:
    """Serve until killed."""
    server = await picows.ws_create_server(lambda request: One(), "127.0.0.1", 0, backlog=2048)
    ready(server.sockets[0].getsockname()[1])
    for _ in range(1_000_000):
        await asyncio.sleep(TICK)
        words = b" ".join(heard)
        heard.clear()
        for client in list(clients) if words else ():
            client.send(picows.WSMsgType.TEXT, words)


raise_open_files()
uvloop.run(run())
