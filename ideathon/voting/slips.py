"""Reading slips: which vote a code is a slip of, by the whole code or the short one, and how many slips there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from flask import current_app
from sqlalchemy import Table, bindparam, func, select

from ideathon.extensions import db

from . import codes
from .models import Round, Slip

TAKING = ("open", "rehearsal")      # the states of a vote in which a short code is one

_rounds, _slips = (cast(Table, model.__table__) for model in (Round, Slip))
_ROUNDS = select(_rounds.c.id, _rounds.c.gathering_id, _rounds.c.state).where(_rounds.c.state != "annulled")
_GOOD = select(_slips.c.tag, _slips.c.state).where(_slips.c.tag.in_(bindparam("tags", expanding=True)),
                                                   _slips.c.state.in_(("issued", "test")))
_TYPED = select(_slips.c.round_id, _slips.c.tag).where(_slips.c.short.in_(bindparam("locks", expanding=True)),
                                                       _slips.c.state.in_(("issued", "test")))


def round_behind(code: str) -> tuple[int, str] | None:
    """(gathering, tag) of the round that a code is a slip of; None when there is none, or the slip is void.

    A short code is one while its vote is open, or rehearsed.
    """
    every = list(db.session.connection().execute(_ROUNDS))
    if len(code) == codes.SHORT:
        taking = {row.id: row.gathering_id for row in every if row.state in TAKING}
        found = _typed(taking, code)
        return found and (taking[found.round_id], found.tag)
    rounds = {codes.tag_of(row.id, code): row.gathering_id for row in every}
    tag = db.session.connection().scalar(_GOOD, {"tags": list(rounds)})
    return None if tag is None else (rounds[tag], tag)


def _typed(rounds: Iterable[int], code: str) -> Any:
    locks = [codes.lock_of(number, code, current_app.secret_key or "") for number in rounds]
    return db.session.connection().execute(_TYPED, {"locks": locks}).first()


def behind(vote: Round, typed: str) -> str | None:
    """The tag of the round's good slip with this code, the whole or the short one; None when there is none.

    For the desk, also between the close and the count.
    """
    code = codes.read(typed)
    if code is None:
        return None
    if len(code) == codes.SHORT:
        found = _typed([vote.id], code)
        return found and found.tag
    return db.session.connection().scalar(_GOOD, {"tags": [codes.tag_of(vote.id, code)]})


def state_of(tag: str) -> str | None:
    """What a good slip is: "issued", or "test" of a rehearsal; None for a void or unknown one."""
    found = db.session.connection().execute(_GOOD, {"tags": [tag]}).first()
    return found and found.state


def tags(vote: Round, klass: str | None = None) -> list[str]:
    """Every slip drawn for the round, void ones too, or those of a class; in a rehearsal the test slips alone."""
    test = Slip.state == "test"
    query = select(Slip.tag).where(Slip.round_id == vote.id, test if vote.state == "rehearsal" else ~test)
    return list(db.session.scalars(query if klass is None else query.where(Slip.klass == klass)))


def void_tags(vote: Round) -> list[str]:
    """The slips that were made void, in the order of their tags."""
    query = select(Slip.tag).where(Slip.round_id == vote.id, Slip.state == "void")
    return sorted(db.session.scalars(query))


def counts(vote: Round) -> dict[str, int]:
    """How many slips are good, and how many void."""
    query = select(Slip.state, func.count()).where(Slip.round_id == vote.id).group_by(Slip.state)
    found = dict(db.session.execute(query).all())
    return {"issued": found.get("issued", 0), "void": found.get("void", 0)}
