"""`ideathon rules`: the rules that count elections, each with where it comes from."""

from __future__ import annotations

import json

import click

from ideathon.core.tally.rules import ELECTION_RULES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for scripts.")
def command(as_json: bool) -> None:
    """The rules that `ideathon count` knows, what ballots they read, and their source."""
    if as_json:
        click.echo(json.dumps([{"name": rule.name, "winners": "several" if rule.shares_money else "one",
                                "ballots": sorted(rule.kinds), "source": rule.source}
                               for rule in ELECTION_RULES.values()], ensure_ascii=False, indent=1))
        return
    for shares, title in ((True, "Several winners within a budget"), (False, "One winner")):
        click.echo(f"{title}:")
        for rule in ELECTION_RULES.values():
            if rule.shares_money is shares:
                click.echo(f"  {rule.name:<20} {', '.join(sorted(rule.kinds))}\n  {'':<20} {rule.source}")
