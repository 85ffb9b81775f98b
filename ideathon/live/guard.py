"""The WSGI guard before everything: which hosts are ours, and who may open a socket (Flask never sees those)."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .limits import count

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9]([a-z0-9._-]{0,252}[a-z0-9])?)(:[0-9]{1,5})?\Z")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
REMEMBERED = 5.0            # seconds; a laptop changes networks
MOST_REMEMBERED = 256


class OwnAddresses:
    """Whether an IP address is this machine's: one can listen on an own address and on no other."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, bool]] = {}

    def __contains__(self, name: str) -> bool:
        now = time.monotonic()
        until, own = self._known.get(name, (0.0, False))
        if until > now:
            return own
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        own = _can_listen_on(name)
        self._known[name] = (now + REMEMBERED, own)
        return own


def _can_listen_on(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.bind((name, 0))
    except OSError:
        return False
    return True


class Hosts:
    """The allow-list: a list of names, or "auto" for this machine's names and addresses and the public address."""

    def __init__(self, policy: str | Iterable[str] | None, public_url: str = "") -> None:
        listed = policy.split(",") if isinstance(policy, str) else list(policy or ["auto"])
        names = {name.strip().lower().strip("[]") for name in listed} - {""}
        self._auto = "auto" in names
        self._names = frozenset(names - {"auto"}) | self._own_names(public_url)
        self._own = OwnAddresses()

    def _own_names(self, public_url: str) -> frozenset[str]:
        public = urlsplit(public_url).hostname
        names = {public} if public else set()
        if self._auto:
            host = socket.gethostname().lower()
            names |= LOOPBACK | {host, host.partition(".")[0] + ".local"}
        return frozenset(names)

    def __contains__(self, host: str) -> bool:
        """Whether a Host header, with or without a port, names us."""
        match = HOST.match(host.lower())
        if match is None:
            return False
        name = match[1].strip("[]")
        return name in self._names or (self._auto and name in self._own)


class Slots:
    """Sockets at once for each key; a slot that was taken is always given back."""

    def __init__(self) -> None:
        self.held: Counter[str] = Counter()

    def take(self, wanted: dict[str, int]) -> bool:
        """Take one under every key, or none when one of them is at its most."""
        if any(self.held[key] >= most for key, most in wanted.items()):
            return False
        self.held.update(wanted.keys())
        return True

    def give(self, keys: Iterable[str]) -> None:
        """Give one back under every key."""
        for key in keys:
            self.held[key] -= 1
            if self.held[key] <= 0:
                del self.held[key]


class Guard:
    """Wraps the whole application, sockets included."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], hosts: Hosts, *, cookie: str = "session",
                 per_address: int = 600, per_session: int = 20) -> None:
        self.inner, self.hosts, self.slots = inner, hosts, Slots()
        self._cookie, self._per_address, self._per_session = cookie, per_address, per_session

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_HOST", "") not in self.hosts:
            return deny(start_response, "421 Misdirected Request", "foreign_host")
        if not is_socket(environ):
            return self.inner(environ, start_response)
        if refused := problem(environ):
            return deny(start_response, *refused)
        return self._open(environ, start_response)

    def _open(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        wanted = self._keys(environ)
        if not self.slots.take(wanted):
            return deny(start_response, "429 Too Many Requests", "too_many_sockets")
        for header in ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"):
            environ.pop(header, None)      # engine.io believes them; a trusted proxy's are already in Host and scheme
        try:
            return self.inner(environ, start_response)      # a WebSocket lives inside this call
        finally:
            self.slots.give(wanted)

    def _keys(self, environ: Environ) -> dict[str, int]:
        keys = {f"a:{environ.get('REMOTE_ADDR', '')}": self._per_address}
        if value := session_cookie(environ, self._cookie):
            keys["s:" + sha256(value.encode("utf-8", "replace")).hexdigest()] = self._per_session
        return keys


def is_socket(environ: Environ) -> bool:
    """Whether the request is for the Socket.IO server."""
    path = str(environ.get("PATH_INFO", ""))
    return path == "/socket.io" or path.startswith("/socket.io/")


def problem(environ: Environ) -> tuple[str, str] | None:
    """Why a request for the socket is refused, as status and code; None when it may go on."""
    origin = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}".lower()
    if environ.get("HTTP_ORIGIN", "").lower() != origin:
        return "403 Forbidden", "foreign_origin"
    if environ["REQUEST_METHOD"] != "GET":
        return "405 Method Not Allowed", "socket_method"
    if parse_qs(environ.get("QUERY_STRING", "")).get("transport") != ["websocket"]:
        return "400 Bad Request", "socket_transport"
    return None


def session_cookie(environ: Environ, name: str) -> str | None:
    """The session cookie's value, if there is one."""
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(name)
    except CookieError:
        return None
    return found.value if found else None


def deny(start_response: StartResponse, status: str, code: str) -> Iterable[bytes]:
    """A counted refusal, in plain text for whoever reads it."""
    count(code)
    body = f"{code}\n".encode()
    start_response(status, [
        ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'"), ("Connection", "close"),
    ])
    return [body]
