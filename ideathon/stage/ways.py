"""Where each person goes after signing in or following a personal link: to the page where their work is."""

from __future__ import annotations

from flask import Flask, url_for
from sqlalchemy import select

from ideathon.core.acts import Role
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.people.models import Grant, Person

_DOORS = {Role.HOST: "stage.desk", Role.JUROR: "jury.board", Role.MENTOR: "stage.now",
          Role.HELPER: "stage.now", Role.RESIDENT: "stage.now"}
_ORDER = (Role.HOST, Role.MANAGER, Role.ADMIN, Role.JUROR, Role.MENTOR, Role.HELPER, Role.RESIDENT)


def after_sign_in(person: Person, wanted: str) -> str:
    """The address that was asked for before signing in, else the person's own place, else the first page."""
    if wanted != "/":
        return wanted
    grants = sorted((grant for grant in person.grants if grant.revoked_at is None), key=_rank)
    return place_of(grants[0]) if grants else "/"


def _rank(grant: Grant) -> tuple[int, int]:
    return _ORDER.index(Role(grant.role)), -grant.id


def place_of(grant: Grant) -> str:
    """The page where the holder of this role works."""
    role = Role(grant.role)
    if role in (Role.MANAGER, Role.ADMIN):
        return url_for("programmes.manage")
    code = db.session.scalar(select(Gathering.code).where(Gathering.id == grant.scope_id))
    return url_for(_DOORS[role], code=code) if code else "/"


def init_app(app: Flask) -> None:
    """The people's room asks here, since it knows nothing of the rooms above it."""
    app.extensions["after_sign_in"] = after_sign_in
    app.extensions["after_link"] = place_of
