"""Doors at which nobody is known: no session is read there and none is set, so nothing can join a slip and a person.

A browser sends its cookie to every address of ours; here nobody looks at it. A room names its doors at the start with
`add`. Without a session there is no token against forged forms: whoever sends one brings the slip's code, and what
comes from another site's page is refused by what browsers say of it (Origin, Sec-Fetch-Site).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFError

from ideathon.extensions import csrf


def add(app: Flask, path: str, *doors: Any) -> None:
    """At this address and below it nobody is known; ``doors`` are its blueprints or views, who need no token."""
    app.extensions["nameless"].add(path)
    for door in doors:
        csrf.exempt(door)


def here(asked: Request = request) -> bool:
    """Whether the address is one at which nobody is known."""
    return any(asked.path == path or asked.path.startswith(f"{path}/") for path in current_app.extensions["nameless"])


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, but for the doors at which nobody is known: Flask never saves a null session."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """The browser's session; an empty one that cannot be written where nobody is known."""
        return self.make_null_session(app) if here(request) else super().open_session(app, request)


def _own_pages_only() -> None:
    """A form that another site's page sends is no reader's own."""
    if request.method != "POST" or not here():
        return
    origin = request.headers.get("Origin")
    if (origin is not None and urlsplit(origin).netloc != request.host) or request.headers.get(
            "Sec-Fetch-Site") in ("cross-site", "same-site"):
        raise CSRFError("another site's page")


def init_app(app: Flask) -> None:
    """Sessions are these, and other sites' forms are refused."""
    app.extensions["nameless"] = set()
    app.session_interface = Sessions()
    app.before_request(_own_pages_only)
