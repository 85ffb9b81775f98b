"""The verbs of people: join, be given a role, sign in, follow and renew a personal link."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from ideathon import ledger
from ideathon.core.acts import Act, Role
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.types import Text

from . import sessions
from .models import Grant, Person

NOTICE_VERSION = "2026-11"


def new_person(name: str, language: str, now: datetime, *, notice: bool = False) -> Person:
    """A person stands in the register, by a display name alone."""
    person = Person(display_name=name, language=language, created_at=now,
                    notice_version=NOTICE_VERSION if notice else "")
    db.session.add(person)
    db.session.flush()
    return person


def grant(person: Person, role: Role, scope: str, scope_id: int, now: datetime, *, label: Text | None = None,
          sector: str | None = None, country: str | None = None) -> Grant:
    """The person holds the role in the scope; held already, nothing changes."""
    found = db.session.scalar(select(Grant).where(Grant.person_id == person.id, Grant.scope == scope,
                                                  Grant.scope_id == scope_id, Grant.role == role))
    if found is not None:
        found.revoked_at = None
        return found
    made = Grant(person=person, role=str(role), scope=scope, scope_id=scope_id, created_at=now, label=label,
                 sector=sector, country=country)
    db.session.add(made)
    db.session.flush()
    return made


def new_link(holder: Grant) -> str:
    """The grant has a fresh personal link; the old one opens nothing, and its browsers are signed out.

    Gives the secret (144 bits), which is shown once and kept nowhere.
    """
    secret = secrets.token_urlsafe(18)
    holder.link_hash = sessions.hash_of(secret)
    sessions.end_all(holder.person_id)
    return secret


def renew_link(holder: Grant, by: Person, now: datetime) -> str:
    """As new_link, and the record says who renewed it."""
    secret = new_link(holder)
    ledger.record(Act.LINK_RENEW, holder.scope_id, f"grant:{holder.id}", role="staff", actor=by.id, now=now)
    return secret


def add_helper(gathering_id: int, name: str, by: Person, now: datetime) -> tuple[Grant, str]:
    """One more person may help at the desk; gives the grant and the secret of its link. Counts on the shared lock."""
    holder = grant(new_person(name, by.language, now), Role.HELPER, "gathering", gathering_id, now)
    ledger.record(Act.HELPER_ADD, gathering_id, f"grant:{holder.id}", role="staff", actor=by.id, now=now)
    return holder, new_link(holder)


def end_helper(holder: Grant, by: Person, now: datetime) -> None:
    """The helper helps no more: the link opens nothing, its browsers are signed out. Counts on the exclusive lock."""
    holder.revoked_at, holder.link_hash = now, None
    sessions.end_all(holder.person_id)
    ledger.record(Act.HELPER_END, holder.scope_id, f"grant:{holder.id}", role="staff", actor=by.id, now=now)


def holder_of(secret: str) -> Grant:
    """The live grant behind a personal link.

    Raises:
        NotFound: the link was renewed, revoked or never given.
    """
    query = select(Grant).where(Grant.link_hash == sessions.hash_of(secret), Grant.revoked_at.is_(None))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("wrong_link")
    return found


def staff_named(name: str) -> Person | None:
    """The person with this sign-in name, in any letter case."""
    return db.session.scalar(select(Person).where(Person.sign_in_name == name.casefold()))
