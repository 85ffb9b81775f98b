"""The Socket.IO server: it lets clients in, answers their events and carries news out."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import gevent
from flask import Flask
from flask_socketio import SocketIO
from socketio.exceptions import ConnectionRefusedError
from socketio.packet import ACK

from ..core.acts import Act
from . import events
from .events import Admission, Connection, admits, assert_every_event_has_a_rule, hears
from .fanout import FanOut, RedisFanOut
from .limits import count
from .line import Door, Outgoing
from .pulse import pulse_of

__all__ = ["Admission", "FanOut", "RedisFanOut", "admits", "assert_every_event_has_a_rule", "bind", "connected",
           "disconnect_where", "emit_news", "hears", "say_come_back", "socketio", "start"]

ROOT = "/"                  # the one namespace
LATEST_HELLO = 10.0         # seconds that a socket may stay without being admitted
SOONEST_CUT = 0.5           # seconds that a dropped client has to take its last words


class _Terse(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the type of an error and leave out its traceback, which would quote what the client sent."""
        if record.exc_info:
            kind = record.exc_info[0]
            record.msg = f"{record.msg} ({kind.__name__ if kind else '?'})"
            record.exc_info = None
        return True


quiet = logging.getLogger("ideathon.live.engine")
quiet.setLevel(logging.ERROR)
quiet.addFilter(_Terse())

socketio = SocketIO(async_mode="gevent", async_handlers=False, manage_session=False, transports=["websocket"],
                    allow_upgrades=False, http_compression=False, cookie=None, ping_interval=25, ping_timeout=20,
                    logger=quiet, engineio_logger=quiet)


@dataclass
class _Wire:
    """The state of the bound server."""

    app: Flask
    connections: dict[str, Connection] = field(default_factory=dict)      # by engine.io's id
    drops: deque[tuple[float, str, Any]] = field(default_factory=lambda: deque(maxlen=1000))
    leaving: bool = False


_bound: list[_Wire] = []


def bind(app: Flask) -> None:
    """`socketio` serves this application: our transport, our dispatch, our fan-out."""
    url = app.config.get("REDIS_URL") or ""
    manager = RedisFanOut(url, channel="ideathon", redis_options=_REDIS) if url else FanOut()
    socketio.init_app(app, client_manager=manager, max_http_buffer_size=app.config.get("SOCKET_MAX_BYTES", 16384))
    _bound[:] = [_Wire(app)]
    server = socketio.server
    server.eio._async = {**server.eio._async, "websocket": Door, "queue": Outgoing}
    server.eio.handlers["message"] = _message
    server.eio.handlers["connect"] = _opened
    server._handle_event = _event        # ours also refuses a client that says "connect" or "disconnect" as an event
    server.on("connect", _connect)
    server.on("disconnect", _disconnect)
    manager.topics["drop"] = _drop


_REDIS = {"socket_connect_timeout": 2, "socket_keepalive": True, "health_check_interval": 30}


def start() -> None:
    """This process serves: it listens to the other workers and its pulse beats."""
    server = socketio.server
    if not server.manager_initialized:
        server.manager_initialized = True
        server.manager.initialize()
    pulse_of(_bound[0].app).start()


def emit_news(room: str, payload: Mapping[str, Any]) -> None:
    """All in the room, on every worker, hear one `news` event."""
    socketio.server.manager.emit("news", dict(payload), ROOT, room=room)


def say_here(room: str, payload: Mapping[str, Any]) -> None:
    """All in the room on this worker hear it; the pulse's way, since every worker reads for its own clients."""
    socketio.server.manager.emit("news", dict(payload), ROOT, room=room, ignore_queue=True)


def connected(room: str) -> int:
    """How many clients of this process are in the room."""
    return len(socketio.server.manager.rooms.get(ROOT, {}).get(room, ()))


def disconnect_where(key: str, value: Any) -> None:
    """Every socket whose who[key] equals the value is dropped, on every worker, within a second."""
    socketio.server.manager.tell("drop", [key, value])


def say_come_back(after_ms: int) -> None:
    """Every client of this process hears "come-back" and is closed; it reconnects by itself after that time."""
    wire = _bound[0]
    wire.leaving = True
    socketio.server.manager.emit("come-back", {"after": after_ms}, ROOT, ignore_queue=True)
    for engine in list(socketio.server.eio.sockets.values()):
        engine.close(wait=False)


def _drop(what: list[Any]) -> None:
    key, value = what
    wire = _bound[0]
    wire.drops.append((time.monotonic(), key, value))
    for connection in list(wire.connections.values()):
        if _is(connection.who, key, value):
            _cut(connection)


def _is(who: Mapping[str, Any], key: str, value: Any) -> bool:
    return key in who and who[key] == value


def _cut(connection: Connection) -> None:
    socketio.server.disconnect(connection.sid, namespace=ROOT, ignore_queue=True)
    _close(connection.eio_sid)


def _close(eio_sid: str) -> None:
    engine = socketio.server.eio.sockets.get(eio_sid)
    if engine is not None:
        engine.close(wait=False)
        if line := engine.queue.line:
            gevent.spawn_later(SOONEST_CUT, line.abort)


def _opened(eio_sid: str, environ: dict[str, Any]) -> bool:
    if _bound[0].leaving:
        return False
    start()                              # also under a server that is not ours
    socketio.server._handle_eio_connect(eio_sid, environ)
    gevent.spawn_later(LATEST_HELLO, _expire, eio_sid)
    return True


def _expire(eio_sid: str) -> None:
    if eio_sid not in _bound[0].connections:
        _close(eio_sid)


def _connect(sid: str, environ: dict[str, Any], auth: object = None) -> None:
    wire, began = _bound[0], time.monotonic()
    admission = events.admit(wire.app, auth, environ)
    eio_sid = socketio.server.manager.eio_sid_from_sid(sid, ROOT)
    if admission is None or wire.leaving or _was_dropped(wire, admission.who, began):
        count("not_admitted")
        gevent.spawn(_close, eio_sid)    # after the refusal is on its way
        raise ConnectionRefusedError("not_admitted", {"code": "not_admitted"})
    wire.connections[eio_sid] = Connection(sid, eio_sid, environ, admission.who)
    for room in admission.rooms:         # last, and nothing yields until the client has its CONNECT queued
        socketio.server.manager.enter_room(sid, ROOT, room)
    if admission.greeting:
        gevent.spawn(_tell, sid, "welcome", admission.greeting)


def _was_dropped(wire: _Wire, who: Mapping[str, Any], began: float) -> bool:
    return any(at >= began and _is(who, key, value) for at, key, value in wire.drops)


def _disconnect(sid: str, reason: object = None) -> None:
    eio_sid = socketio.server.manager.eio_sid_from_sid(sid, ROOT)
    _bound[0].connections.pop(eio_sid, None)


def _tell(sid: str, event: str, data: dict[str, Any]) -> None:
    socketio.server.manager.emit(event, data, ROOT, room=sid, ignore_queue=True)


def _message(eio_sid: str, data: str) -> None:
    try:
        socketio.server._handle_eio_message(eio_sid, data)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        count("not_json")
        if connection := _bound[0].connections.get(eio_sid):
            _tell(connection.sid, "refused", {"error": "not_json"})


def _event(eio_sid: str, namespace: str | None, ack_id: int | None, packet: Any) -> None:
    wire = _bound[0]
    connection = wire.connections.get(eio_sid)
    if connection is None or namespace not in (None, ROOT):
        count("not_admitted")
        return
    if not isinstance(packet, list) or not packet or not isinstance(packet[0], str):
        raise ValueError("an event has a name")
    name, words = packet[0], packet[1:] or [{}]
    said = events.answer(wire.app, connection, name, words[0] if len(words) == 1 else None)
    if ack_id is not None:
        server = socketio.server
        server._send_packet(eio_sid, server.packet_class(ACK, namespace=ROOT, id=ack_id, data=[said]))
    elif "error" in said:
        _tell(connection.sid, "refused", {"event": name[:40], **said})


@hears("hello", rule=Act.GATHERING_SEE, fields={})
def _hello(who: Mapping[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """The server's clock, and the position up to which a page of this gathering must know the news."""
    position = pulse_of(_bound[0].app).position
    gathering_id = who.get("gathering")
    return {"now": events.now_ms(), "rev": 0 if gathering_id is None else position(gathering_id)}
