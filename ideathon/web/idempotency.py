"""Each act once: the sender's key is remembered in the same transaction as the act itself."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import session
from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ideathon.errors import Refused, Unwell
from ideathon.extensions import db

from . import nameless
from .models import DoneRequest

KEEP = timedelta(days=2)

# Every POST runs these two: built once, and past the ORM, they cost a third of what they would
_KEYS = cast(Table, DoneRequest.__table__)
_INTO = {"sqlite": sqlite.insert(_KEYS), "postgresql": postgresql.insert(_KEYS)}
_CLAIM = {name: put.on_conflict_do_nothing().returning(_KEYS.c.id) for name, put in _INTO.items()}
_PUT = {name: put.on_conflict_do_update(index_elements=[_KEYS.c.id], set_={"answer": put.excluded.answer})
        for name, put in _INTO.items()}
_NOT_SAID = {"key", "csrf_token", "next"}      # fields about the form rather than about the act
_SETTLE = (update(_KEYS).where(_KEYS.c.id == bindparam("row"))
           .values(answer=bindparam("led"), person_id=bindparam("whom")))


@dataclass(frozen=True, slots=True)
class Earlier:
    """The answer that an earlier request with the same key was given."""

    answer: str
    person_id: int | None


def new_key() -> str:
    """A key for one form or one tap; 128 bits."""
    return secrets.token_hex(16)


def sender() -> str:
    """The browser, by a random mark in its session cookie; made on first sight. Where nobody is known it has none."""
    if nameless.here():
        return ""
    if "device" not in session:
        session["device"] = secrets.token_hex(16)
        session.permanent = True
    return str(session["device"])


def identity(door: str, key: str, who: str) -> str:
    """The row's name: a hash of sender, door and key.

    Raises:
        Unwell: the key is missing or has no sensible form.
    """
    if not (8 <= len(key) <= 64 and key.isascii() and key.isprintable()):
        raise Unwell("no_key")
    return hashlib.sha256(f"{who}\n{door}\n{key}".encode()).hexdigest()


def said(key: str, fields: Iterable[tuple[str, str]]) -> str:
    """What was said under this key, as a hash. The key is in it, and not stored: nobody can guess a choice from it.

    However it travelled, by form or by socket, the same words give the same hash: their order, empty fields and kinds
    of white space do not count.
    """
    words = sorted((name, " ".join(value.split())) for name, value in fields if name not in _NOT_SAID)
    told = json.dumps([key, *((name, value) for name, value in words if value)])
    return hashlib.sha256(told.encode()).hexdigest()


def claim(row_id: str, what: str, now: datetime) -> Earlier | None:
    """The key is this transaction's; or, when it was used before for the same words, the earlier answer.

    On PostgreSQL a twin in flight is waited for: if it commits, its answer is given; if it rolls back, the key is ours.

    Raises:
        Refused: the key was used before, with other words; they are not the first act's, and must not seem to be done.
    """
    minute = now.replace(second=0, microsecond=0)       # a vote's receipt stands beside it: no finer than the ballot's
    connection = db.session.connection()
    given = {"id": row_id, "at": minute, "answer": "", "said": what}
    if connection.execute(_CLAIM[connection.dialect.name], given).first():
        return None
    known = select(_KEYS.c.answer, _KEYS.c.person_id, _KEYS.c.said).where(_KEYS.c.id == row_id)
    found = connection.execute(known).one()
    if found.said not in ("", what):        # "": not kept
        raise Refused("sent_already")
    return Earlier(found.answer, found.person_id)


def answers(rows: Collection[str]) -> dict[str, str]:
    """The answers that requests of these names were given, of those that were carried out before."""
    known = select(_KEYS.c.id, _KEYS.c.answer).where(_KEYS.c.id.in_(rows))
    return {row.id: row.answer for row in db.session.connection().execute(known)}


def keep_all(answers: Mapping[str, str], now: datetime) -> None:
    """Each name's last answer is kept beside its act, of which another key than this one knows that it is done once."""
    minute = now.replace(second=0, microsecond=0)
    rows = [{"id": row, "at": minute, "answer": led, "said": ""} for row, led in answers.items()]
    connection = db.session.connection()
    connection.execute(_PUT[connection.dialect.name], rows)


def settle(row_id: str, answer: str, person_id: int | None = None) -> None:
    """The answer is kept beside the act, for a twin of this request."""
    db.session.flush()              # the person may be as new as the answer
    db.session.connection().execute(_SETTLE, {"row": row_id, "led": answer, "whom": person_id})


def sweep(now: datetime) -> None:
    """Keys older than two days are gone."""
    db.session.execute(delete(DoneRequest).where(DoneRequest.at < now - KEEP))
