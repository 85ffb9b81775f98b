"""The end of a vote: totals on the board, the ballots locked for two witnesses, nothing else of them on the disk.

Phases only go forward; each step can be taken again after a crash.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from secrets import SystemRandom
from typing import Any

import pyrage
from sqlalchemy import ColumnElement, delete, null, or_, select, text, update
from sqlalchemy.exc import DBAPIError

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import PRAGMAS, db, writing
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce
from ideathon.people import voter_names
from ideathon.people.models import VoterName

from . import board, electorate, paper_count, paper_queries, public, publishing, queries
from .models import Ballot, CastKey, Invitation, Openings, Round, Slip, Witness
from .paper_models import HandsCount, PaperEntry, PaperRecheck
from .service import TURNOUT, append

log = logging.getLogger(__name__)
FORM = "ideathon-openings-1"
RULE = ("profile", "method", "min_choices", "max_choices", "budget_cents", "age", "revote", "shuffled", "publish",
        "classes", "overrides")     # what a vote asks, and a new one in its place asks again
CHOICES = (Ballot, CastKey, PaperEntry, HandsCount, PaperRecheck)
"""Tables that hold what somebody chose, or which ballot was looked at: emptied at the seal, and their pages cleared."""
EMPTIED = ("sealed", "published", "annulled")
BRIEFLY = 50            # milliseconds that SQLite waits for a reader before it gives up
PAUSES = (0.1, 0.2, 0.4, 0.8, 0.0)      # seconds between the tries; readers end meanwhile
KEPT_DAYS = 30          # the time in which somebody may complain


def seal(here: Here, outcome: str) -> Round:
    """The totals and the outcome's digest end the board; the ballots go to the witnesses, or nowhere. Exclusive lock.

    The vote is closed, and counted on the way where its host has not ended the paper before. What stays of a ballot is
    its commitment on the board; `scrub` clears the disk after the commit.

    Raises:
        Refused: as `paper_count.count`, while something of the paper is open.
    """
    destroy_old(here.now)
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state == "closed":
        paper_count.count(here)
    kept = {"figures": queries.figures(vote.gathering_id), "turnout": queries.turnout(vote.gathering_id),
            "papers": paper_queries.boxed(vote)}
    rows = db.session.execute(select(Ballot.nonce, Ballot.choices).where(
        Ballot.round_id == vote.id, Ballot.state == "cast")).all()
    totals = Counter(dict.fromkeys(vote.options, 0))
    totals.update(queries.sums(row.choices for row in rows) + paper_queries.hand_totals(vote.id))
    append(vote, {"kind": "result", "ballots": kept["figures"]["counted"], "totals": dict(totals), "outcome": outcome})
    vote.kept = {**kept, "totals": dict(totals), "until": str(last_day(here.now))}
    vote.told = publishing.opened(vote)
    _lock_away(here, vote, [{"nonce": row.nonce, "choices": row.choices} for row in rows])
    for model in CHOICES:
        db.session.execute(delete(model).where(model.round_id == vote.id))
    # every row anew, in this one transaction: PostgreSQL's rows tell which were written together, and a link and the
    # slip that it became were
    db.session.execute(update(Slip).where(Slip.round_id == vote.id).values(short=None))
    db.session.execute(update(Invitation).where(Invitation.round_id == vote.id).values(used=Invitation.used))
    vote.state = "sealed"
    db.session.flush()
    return vote


def _lock_away(here: Here, vote: Round, opened: Sequence[dict[str, Any]]) -> None:
    """Shuffled, so that nothing tells who came first; without witnesses nobody can open a ballot again."""
    keys = public.recipients(vote)
    if not keys:
        return
    shuffled = list(opened)
    SystemRandom().shuffle(shuffled)
    plain = board.canonical({"form": FORM, "event": here.gathering.code, "round": vote.id, "openings": shuffled})
    locked = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(key) for key in keys])
    db.session.add(Openings(round_id=vote.id, locked=locked, keep_until=last_day(here.now)))


def last_day(moment: datetime) -> date:
    """The day until which complaints are taken and the openings are kept."""
    return moment.date() + timedelta(days=KEPT_DAYS)


def publish(here: Here) -> None:
    """Everybody has seen the whole result of the sealed vote. Exclusive lock; again changes nothing."""
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state == "sealed":
        vote.state = "published"
        ledger.record(Act.RESULT_REVEAL, vote.gathering_id, "vote", role=here.role,
                      actor=here.person.id if here.person else None, now=here.now, state="published", head=vote.head)


def leave_old(vote: Round, moment: datetime) -> None:
    """The ballots of a vote that was sealed before boards ended with a result are destroyed; its figures stay.

    It stays "closed": its board cannot be made one that the verifiers know, so no bundle of it is offered.
    """
    vote.kept = {"figures": queries.figures(vote.gathering_id), "turnout": queries.turnout(vote.gathering_id),
                 "papers": [], "totals": queries.votes(vote.gathering_id)}
    for model in CHOICES:
        db.session.execute(delete(model).where(model.round_id == vote.id))
    vote.scrubbed = False
    ledger.record(Act.RESULT_SEAL, vote.gathering_id, "ballots", now=moment, destroyed=True)
    db.session.flush()


def destroy_old(moment: datetime) -> int:
    """Openings whose day has come are gone, and the record says so; gives how many. Asked at each start and seal."""
    due = db.session.execute(select(Openings, Round).join(Round, Round.id == Openings.round_id).where(
        Openings.locked.is_not(None), Openings.keep_until < moment.date())).all()
    for opening, vote in due:
        opening.locked = None
        vote.scrubbed = False                   # the next `scrub` clears the pages where they lay
        ledger.record(Act.RESULT_SEAL, vote.gathering_id, "openings", now=moment, destroyed=str(opening.keep_until))
    electorate.forget_old(moment)
    db.session.flush()
    return len(due)


def annul(here: Here) -> Round:
    """What one person asked another confirms: the vote does not count, its ballots are destroyed, an empty one stands
    in its place. Exclusive lock.

    Raises:
        Refused: "not_asked"; "second_person" when the one who asked confirms.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    asked = public.asked(vote)
    if asked is None:
        raise Refused("not_asked")
    if here.person is None or asked.asked_by == here.person.id:
        raise Refused("second_person")
    asked.confirmed_by, asked.confirmed_at = here.person.id, here.now
    append(vote, {"kind": "annul", "why": asked.reason})
    for model in (*CHOICES, Openings):
        db.session.execute(delete(model).where(model.round_id == vote.id))
    vote.state, vote.scrubbed, vote.told = "annulled", False, None
    ledger.record(Act.VOTE_ANNUL, vote.gathering_id, "vote", role=here.role, actor=here.person.id, now=here.now,
                  state="annulled", head=vote.head, reason=asked.reason)
    db.session.flush()                          # one vote stands at a time
    voter_names.start_over(vote.gathering_id)   # everybody needs a new slip
    fresh = Round(gathering_id=vote.gathering_id, **{name: getattr(vote, name) for name in RULE})
    db.session.add(fresh)
    db.session.flush()
    db.session.add_all(Witness(round_id=fresh.id, number=one.number, recipient=one.recipient)
                       for one in public.witnesses(vote))
    announce(vote.gathering_id, TURNOUT)
    return vote


def _emptied_round() -> ColumnElement[bool]:
    return or_(Round.state.in_(EMPTIED), Round.kept.is_not(null()))


def scrub() -> bool:
    """Nothing of a sealed vote's ballots is left in free pages or in the log of writes; True when that is so now.

    After the commit, with no transaction open. Where another reader is in the way it stays to be done, and the next
    call does it: after each seal, at each start.
    """
    with db.engine.connect() as connection:
        waiting = connection.scalar(select(Round.id).where(_emptied_round(), ~Round.scrubbed).limit(1))
    if waiting is None:
        return True
    try:
        clean = _rewritten() if db.engine.dialect.name == "sqlite" else _rewritten_there()
    except (DBAPIError, sqlite3.Error):
        clean = False
    if clean:
        with writing(), db.engine.begin() as connection:
            connection.execute(update(Round).where(_emptied_round()).values(scrubbed=True))
    else:
        log.warning("the ballots' pages could not be cleared yet; it is tried again")
    return clean


def clear_names() -> bool:
    """Nothing of a list of names that somebody deleted is left in free pages, or the next `scrub` sees to it."""
    try:
        return _rewritten() if db.engine.dialect.name == "sqlite" else _rewritten_there(VoterName)
    except (DBAPIError, sqlite3.Error):
        log.warning("the pages of a deleted list could not be cleared yet")
        return False


def _rewritten() -> bool:
    """SQLite: every page written anew, the log of writes emptied and cut to nothing.

    While SQLite waits, so does everybody whom this process serves: it is asked several times, and briefly.
    """
    raw = db.engine.raw_connection()
    cursor = raw.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={BRIEFLY}")
        for pause in PAUSES:
            if _emptied(cursor):
                return True
            time.sleep(pause)
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={PRAGMAS['busy_timeout']}")
        raw.close()


def _emptied(cursor: Any) -> bool:
    with writing():
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone()
    return not busy


def _rewritten_there(*models: Any) -> bool:
    """PostgreSQL: the tables in new files; its own log is recycled in time, and must not be archived (docs)."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for model in models or (*CHOICES, Openings, VoterName, Round):      # ballots that were published lie in a round
            connection.execute(text(f"VACUUM FULL {model.__tablename__}"))
        for model in () if models else (Slip, Invitation):      # and no order in which they were drawn or used
            connection.execute(text(f"CLUSTER {model.__tablename__} USING pk_{model.__tablename__}"))
    return True
