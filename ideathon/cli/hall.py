"""Serving: the port is free, the database ready, an empty one holds the demo, the terminal shows the ways in."""

from __future__ import annotations

import logging

from flask import Flask

from ideathon.demo.links import Links, kept, links_file
from ideathon.demo.load import is_empty, is_there, load, open_secrets
from ideathon.serving import listen, serve

from .box import Welcome, show
from .opening import opened


def serve_hall(url: str, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl-C; every line of the log goes to the terminal and says kinds, never words.

    Raises:
        Misconfigured: the port is taken, or the database cannot be used.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    listen(host, port).close()              # better said before a demo is loaded whose pass phrases are shown once
    fresh: list[Links] = []

    def prepare() -> None:
        if is_empty():
            fresh.append(load(links_file(url)))

    with opened(url, prepare) as app:
        serve(app, host, port, ready=lambda real: show(welcome(app, url, bool(fresh)), host, real))


def welcome(app: Flask, url: str, fresh: bool) -> Welcome:
    """What the terminal shows: the demo's links that still open, or none for a database without the demo."""
    path = links_file(url)
    with app.app_context():
        links = kept(path) if is_there() else None
        valid = open_secrets(links) if links else set()
    return Welcome(public=app.config["PUBLIC_URL"], links=links, valid=valid, fresh=fresh, path=path)
