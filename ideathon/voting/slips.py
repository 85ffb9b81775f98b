"""Reading slips: which vote a code is a slip of, by the whole code or the short one, and how many slips there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
_GOOD_HERE = _GOOD.where(_slips.c.round_id == bindparam("round"))
_LOCKED = select(_slips.c.tag, _slips.c.short).where(
    _slips.c.short.in_(bindparam("locks", expanding=True)), _slips.c.state.in_(("issued", "test")))


def rounds_behind(typed: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(gathering, tag) of the round that each code is a slip of; one that is none, or void, is left out.

    A short code is one while its vote is open, or rehearsed.
    """
    every = list(db.session.connection().execute(_ROUNDS))
    short, whole = [], []
    for code in typed:
        (short if len(code) == codes.SHORT else whole).append(code)
    return {**_by_tag(every, whole), **_by_lock([row for row in every if row.state in TAKING], short)}


def _by_tag(rounds: Iterable[Any], typed: Iterable[str]) -> dict[str, tuple[int, str]]:
    asked = {codes.tag_of(row.id, code): (code, row.gathering_id) for row in rounds for code in typed}
    if not asked:
        return {}
    good = db.session.connection().execute(_GOOD, {"tags": list(asked)})
    return {asked[row.tag][0]: (asked[row.tag][1], row.tag) for row in good}


def _by_lock(rounds: Iterable[Any], typed: Iterable[str]) -> dict[str, tuple[int, str]]:
    secret = current_app.secret_key or ""
    asked = {codes.lock_of(row.id, code, secret): (code, row.gathering_id) for row in rounds for code in typed}
    if not asked:
        return {}
    good = db.session.connection().execute(_LOCKED, {"locks": list(asked)})
    return {asked[row.short][0]: (asked[row.short][1], row.tag) for row in good}


def round_behind(code: str) -> tuple[int, str] | None:
    """As `rounds_behind`, of one code; None when it is none."""
    return rounds_behind([code]).get(code)


def behind(vote: Round, typed: str) -> str | None:
    """The tag of the round's good slip with this code, the whole or the short one; None when there is none.

    For the desk, also between the close and the count.
    """
    code = codes.read(typed)
    if code is None:
        return None
    if len(code) == codes.SHORT:
        return _by_lock([vote], [code]).get(code, (0, None))[1]
    return db.session.connection().scalar(_GOOD, {"tags": [codes.tag_of(vote.id, code)]})


def states_of(vote: Round, found: Collection[str]) -> dict[str, str]:
    """What each good slip of the round is, by its tag: "issued", or "test" of a rehearsal; void ones, unknown ones and
    other rounds' are left out."""
    good = db.session.connection().execute(_GOOD_HERE, {"tags": list(found), "round": vote.id})
    return {row.tag: row.state for row in good}


def state_of(vote: Round, tag: str) -> str | None:
    """As `states_of`, of one slip; None when it is left out."""
    return states_of(vote, [tag]).get(tag)


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
