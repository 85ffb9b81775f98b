"""Finding a gathering behind an address, locking it, and building the seat of whoever knocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from ideathon.clock import now
from ideathon.core.acts import Lock, Role
from ideathon.core.permissions import Seat
from ideathon.core.stages import Kind
from ideathon.core.words import clean
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.people.models import Grant, Person
from ideathon.programmes.models import Project

from . import queries
from .models import Gathering, Stage

Facts = Callable[[Gathering, datetime], dict[str, Any]]
_facts: list[Facts] = []
LINE = 1        # the class of our advisory locks


@dataclass
class Here:
    """What a door is about: the gathering (locked, fresh), who knocks, their seat; ``thing`` for a finder's own."""

    gathering: Gathering
    person: Person | None
    seat: Seat
    now: datetime
    grants: list[Grant] = field(default_factory=list)
    thing: Any = None

    @property
    def place(self) -> dict[str, Any]:
        """What the header and the stage bar of every page show, and the way to the page of now."""
        return {**queries.place(self.gathering), "url": url_for("stage.now", code=self.gathering.code)}

    @property
    def me(self) -> dict[str, Any] | None:
        """The reader's name and strongest role."""
        return {"name": self.person.display_name, "role": str(self.role)} if self.person else None

    @property
    def role(self) -> Role:
        """The strongest role, for the record."""
        order = (Role.HOST, Role.MANAGER, Role.ADMIN, Role.JUROR, Role.MENTOR, Role.HELPER,
                 Role.RESIDENT, Role.SCREEN)
        return next((role for role in order if role in self.seat.roles), Role.VISITOR)

    def grant_as(self, role: Role) -> Grant:
        """The reader's own grant of a role that the seat holds."""
        return next(grant for grant in self.grants if grant.role == role)


def contributes(facts: Facts) -> Facts:
    """A room above adds facts to every seat (the round is open, the sheets are locked); called at start only."""
    if facts not in _facts:
        _facts.append(facts)
    return facts


def reader() -> Person | None:
    """The person that this browser is signed in as."""
    return current_user.person if current_user.is_authenticated else None


@lru_cache      # a statement is built once: every request at a gathering's door runs one of these
def _query(lock: Lock, by: str) -> Select[tuple[Gathering]]:
    query = select(Gathering).options(joinedload(Gathering.current_stage),
                                      joinedload(Gathering.project).joinedload(Project.programme))
    if lock is Lock.EXCLUSIVE:
        query = query.with_for_update(key_share=True, of=Gathering)     # foreign keys to it are still checked
    return query.where(_by(by)).execution_options(populate_existing=True)


def _by(name: str) -> ColumnElement[bool]:
    column: ColumnElement[Any] = Gathering.__table__.c[name]
    return column == bindparam("wanted")


@lru_cache
def _in_line(lock: Lock, by: str) -> Select[Any]:
    take = func.pg_advisory_xact_lock_shared if lock is Lock.SHARED else func.pg_advisory_xact_lock
    return select(take(LINE, Gathering.__table__.c.id)).where(_by(by))


def _stand_in_line(lock: Lock, by: str, wanted: Any) -> None:
    """PostgreSQL lets newcomers share a row past whoever waits to hold it alone, so a hall that never pauses would
    keep the host out for ever; its advisory locks queue in order. Whoever shares holds this one alone: a lock on the
    row itself would be a write for each vote. SQLite has one writer at a time anyway."""
    if lock is not Lock.NONE and db.engine.dialect.name == "postgresql":
        db.session.connection().execute(_in_line(lock, by), {"wanted": wanted})


def _one(lock: Lock, by: str, wanted: Any) -> Gathering:
    _stand_in_line(lock, by, wanted)
    found = db.session.scalar(_query(lock, by), {"wanted": wanted})
    if found is None:
        raise NotFound("wrong_code")
    return found


def _grants(person: Person | None, gathering: Gathering) -> list[Grant]:
    if person is None:
        return []
    here = or_(Grant.scope == "system", (Grant.scope == "project") & (Grant.scope_id == gathering.project_id),
               (Grant.scope == "gathering") & (Grant.scope_id == gathering.id))
    query = select(Grant).where(Grant.person_id == person.id, Grant.revoked_at.is_(None), here)
    return list(db.session.scalars(query))


def seat_in(gathering: Gathering, roles: frozenset[Role], moment: datetime) -> Seat:
    """The seat of a holder of these roles, with every room's facts."""
    facts: dict[str, Any] = {}
    for contribute in _facts:
        facts |= contribute(gathering, moment)
    stage = gathering.current_stage
    bare = _bare_seat(gathering.ended_at, stage and stage.kind, stage and stage.paused)
    return replace(bare, roles=roles | {Role.VISITOR}, **facts)


def _bare_seat(ended_at: datetime | None, kind: str | None, paused: bool | None) -> Seat:
    """The seat of nobody in particular, before any room has added a fact."""
    return Seat(roles=frozenset({Role.VISITOR}), stage=Kind(kind) if kind else None, paused=bool(paused),
                over=ended_at is not None)


def here_for(gathering: Gathering, person: Person | None, extra: frozenset[Role] = frozenset()) -> Here:
    """The Here of a known person in a gathering that was already found."""
    moment = now()
    grants = _grants(person, gathering)
    roles = frozenset(Role(grant.role) for grant in grants) | extra
    return Here(gathering, person, seat_in(gathering, roles, moment), moment, grants)


def find_gathering(lock: Lock, code: str, **_rest: str) -> Here:
    """By the code in the address; letter case does not matter.

    Raises:
        NotFound: no event has this code.
    """
    return here_for(_one(lock, "code", clean(code).upper()[:20]), reader())


def find_by_id(lock: Lock, gathering_id: int, person: Person | None) -> Here:
    """By number, for sockets and news, for a person that is already known."""
    return here_for(_one(lock, "id", gathering_id), person)


def find_bare(lock: Lock, gathering_id: int) -> Here:
    """By number, for nobody in particular, at a door that brings its own facts: no room is asked for any."""
    gathering, moment = _one(lock, "id", gathering_id), now()
    stage = gathering.current_stage
    return Here(gathering, None, _bare_seat(gathering.ended_at, stage and stage.kind, stage and stage.paused), moment)


class Unread(Here):
    """A Here whose gathering is locked, and read only when somebody asks for it."""

    def __init__(self, gathering_id: int, seat: Seat, moment: datetime) -> None:
        self._id, self._read = gathering_id, None
        self.person, self.seat, self.now, self.grants, self.thing = None, seat, moment, [], None

    @property
    def gathering(self) -> Gathering:  # type: ignore[override]  # a field there, the same to whoever reads it
        """The event."""
        self._read = self._read or db.session.get_one(Gathering, self._id)
        return self._read


def with_seat(model: Any) -> Select[Any]:
    """A statement for rows that have a ``gathering_id``, each with what a bare seat is made of beside it."""
    return (select(model, Gathering.ended_at, Stage.kind, Stage.remaining_ms).select_from(model)
            .join(Gathering, Gathering.id == model.gathering_id)
            .outerjoin(Stage, Stage.id == Gathering.current_stage_id))


def stand_in(lock: Lock, gathering_id: int, query: Select[Any], values: dict[str, Any]) -> tuple[Here, Any]:
    """The gathering is locked; then one statement, made by ``with_seat``, reads a row of a room above and the seat.

    Raises:
        NotFound: there is no such row.
    """
    _stand_in_line(lock, "id", gathering_id)
    found = db.session.execute(query, values).first()
    if found is None:
        raise NotFound("not_found")
    thing, ended_at, kind, remaining = found
    return Unread(gathering_id, _bare_seat(ended_at, kind, remaining is not None), now()), thing


def find_by_screen_key(lock: Lock, key: str, **_rest: str) -> Here:
    """By a screen's key: a seat that reads stage content and nothing else."""
    gathering = _one(lock, "screen_key", clean(key)[:40])
    return here_for(gathering, None, frozenset({Role.SCREEN}))
