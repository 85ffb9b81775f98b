"""`ideathon demo load`: the demo day stands in the database, once; every link, code and slip is printed."""

from __future__ import annotations

import json
import os

import click

from ideathon import config
from ideathon.demo.happenings import STAGES
from ideathon.demo.links import addresses, links_file
from ideathon.demo.load import is_there, links_of, load

from .box import base_of
from .holding import held
from .opening import opened

THERE = ("The demo day is there already; nothing was changed. To begin a new one, stop the program and move the "
         "database away, or choose another with --database.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, for scripts.")
@click.option("--at", type=click.Choice(STAGES), help="Load the day already at this stage, with all that led to it.")
@click.option("--database", metavar="PLACE", help="As for `ideathon run`.")
def command(as_json: bool, at: str | None, database: str | None) -> None:
    """Load the Engure demo day: the event, its people, needs, resources and challenges; all stages wait.

    Loaded already, it prints the same links again and changes nothing. The program must not be running on a SQLite
    database meanwhile.
    """
    url = config.database_url(database)
    path = links_file(url)
    with held(url):
        found = []

        def prepare() -> None:
            if is_there():
                click.echo(THERE, err=True)
                found.append(links_of(path))
            else:
                found.append(load(path, at, slips=True))

        with opened(url, prepare) as app:
            base = base_of(app.config["PUBLIC_URL"], os.environ.get("HOST", ""), int(os.environ.get("PORT") or 8000))
    printed = addresses(found[0], base)
    click.echo(json.dumps(printed, ensure_ascii=False, indent=1) if as_json else plain(printed))


def plain(printed: dict[str, object]) -> str:
    """The same for a person: one line for each address, the slips in rows."""
    lines = []
    for name, value in printed.items():
        if isinstance(value, dict):
            lines += [f"{name} {key:<12} {each}" for key, each in value.items()]
        elif isinstance(value, list):
            lines += [f"{name}:", *(f"  {each}" for each in value)]
        else:
            lines.append(f"{name:<12} {value}")
    return "\n".join(lines)
