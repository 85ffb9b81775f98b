"""Who is let in to the socket, and what each may hear: the same permission table as the pages'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, session, url_for

from ideathon import ledger
from ideathon.core.acts import Act, Lock, Role
from ideathon.core.permissions import may
from ideathon.gatherings.doors import Here, find_by_id, here_for
from ideathon.live.rooms import room_of
from ideathon.live.ticket import issue, redeem
from ideathon.live.wire import Admission, admits
from ideathon.people import sessions

from .snapshot import SLICES


def ticket_for(here: Here) -> str:
    """A one-time ticket for this reader's socket; a screen's carries its right in itself."""
    token = str(session.get("_user_id", ""))
    screen = Role.SCREEN in here.seat.roles and here.person is None
    own = sessions.hash_of(token) if token and not screen else ""
    return issue({"g": here.gathering.id, "s": own, "screen": screen})


@admits
def admit(auth: object, _environ: Mapping[str, Any]) -> Admission | None:
    """The rooms of every act of seeing that the seat may do; None for a used, old or forged ticket."""
    payload = redeem(auth.get("ticket")) if isinstance(auth, Mapping) else None
    if payload is None:
        return None
    here = _here(payload)
    rooms = frozenset(room_of(here.gathering.id, one.act) for one in SLICES.values() if may(one.act, here.seat))
    if not rooms:
        return None
    who = {"gathering": here.gathering.id, "session": payload["s"], "person": here.person.id if here.person else 0,
           "screen": payload["screen"]}
    return Admission(rooms, who, {"rev": ledger.position(here.gathering.id)})


def _here(payload: Mapping[str, Any]) -> Here:
    person = sessions.person_of(payload["s"]) if payload["s"] else None
    here = find_by_id(Lock.NONE, payload["g"], person)
    return here_for(here.gathering, None, frozenset({Role.SCREEN})) if payload["screen"] else here


def live_context() -> dict[str, Any]:
    """What a page needs to open its socket; nothing for readers without a seat in the hall."""
    here = g.get("here")
    if not isinstance(here, Here) or not may(Act.GATHERING_SEE, here.seat):
        return {"live": None}
    code = here.gathering.code
    key = here.gathering.screen_key if Role.SCREEN in here.seat.roles and here.person is None else None
    door = {"key": key} if key else {"code": code}
    prefix = "stage.screen_" if key else "stage."
    news = url_for(f"{prefix}news", **door, want=g.get("want"))     # a page may say which news it shows
    return {"live": {"ticket": ticket_for(here), "url": "/socket.io", "rev": ledger.position(here.gathering.id),
                     "ticket_url": url_for(f"{prefix}ticket", **door), "snapshot_url": news}}


