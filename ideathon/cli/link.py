"""`ideathon link`: a fresh personal link for the staff of an event, for whoever lost the old one."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import or_, select

from ideathon import config
from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.demo.links import keep, kept, links_file
from ideathon.errors import Misconfigured
from ideathon.extensions import db, writing
from ideathon.gatherings.models import Gathering
from ideathon.people import service as people
from ideathon.people.models import Grant

from .opening import opened


@click.command()
@click.argument("role", type=click.Choice(["host", "manager", "admin"]))
@click.option("--code", help="The event's code; needed when there are several events.")
@click.option("--database", metavar="PLACE", help="As for `ideathon run`.")
def command(role: str, code: str | None, database: str | None) -> None:
    """Make a fresh personal link for the host, a manager or the administrator. The old one opens nothing any more.

    It can be used while the program runs. Whoever holds the role is signed out, and signs in by the new link.
    """
    url = config.database_url(database)
    with opened(url) as app, app.app_context(), writing():
        gathering = _gathering(code)
        secret = people.new_link(_holder(Role(role), gathering))
        _keep_for_the_next_start(links_file(url), gathering.code, role, secret)
        db.session.commit()
        click.echo(f"The {role}'s link for {gathering.code}; put the program's address before it:\n\n  /i/{secret}\n")


def _keep_for_the_next_start(path: Path, code: str, role: str, secret: str) -> None:
    links = kept(path)
    if links is not None and links.code == code:
        links.staff[role] = secret
        keep(links, path)


def _gathering(code: str | None) -> Gathering:
    query = select(Gathering) if code is None else select(Gathering).where(Gathering.code == code.upper())
    found = list(db.session.scalars(query.limit(2)))
    if not found:
        raise Misconfigured("There is no such event in this database. See the codes at the program's first page.")
    if len(found) > 1:
        raise Misconfigured("There are several events. Name one: ideathon link host --code CODE")
    return found[0]


def _holder(role: Role, gathering: Gathering) -> Grant:
    query = select(Grant).where(Grant.role == role, Grant.revoked_at.is_(None), or_(
        Grant.scope == "system", (Grant.scope == "project") & (Grant.scope_id == gathering.project_id),
        (Grant.scope == "gathering") & (Grant.scope_id == gathering.id))).order_by(Grant.id)
    found = db.session.scalars(query).first()
    if found is None:
        found = people.grant(people.new_person(str(role).title(), "lv", now()), role, *_scope(role, gathering), now())
    return found


def _scope(role: Role, gathering: Gathering) -> tuple[str, int]:
    scopes = {Role.HOST: ("gathering", gathering.id), Role.MANAGER: ("project", gathering.project_id)}
    return scopes.get(role, ("system", 0))
