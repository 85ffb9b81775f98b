"""`ideathon demo play`: the whole day, by the same pages and sockets as people use, against a running server."""

from __future__ import annotations

from pathlib import Path

import click

from ideathon import config
from ideathon.demo.browser import PlayFailed
from ideathon.demo.links import links_file, read_links
from ideathon.demo.play import play


@click.command()
@click.option("--speed", type=click.FloatRange(0, 100_000), default=60, show_default=True,
              help="How much faster than the day: 60 makes an hour a minute; 0 leaves no time between acts.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the program runs.")
@click.option("--links", type=click.Path(path_type=Path), show_default="links.json of the data folder",
              help="The demo's links: that file, or what `demo load --json` printed.")
def command(speed: float, url: str, links: Path | None) -> int:
    """Play the Engure demo day against a running server, while somebody watches the projector.

    About 64 residents, four mentors, five jurors, a host and a manager act. At the end the public result is compared
    with the expected one: exit code 0 when it is equal to the last digit, 1 with a line for all that differs.
    """
    try:
        found = play(url, read_links(links or links_file(config.database_url())), speed)
    except PlayFailed as failed:
        raise click.ClickException(str(failed)) from failed
    for line in found:
        click.echo(line, err=True)
    click.echo("The day is over, and its result is the expected one to the last digit." if not found
               else f"The day is over, but {len(found)} numbers differ from the expected ones.")
    return int(bool(found))
