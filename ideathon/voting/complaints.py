"""Complaints against a vote: made by anybody without a name, numbered, answered for everybody to read."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here

from . import queries
from .models import Complaint, Openings, Round
from .service import actor

MOST = 1000             # of one vote: more is no complaint but a flood


def until(vote: Round) -> date | None:
    """The last day on which somebody can complain; None when the vote was not sealed, or by an older program."""
    said = (vote.kept or {}).get("until")
    return date.fromisoformat(said) if said else None


def is_open(vote: Round, today: date) -> bool:
    """Whether complaints are taken."""
    last = until(vote)
    return last is not None and today <= last


def make(here: Here, text: str) -> int:
    """The complaint stands under a number of its own. Shared lock, then the round's row.

    Raises:
        Refused: "complaint_late"; "complaints_full".
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if not is_open(vote, here.now.date()):
        raise Refused("complaint_late")
    last = db.session.scalar(select(func.max(Complaint.number)).where(Complaint.round_id == vote.id)) or 0
    if last >= MOST:
        raise Refused("complaints_full")
    db.session.add(Complaint(round_id=vote.id, number=last + 1, text=text, made_at=here.now))
    ledger.record(Act.COMPLAINT_MAKE, vote.gathering_id, f"complaint:{last + 1}", now=here.now)
    db.session.flush()
    return last + 1


def answer(here: Here, number: int, words: str) -> Complaint:
    """Everybody can read the answer; an earlier one is written over. Shared lock, then the round's row.

    Raises:
        NotFound: no complaint has this number.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    found = db.session.get(Complaint, (vote.id, number))
    if found is None:
        raise NotFound("not_found")
    found.answer, found.answered_by, found.answered_at = words, actor(here), here.now
    ledger.record(Act.COMPLAINT_ANSWER, vote.gathering_id, f"complaint:{number}", role=here.role, actor=actor(here),
                  now=here.now)
    db.session.flush()
    return found


def every(vote: Round) -> list[Complaint]:
    """All complaints by their number, for those who answer."""
    return list(db.session.scalars(select(Complaint).where(Complaint.round_id == vote.id).order_by(Complaint.number)))


def told(vote: Round) -> list[dict[str, Any]]:
    """What everybody reads of each: number, day and answer; never what was written."""
    return [{"number": one.number, "made_at": one.made_at, "answer": one.answer, "answered_at": one.answered_at}
            for one in every(vote)]


def after(vote: Round, today: date) -> dict[str, Any]:
    """What the result's page says of the time after: complaints, and the locked ballots."""
    kept = db.session.execute(select(Openings.keep_until, Openings.locked.is_not(None).label("there")).where(
        Openings.round_id == vote.id)).first()
    return {"until": until(vote), "open": is_open(vote, today), "told": told(vote),
            "openings": None if kept is None else {"until": kept.keep_until, "there": kept.there}}
