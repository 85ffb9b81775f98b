"""`ideathon run`: the options, and the hold on the database before anything slow or lasting is done."""

from __future__ import annotations

import os

import click

from ideathon import config

from .holding import held


@click.command()
@click.option("--host", default=lambda: os.environ.get("HOST") or "0.0.0.0",  # noqa: S104  # phones must reach it
              show_default="HOST, else every address", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), envvar="PORT", default=8000, show_default="PORT, else 8000",
              help="Port to listen on; 0 takes a free one.")
@click.option("--database", metavar="PLACE", show_default="DATABASE_URL, else a file in the data folder",
              help="A file for SQLite, or a postgresql:// address.")
def command(host: str, port: int, database: str | None) -> None:
    """Serve the program; an empty database gets the Engure demo.

    Prints the address for phones and the links for host, projector, jury and manager. Ctrl-C ends it; nothing is lost.
    """
    url = config.database_url(database)
    with held(url):
        from .hall import serve_hall  # noqa: PLC0415  # a second process is refused before it loads the whole program

        serve_hall(url, host, port)
