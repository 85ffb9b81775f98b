"""One client's outgoing bytes: whole frames, in order, whoever writes them; and the WebSocket that uses them."""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import gevent
import simple_websocket
from engineio.async_drivers.gevent import SimpleWebSocketWSGI, Thread
from gevent.event import Event
from gevent.queue import JoinableQueue
from gevent.selectors import DefaultSelector
from gevent.socket import SHUT_RDWR, socket as GeventSocket
from wsproto.utilities import ProtocolError

from .limits import Bucket, count

log = logging.getLogger(__name__)

PATIENCE = 20.0            # seconds in which a client takes nothing before it counts as gone (the ping's time-out)
GOODBYE = 2.0              # seconds that a client has to answer a close before its connection is cut
BYTES_A_SECOND, BYTES_AT_ONCE = 64 * 1024, 512 * 1024     # what one client may send, whatever frames it cuts it into
EVENTS_A_SECOND, EVENTS_AT_ONCE = 20, 40
SPOKEN = ("1", "3", "40", "41", "42")     # close, pong, connect, disconnect, event: all that our clients ever say


class Outgoing(JoinableQueue):
    """The queue before engine.io's writer. `parked`: it is empty and its writer waits in it, so holds no packet."""

    __slots__ = ("line", "parked")       # slots, here and in Line: the fan-out touches both for every phone

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parked = False
        self.line: Line | None = None

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """As in the base class; from now on something waits."""
        self.parked = False
        super().put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """As in the base class."""
        self.parked = self.empty()
        try:
            return super().get(block, timeout)
        finally:
            self.parked = False


class Line:
    """The socket of one WebSocket, for every writer: engine.io's, pongs and closes, and the fan-out.

    simple-websocket calls ``sock.send`` and ignores how much was taken, so a full buffer tears a frame. Here bytes
    that the kernel did not take wait in `_rest`, and nothing overtakes them.
    """

    __slots__ = ("_direct", "_drained", "_inflow", "_patience", "_rest", "_sock", "dead")

    def __init__(self, sock: Any, patience: float = PATIENCE) -> None:
        self._sock = sock
        # TLS sockets must repeat a write that would block with the same bytes, so only plain ones are written directly
        self._direct: Callable[[bytes], int] | None = sock._sock.send if type(sock) is GeventSocket else None
        self._rest: deque[bytes] = deque()
        self._drained = Event()
        self._inflow = Bucket(BYTES_A_SECOND, BYTES_AT_ONCE)
        self._patience = patience
        self.dead = False

    def offer(self, frame: bytes) -> bool:
        """Write without blocking. False: nothing was written, nothing will be, and the caller must queue the frame."""
        if self._rest or self.dead or self._direct is None:
            return False
        try:
            sent = self._direct(frame)
        except BlockingIOError:
            return False
        except OSError:
            self.abort()
            return False
        if sent < len(frame):
            self._keep(frame[sent:])
        return True

    def send(self, data: bytes) -> int:
        """Every byte is in the kernel when this returns; only the calling greenlet waits."""
        if not self.offer(data):
            if self.dead:
                raise BrokenPipeError("the client is gone")
            self._keep(data)
        while self._rest:
            self._drained.wait()
        if self.dead:
            raise BrokenPipeError("the client is gone")
        return len(data)

    def _keep(self, data: bytes) -> None:
        self._rest.append(data)
        if len(self._rest) == 1:
            self._drained.clear()
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        while self._rest:
            try:
                with gevent.Timeout(self._patience):
                    self._sock.sendall(self._rest[0])
            except (OSError, gevent.Timeout):
                count("slow_reader")
                self.abort()
                return
            if self._rest:            # abort() may have emptied it meanwhile
                self._rest.popleft()
        self._drained.set()

    def recv(self, size: int) -> bytes:
        """Bytes from the client; a client that sends too much is cut off."""
        data = self._sock.recv(size)
        if not self._inflow.take(len(data)):
            count("too_much")
            self.abort()
            return b""
        if len(data) == size:
            gevent.sleep(0)           # more is waiting: let the others have their turn first
        return bytes(data)

    def fileno(self) -> int:
        """For selectors."""
        return int(self._sock.fileno())

    def abort(self) -> None:
        """Cut the connection: whoever reads or writes here learns it at once."""
        self.dead = True
        self._rest.clear()
        self._drained.set()
        with contextlib.suppress(OSError):      # the other side was faster
            self._sock.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Cut and free. The server's own handle of the connection sees its end too, and frees itself."""
        self.abort()
        self._sock.close()


class Socket(simple_websocket.Server):
    """A simple-websocket server whose every write goes through a Line; permessage-deflate is never agreed to."""

    def handshake(self) -> None:
        """Answer the upgrade. Without the client's offer of extensions there is none to accept."""
        self.environ = {key: value for key, value in self.environ.items() if key != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
        self.line = self.sock = Line(self.sock)
        super().handshake()

    def close(self, reason: Any = None, message: Any = None) -> None:
        """Say goodbye, and do not wait for ever for the answer."""
        gevent.spawn_later(GOODBYE, self.line.abort)
        try:
            super().close(reason, message)
        except (OSError, ProtocolError):
            self.connected = False
            self.line.abort()

    def _thread(self) -> None:
        try:
            super()._thread()
        except Exception as error:    # whatever a client sends, its handler must wake and end
            log.warning("a socket's reader failed: %s", type(error).__name__)
        finally:
            self.connected = False
            self.event.set()
            self.line.close()


class Door(SimpleWebSocketWSGI):
    """What engine.io opens for each WebSocket: one Socket, its limits, and the words that it may say."""

    def __init__(self, handler: Any, server: Any) -> None:
        super().__init__(handler, server, thread_class=Thread, event_class=Event, selector_class=DefaultSelector,
                         max_message_size=server.max_http_buffer_size)
        self._engine = handler.__self__
        self._bucket = Bucket(EVENTS_A_SECOND, EVENTS_AT_ONCE)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            self.ws = Socket(environ, **self.server_args)
        except (ProtocolError, simple_websocket.ConnectionError, OSError):
            count("bad_handshake")
            self._engine.close(wait=False, abort=True)
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Connection", "close")])
            return [b"bad handshake\n"]
        self._engine.queue.line = self.ws.line
        try:
            self.app(self)
        finally:
            self.ws.line.abort()
        if self.ws.mode == "gunicorn":
            raise StopIteration
        return []

    def wait(self) -> str | None:
        """The next message; None when the client is gone, talks too fast or says what no client of ours says."""
        message = super().wait()
        if message is None:
            return None
        if not self._bucket.take():
            count("too_fast")
            return None
        if not isinstance(message, str) or not message.startswith(SPOKEN):
            count("bad_packet")
            return None
        return message
