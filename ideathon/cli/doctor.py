"""`ideathon doctor`: looks at everything a day in a hall depends on, and says it in plain words. It changes nothing."""

from __future__ import annotations

import os

import click
from rich.console import Console
from rich.table import Table

from ideathon import config
from ideathon.errors import Misconfigured

from .checks import BAD, Finding, look
from .database_checks import look_at_database

MARKS = {"ok": "[green]ok[/]  ", "warn": "[yellow]note[/]", "bad": "[red]bad[/] "}


@click.command()
@click.option("--database", metavar="PLACE", help="As for `ideathon run`.")
@click.option("--host", default=lambda: os.environ.get("HOST") or "0.0.0.0", hidden=True)  # noqa: S104  # as in run
@click.option("--port", type=click.IntRange(0, 65535), envvar="PORT", default=8000, help="The port for `run`.")
def command(database: str | None, host: str, port: int) -> int:
    """Check that everything is in order here.

    Exit code 0 when the program can run, 1 when something must be mended.
    """
    try:
        url = config.database_url(database)
        findings = [*look(host, port), *look_at_database(url)]
    except Misconfigured as refused:
        findings = [Finding(BAD, "settings", str(refused))]
    print_findings(findings)
    return int(any(found.state == BAD for found in findings))


def print_findings(findings: list[Finding]) -> None:
    """One line for each, and the sum of it at the end."""
    table = Table.grid(padding=(0, 2))
    for found in findings:
        table.add_row(MARKS[found.state], found.what, found.said)
    console = Console(highlight=False)
    console.print(table)
    bad = sum(found.state == BAD for found in findings)
    console.print(f"\nTo mend: {bad}. See the lines marked bad." if bad else "\nEverything that must be in order is.")
