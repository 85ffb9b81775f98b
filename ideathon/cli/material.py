"""`ideathon material`: everything that a sealed result was counted from, for whoever may see the single sheets."""

from __future__ import annotations

import click
from sqlalchemy import select

from ideathon import config
from ideathon.errors import Misconfigured
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.results import queries, recount

from .opening import opened


@click.command()
@click.argument("code")
@click.option("--database", metavar="PLACE", help="As for `ideathon run`.")
def command(code: str, database: str | None) -> None:
    """Write every sheet, recusal and vote total of the event CODE, once its result was shown: for an auditor.

    \b
        ideathon material ENGURE > ENGURE-material.json

    Jurors are called J1, J2, … in an order that tells nothing; but whoever knows how a juror marks may know the
    sheet. No page of the program gives this file: only who runs it can, and answers for whom it is given to.
    """
    with opened(config.database_url(database)) as app, app.app_context():
        gathering = db.session.scalar(select(Gathering).where(Gathering.code == code.upper()))
        if gathering is None:
            raise Misconfigured("There is no such event in this database. See the codes at the program's first page.")
        row = queries.sealed(gathering.id)
        if row is None or row.revealed_at is None:
            raise Misconfigured("The result of this event was not shown yet. Until then nobody sees a single sheet.")
        click.echo(recount.material(gathering, row).decode())
