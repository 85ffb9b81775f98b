"""Reading the electorate: the classes and whether they are in use, links, how long the list of names is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from ideathon.extensions import db
from ideathon.people import voter_names
from ideathon.web.language import say

from . import queries, steps
from .models import Invitation, Openings, Round, Slip

KEPT_DAYS = 30          # after the seal, as the locked ballots
COUNTED = ("sealed", "published")


def labels(vote: Round) -> dict[str, str]:
    """What each class of residents is called in the reader's language, by its ref."""
    return {one["ref"]: say(one["label"]) for one in vote.classes}


def called(vote: Round) -> dict[str, str]:
    """Every word for a class, in small letters and any language, and its own ref: what a list may write."""
    return {word.casefold(): one["ref"] for one in vote.classes for word in (one["ref"], *one["label"].values())}


def is_used(vote: Round, klass: str) -> bool:
    """Whether slips, links or names are of this class."""
    drawn = select(Slip.tag).where(Slip.round_id == vote.id, Slip.klass == klass).limit(1)
    made = select(Invitation.token_hash).where(Invitation.round_id == vote.id, Invitation.klass == klass).limit(1)
    return (db.session.scalar(drawn) is not None or db.session.scalar(made) is not None
            or voter_names.has_class(vote.gathering_id, klass))


def by_class(vote: Round) -> dict[str, int]:
    """How many good slips of each class there are; of those that came by links as many as are told."""
    return dict(steps.slips_and_links(vote)[0])


def links(vote: Round) -> dict[str, int]:
    """How many one-time links were made, and how many were used; never which."""
    query = select(func.count(), func.count().filter(Invitation.used)).where(Invitation.round_id == vote.id)
    made, used = db.session.execute(query).one()
    return {"made": made, "used": used}


def links_told(vote: Round) -> dict[str, int]:
    """The same as the desk hears of it: the used ones of an open vote in steps, as `steps.slips_and_links`."""
    return {**links(vote), "used": steps.slips_and_links(vote)[1].total()}


def behind(token_hash: str) -> Any:
    """The invitation with this hash in a vote that stands, as a row with ``gathering_id``; None when there is none."""
    query = (select(Round.gathering_id, Invitation.used).join(Round, Round.id == Invitation.round_id)
             .where(Invitation.token_hash == token_hash, Round.state != "annulled"))
    return db.session.execute(query).first()


def lacks_plain(gathering_id: int) -> bool:
    """Whether the vote is still to be opened and nobody ticked the warning about plain http."""
    found = db.session.execute(select(Round.state, Round.overrides).where(
        Round.gathering_id == gathering_id, Round.state != "annulled")).first()
    return found is None or (found.state in ("draft", "rehearsal") and "plain_http" not in found.overrides)


def names_until(gathering_id: int) -> date | None:
    """The last day of the list of names, once the vote is counted; None before."""
    query = (select(Round.closed_at, Openings.keep_until).outerjoin(Openings, Openings.round_id == Round.id)
             .where(Round.gathering_id == gathering_id, Round.state.in_(COUNTED)))
    found = db.session.execute(query).first()
    if found is None:
        return None
    return found.keep_until or (found.closed_at.date() + timedelta(days=KEPT_DAYS) if found.closed_at else None)


def keeps_list(gathering_id: int) -> bool:
    """Whether the list of names must stay: the vote is not over, and somebody on it was given something."""
    vote = queries.standing_round(gathering_id)
    return vote is not None and vote.state not in queries.OVER and voter_names.served(gathering_id)


def desk(gathering_id: int) -> dict[str, Any]:
    """What the page of names shows beside the list: who got what, and what became of the slips; never who voted."""
    vote = queries.round_of(gathering_id)
    return {"rows": voter_names.counts(gathering_id), "labels": labels(vote), "slips": steps.slip_counts(vote),
            "turnout": queries.turnout(gathering_id), "until": names_until(gathering_id), "vote": vote,
            "keeps": keeps_list(gathering_id)}
