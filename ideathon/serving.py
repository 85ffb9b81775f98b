"""The server process: gevent's WSGI server set up for a hall full of phones, and its clean end."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import resource
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import gevent
from flask import Flask
from gevent import monkey, pywsgi
from gevent.event import Event
from gevent.pool import Pool

from .errors import Misconfigured
from .live import wire

log = logging.getLogger(__name__)

BACKLOG = 2048
OPEN_FILES = 65536          # a socket costs two
CONNECTIONS = 20000
IDLE_SECONDS = 75           # a kept connection may be silent for this long
HEAD_SECONDS = 10           # and has this long for a request's headers
BODY_SECONDS = 30           # and this long for its body, from the headers on
UNTAKEN_MS = 60_000         # a client that takes nothing of an answer for this long is gone
STOP_SECONDS = 5
COME_BACK_MS = 2000


class PatientInput(pywsgi.Input):
    """A request's body with one deadline for all of it, so that nobody holds a handler byte by byte."""

    __slots__ = ("_deadline",)

    def __init__(self, rfile: Any, content_length: int | None, **options: Any) -> None:
        super().__init__(rfile, content_length, **options)
        self._deadline = time.monotonic() + BODY_SECONDS

    def read(self, length: int | None = None) -> bytes:
        """As in the base class; a TimeoutError (an OSError, so a 400 in Flask) when the time is up."""
        with self._timer():
            return bytes(super().read(length))

    def readline(self, size: int | None = None) -> bytes:
        """As in the base class, with the same deadline."""
        with self._timer():
            return bytes(super().readline(size))

    def late(self) -> bool:
        """Whether the time ran out before all of it came; the rest must not be taken for another request."""
        return time.monotonic() > self._deadline and (self.chunked_input or self.position < (self.content_length or 0))

    def _timer(self) -> gevent.Timeout:
        rest = max(0.001, self._deadline - time.monotonic())
        return gevent.Timeout(rest, TimeoutError(errno.ETIMEDOUT, "the body came too slowly"))


class Handler(pywsgi.WSGIHandler):
    """One connection: patient for a while, and terse in the log, since paths and bodies are nobody else's business."""

    def handle(self) -> None:
        """All requests of the connection; a client that is gone before its answer is no error of ours."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def read_requestline(self) -> str:
        """The next request line; while waiting for it, the connection counts as idle and a stop may cut it."""
        gevent.sleep(0)         # others first: whoever has the next request ready would keep the whole server
        if self.server.stopping.is_set():
            return ""
        self.server.idle.add(self)
        try:
            with gevent.Timeout(IDLE_SECONDS, TimeoutError(errno.ETIMEDOUT, "idle")):
                return str(super().read_requestline())
        finally:
            self.server.idle.discard(self)

    def read_request(self, raw_requestline: str) -> bool:
        """The headers, in time."""
        with gevent.Timeout(HEAD_SECONDS, TimeoutError(errno.ETIMEDOUT, "the headers came too slowly")):
            return bool(super().read_request(raw_requestline))

    def get_environ(self) -> dict[str, Any]:
        """As in the base class, with the patient body."""
        environ: dict[str, Any] = super().get_environ()
        if environ["wsgi.input_terminated"]:
            plain = self.wsgi_input
            self.wsgi_input = environ["wsgi.input"] = PatientInput(
                plain.rfile, plain.content_length, socket=plain.socket, chunked_input=plain.chunked_input)
        if self.server.stopping.is_set() or "HTTP_UPGRADE" in environ:
            self.close_connection = True        # what a socket leaves on its connection is no next request
        return environ

    def handle_one_response(self) -> None:
        """As in the base class; a connection with half a body in it is not used again."""
        super().handle_one_response()
        if isinstance(self.wsgi_input, PatientInput) and self.wsgi_input.late():
            self.close_connection = True

    def handle_error(self, kind: type[BaseException], error: Any, trace: Any) -> None:
        """The client gets a plain 500; the log gets the kind of error."""
        if not issubclass(kind, gevent.GreenletExit):
            log.error("a request failed outside the application: %s", kind.__name__)
        self.close_connection = True
        self._send_error_response_if_possible(500)

    def _handle_client_error(self, ex: BaseException) -> tuple[str, bytes]:
        log.info("a request that is not HTTP, or too slow: %s", type(ex).__name__)
        return "400", pywsgi._BAD_REQUEST_RESPONSE


class Server(pywsgi.WSGIServer):
    """The WSGI server and what a stop must know about it."""

    handler_class = Handler

    def __init__(self, listener: Any, app: Flask) -> None:
        name, port = listener.getsockname()[:2]
        super().__init__(listener, app, spawn=Pool(CONNECTIONS), log=None, error_log=logging.getLogger(__name__),
                         environ={"SERVER_NAME": name, "SERVER_PORT": str(port)})   # given, so nothing asks a DNS
        self.idle: set[Handler] = set()
        self.stopping = Event()

    def wind_down(self) -> None:
        """No new connections; sockets are told to come back; requests in flight end; then the rest is cut."""
        self.stopping.set()
        self.close()
        wire.say_come_back(COME_BACK_MS)
        for handler in list(self.idle):
            _cut(handler.socket)
        self.stop(timeout=STOP_SECONDS)


def _cut(sock: Any) -> None:
    with contextlib.suppress(OSError):      # it was already gone
        sock.shutdown(socket.SHUT_RDWR)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; what it accepts inherits TCP_NODELAY.

    Raises:
        Misconfigured: the port is taken or not allowed, or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return _bound(socket.socket(family, kind, protocol), address)
    except OSError as error:
        raise Misconfigured(_cannot_listen(host, port, error)) from error


def _bound(listener: socket.socket, address: Any) -> socket.socket:
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MS)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Stop that one, or choose another with PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights than this user has. Choose one above 1023, such as PORT=8000."
    return f"Cannot listen on {host}:{port} ({error.strerror or error}). Choose another address with HOST=0.0.0.0."


def raise_open_files() -> int:
    """As many open files as this user may have, up to what a full hall needs; returns the limit that holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            log.warning("the limit of open files stays at %d", soft)
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def serve(app: Flask, host: str, port: int, ready: Callable[[int], None] = lambda port: None) -> None:
    """Serve until SIGTERM or SIGINT; calls ready(port) once the port listens; returns after a clean stop.

    Raises:
        Misconfigured: the address cannot be listened on.
        RuntimeError: gevent has not patched the process, or a socket event has no rule.
    """
    if not monkey.is_module_patched("socket"):
        raise RuntimeError("gevent.monkey.patch_all() must be the first thing that the process does")
    wire.assert_every_event_has_a_rule()
    raise_open_files()
    server = Server(listen(host, port), app)
    wire.start()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    server.start()
    gc.enable()              # `ideathon run` starts without it
    gc.collect()
    gc.freeze()              # what is there now stays: the collector need not look at it again
    ready(server.server_port)
    stop.wait()
    server.wind_down()
