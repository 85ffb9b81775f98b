"""One news, a thousand phones: the packet is encoded once, its WebSocket frame built once, and written to all."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import gevent
from engineio.packet import MESSAGE, Packet as EnginePacket
from gevent.event import Event
from redis import Redis, RedisError
from socketio import Manager, RedisManager
from socketio.packet import EVENT

log = logging.getLogger(__name__)

RESYNC_WITHIN_MS = 2000
AGAIN = 0.5                 # seconds until a Redis that was away is asked again
SILENT = 1.0                # and after so many without a word it counts as away
MOST_WAITING = 10_000       # words for the other workers; past that the oldest are forgotten, as a later one says more


def text_frame(payload: bytes) -> bytes:
    """An unmasked, final WebSocket text frame (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 65536:
        head = b"\x81\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x81\x7f" + size.to_bytes(8, "big")
    return head + payload


class FanOut(Manager):
    """The clients of this process. Nothing in `emit` yields, so two emits never interleave for any client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics: dict[str, Callable[[Any], None]] = {}

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, skip_sid: Any = None,  # noqa: PLR0917
             callback: Any = None, to: Any = None, **kwargs: Any) -> None:      # the base class fixes this signature
        """Every client in the room gets the event once, after all that was sent to it before."""
        words = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        packet = self.server.packet_class(EVENT, namespace=namespace, data=[event, *words]).encode()
        if callback is not None or not isinstance(packet, str):
            super().emit(event, data, namespace, room=to or room, skip_sid=skip_sid, callback=callback)
            return
        skipped = skip_sid if isinstance(skip_sid, list) else [skip_sid]
        self._write(EnginePacket(MESSAGE, packet), namespace, to or room, skipped)

    def _write(self, packet: EnginePacket, namespace: str, room: Any, skipped: list[Any]) -> None:
        """Past engine.io's queue only where nothing at all is on its way to the client before this frame.

        That is so when the queue is empty, its writer parked in it, and the line has no rest. This loop runs once for
        every phone and every piece of news, hence so few calls in it.
        """
        frame = text_frame(packet.encode().encode())
        sockets = self.server.eio.sockets
        for sid, eio_sid in self._members(namespace, room):
            if sid in skipped:
                continue
            try:
                queue = sockets[eio_sid].queue
                written = queue.parked and queue.line.offer(frame)
            except (KeyError, AttributeError):      # gone meanwhile, or not yet a WebSocket
                written = False
            if not written:
                self.server._send_eio_packet(eio_sid, packet)

    def _members(self, namespace: str, room: Any) -> list[tuple[str, str]]:
        if room is None or isinstance(room, str):
            members = self.rooms.get(namespace, {}).get(room)
            return list(members._fwdm.items()) if members else []      # the bidict's own items() is ten times slower
        return list(self.get_participants(namespace, room))

    def tell(self, topic: str, data: Any) -> None:
        """Every worker, this one first, hears the topic. What it does with it is its `topics[topic]`."""
        self.topics[topic](data)


class RedisFanOut(RedisManager, FanOut):
    """The same for several workers: emits and topics also travel over Redis. Losing Redis never fails or delays an act:
    what goes out waits in a queue of its own, in order, until Redis takes it."""

    _met = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._outgoing: deque[str] = deque(maxlen=MOST_WAITING)
        self._some = Event()
        self._sender: gevent.Greenlet | None = None

    def tell(self, topic: str, data: Any) -> None:
        """As in FanOut; the others hear it through the queue."""
        super().tell(topic, data)
        self._publish({"method": "tell", "topic": topic, "data": data, "host_id": self.host_id})

    def _publish(self, data: Any) -> None:
        if not self.server.manager_initialized:     # a command, which ends at once: it sends before it goes on
            super()._publish(data)
            return
        self._outgoing.append(self.json.dumps(data))
        self._some.set()
        self._sender = self._sender or gevent.spawn(self._send)

    def _send(self) -> None:
        """Everything in order. What Redis did not confirm is sent again: news heard twice are still the truth."""
        line = Redis.from_url(self.redis_url, **{**self.redis_options, "socket_timeout": SILENT})
        while True:
            self._some.wait()
            try:
                while self._outgoing:
                    line.publish(self.channel, self._outgoing[0])
                    self._outgoing.popleft()
                self._some.clear()
            except (RedisError, OSError) as error:
                log.error("Redis takes nothing: %s", type(error).__name__)
                gevent.sleep(AGAIN)

    def _redis_listen_with_retries(self) -> Iterator[Any]:
        """As in the base class, which waits ever longer: a hall's screens do not wait a minute."""
        while True:
            try:
                self._redis_connect()
                self.pubsub.subscribe(self.channel)
                yield from self.pubsub.listen()
            except (RedisError, OSError) as error:
                log.error("Redis says nothing: %s", type(error).__name__)
            gevent.sleep(AGAIN)

    def _listen(self) -> Iterator[Any]:
        for raw in super()._listen():
            message = _decoded(raw)
            if message.get("method") != "tell":
                yield message
            elif message.get("host_id") != self.host_id:
                self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        try:
            self.topics[message["topic"]](message["data"])
        except Exception as error:
            log.error("a word from another worker was not understood: %s", type(error).__name__)

    def _redis_connect(self) -> None:
        super()._redis_connect()
        if self._met and self.server is not None:      # back after a gap, in which news may have passed us by
            gevent.spawn_later(1, self._resync)
        self._met = True

    def _resync(self) -> None:
        self.emit("resync", {"within": RESYNC_WITHIN_MS}, "/", ignore_queue=True)


def _decoded(raw: Any) -> dict[str, Any]:
    try:
        message = json.loads(raw)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
