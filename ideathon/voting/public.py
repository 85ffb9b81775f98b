"""What there is for those who check a vote: its public board, the witnesses' locks, the locked ballots."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from ideathon.extensions import db

from . import slips
from .codes import spaced
from .models import Annulment, BoardEntry, Openings, Round, Witness


def recipients(vote: Round) -> list[str]:
    """The locks of the witnesses, by their number."""
    query = select(Witness.recipient).where(Witness.round_id == vote.id).order_by(Witness.number)
    return list(db.session.scalars(query))


def witnesses(vote: Round) -> list[Witness]:
    """The witnesses of a vote, by their number."""
    return list(db.session.scalars(select(Witness).where(Witness.round_id == vote.id).order_by(Witness.number)))


def witness_numbers(vote: Round) -> list[int]:
    """Which witnesses hold a key."""
    return list(db.session.scalars(select(Witness.number).where(Witness.round_id == vote.id).order_by(Witness.number)))


def kept_until(vote: Round) -> date | None:
    """The day on which the locked ballots are destroyed; None when there are none, or no more."""
    return db.session.scalar(select(Openings.keep_until).where(Openings.round_id == vote.id,
                                                               Openings.locked.is_not(None)))


def locked_openings(vote: Round) -> bytes | None:
    """The locked ballots for the witnesses; None when there are none, or they were destroyed on their day."""
    return db.session.scalar(select(Openings.locked).where(Openings.round_id == vote.id))


def public_board(vote: Round) -> dict[str, Any]:
    """The whole board for everybody to check (verifying.answers); its form, the slips of the opening, every entry."""
    rows = db.session.scalars(select(BoardEntry.entry).where(BoardEntry.round_id == vote.id).order_by(BoardEntry.seq))
    entries = list(rows)
    later = {tag for entry in entries if entry["kind"] == "slips" for tag in entry["tags"]}
    return {"form": entries[0]["form"] if entries else "", "slips": sorted(set(slips.tags(vote)) - later),
            "entries": entries}


def marks(gathering_id: int) -> dict[str, str]:
    """The board's first mark, once the vote is open, and its last, once it is over: for everybody to note down."""
    query = select(Round.rules_hash, Round.head, Round.state).where(Round.gathering_id == gathering_id,
                                                                    Round.state != "annulled")
    found = db.session.execute(query).first()
    if found is None or not found.rules_hash or found.state == "rehearsal":
        return {}
    over = found.state not in ("draft", "open")
    return {"first": spaced(found.rules_hash[:16]), **({"last": spaced(found.head[:16])} if over else {})}


def asked(vote: Round) -> Annulment | None:
    """The question whether this vote is to be annulled, not confirmed yet; None when nobody asks."""
    query = select(Annulment).where(Annulment.round_id == vote.id, Annulment.confirmed_at.is_(None))
    return db.session.scalar(query)


def annulled(gathering_id: int) -> list[dict[str, Any]]:
    """Votes of the event that were annulled: when, and why; shown wherever the vote that stands is shown."""
    query = (select(Annulment.reason, Annulment.confirmed_at).join(Round, Round.id == Annulment.round_id)
             .where(Round.gathering_id == gathering_id, Round.state == "annulled").order_by(Annulment.confirmed_at))
    return [{"reason": reason, "at": at} for reason, at in db.session.execute(query)]
