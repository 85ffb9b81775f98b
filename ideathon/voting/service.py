"""The verbs of the vote. Everything that touches the board holds the round's row; the gathering's lock comes first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast as cast_to

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm.attributes import set_committed_value

from ideathon import ledger
from ideathon.core import ballots
from ideathon.core.acts import Act
from ideathon.core.stages import Kind
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import board, codes, public, queries
from .models import Annulment, Ballot, BoardEntry, CastKey, Round, Slip, Witness
from .queries import Receipt

TURNOUT = "voting.turnout"

# Every vote runs these: built once, and past the ORM, they cost a third of what they would
_ENTRY, _KEY, _BALLOT = (insert(cast_to(Table, model.__table__)).inline() for model in (BoardEntry, CastKey, Ballot))
_CHANGE = (update(_BALLOT.table).where(_BALLOT.table.c.round_id == bindparam("b_round"),
                                       _BALLOT.table.c.tag == bindparam("b_tag"))
           .values(choices=bindparam("choices"), nonce=bindparam("nonce"), seq=bindparam("seq")))
_HEAD = (update(cast_to(Table, Round.__table__)).where(Round.__table__.c.id == bindparam("b_round"))
         .values(seq=bindparam("seq"), head=bindparam("head")))


class Changed(Refused):
    """The slip says something newer than the sender saw: ask, never overwrite."""

    status = 412


class NotABallot(Refused):
    """The choices do not form a ballot; ``problems`` says why."""

    status = 422

    def __init__(self, problems: Sequence[ballots.Problem]) -> None:
        super().__init__("not_a_ballot")
        self.problems = tuple(problems)


def open_round(here: Here, closes_at: datetime | None) -> Round:
    """The vote stands open until ``closes_at``; options, rules and slips are frozen and hashed. Exclusive lock.

    Raises:
        Refused: "vote_closed" when it was closed before; "no_options" when there is nothing to choose from.
    """
    vote = _round_for(here)
    if vote.state in queries.OVER:
        raise Refused("vote_closed")
    if vote.state == "draft":
        _freeze(here, vote)
    vote.closes_at = closes_at
    _told(here, vote)
    return vote


def is_ahead(here: Here) -> bool:
    """Whether the vote that stands was not opened yet. Exclusive lock."""
    return queries.round_of(here.gathering.id, lock=True).state == "draft"


def close_round(here: Here) -> str:
    """The vote is closed and takes nothing more; gives the board's head, the same one for ever. Exclusive lock."""
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state == "open":
        append(vote, {"kind": "close"})
        vote.state, vote.closed_at = "closed", here.now
        ledger.record(Act.STAGE_MOVE, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now,
                      state="closed", head=vote.head)
        _told(here, vote)
    return vote.head


def follow_clock(here: Here) -> None:
    """An open vote ends when the running stage does; while that is paused it has no end. Exclusive lock."""
    try:
        vote = queries.round_of(here.gathering.id, lock=True)
    except NotFound:
        return
    stage = here.gathering.current_stage
    if vote.state == "open" and stage is not None and stage.kind == Kind.VOTE:
        vote.closes_at = stage.ends_at
        _told(here, vote)


def set_witness(here: Here, number: int, recipient: str) -> None:
    """Who holds the key to this lock opens the ballots after the seal; an earlier one of the number no more. Exclusive.

    Raises:
        Refused: "vote_closed" when the vote was opened before.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state != "draft":
        raise Refused("vote_closed")
    db.session.merge(Witness(round_id=vote.id, number=number, recipient=recipient))
    ledger.record(Act.WITNESS_SET, vote.gathering_id, f"witness:{number}", role=here.role, actor=actor(here),
                  now=here.now, recipient=recipient)


def ask_annul(here: Here, reason: str) -> None:
    """One person asks that the vote be annulled; an earlier question is written over. Exclusive lock."""
    vote = queries.round_of(here.gathering.id, lock=True)
    person = here.person
    if person is None:
        raise Refused("second_person")
    db.session.merge(Annulment(round_id=vote.id, reason=reason, asked_by=person.id, asked_at=here.now))
    ledger.record(Act.VOTE_ANNUL, vote.gathering_id, "vote", role=here.role, actor=person.id, now=here.now,
                  asked=True, reason=reason)


def drop_annul(here: Here) -> None:
    """The question is taken back. Exclusive lock.

    Raises:
        Refused: "not_asked".
    """
    asked = public.asked(queries.round_of(here.gathering.id, lock=True))
    if asked is None:
        raise Refused("not_asked")
    db.session.delete(asked)
    ledger.record(Act.VOTE_ANNUL, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now,
                  asked=False)


def draw_slips(vote: Round, n: int, by: Here | None = None) -> list[str]:
    """``n`` more slips can vote; gives their codes, which are kept nowhere. Shared lock, then the round's row.

    Slips drawn while the vote is open are put on the board, so that nobody can add some unseen.

    Raises:
        Refused: "no_more_slips" when the vote has closed.
    """
    vote = queries.round_of(vote.gathering_id, lock=True)
    if vote.state in queries.OVER:
        raise Refused("no_more_slips")
    drawn = {codes.tag_of(vote.id, code): code for code in (codes.draw() for _ in range(n))}
    db.session.add_all(Slip(tag=tag, round_id=vote.id) for tag in sorted(drawn))    # not in the order of the sheet
    db.session.flush()
    if vote.state == "open":
        append(vote, {"kind": "slips", "tags": sorted(drawn)})
    ledger.record(Act.SLIP_PRINT, vote.gathering_id, "slips", role=by.role if by else "", actor=actor(by),
                  now=by.now if by else None, drawn=n)
    announce(vote.gathering_id, TURNOUT)
    return list(drawn.values())


def cast(here: Here, vote: Round, tag: str, choices: Sequence[str], *, key: str, expect: int) -> Receipt:
    """The slip's choice is on the board and counts; an earlier one is overwritten. Shared lock, then the round's row.

    The same ``key`` gets the same receipt for ever and changes nothing. ``expect`` is the number of the vote that the
    sender saw as the slip's present one, 0 for none.

    Raises:
        Refused: "vote_closed".  Changed: another phone was quicker.  NotABallot: too many, too few, unknown, twice.
    """
    if vote.state != "open":
        raise Refused("vote_closed")
    key_id = hashlib.sha256(f"{vote.id}\n{tag}\n{key}".encode()).hexdigest()
    held, earlier = queries.stands(vote, tag, key_id)
    if earlier:
        return earlier
    if expect != held:
        raise Changed("changed_elsewhere")
    nonce, kept = secrets.token_hex(32), well_formed(vote, choices)
    append(vote, {"kind": "vote", "tag": tag, "commit": commitment(vote, nonce, kept)})
    if held:        # the slip's earlier word is overwritten in its own row (standard 25)
        _put(_CHANGE, b_round=vote.id, b_tag=tag, choices=kept, nonce=nonce, seq=vote.seq)
    else:
        keep(vote, tag, kept, nonce, channel="phone")
    _put(_KEY, id=key_id, round_id=vote.id, tag=tag, key=key, seq=vote.seq)
    ledger.record(Act.BALLOT_CAST, vote.gathering_id, "ballot", now=minute(here.now))
    if not held:
        announce(vote.gathering_id, TURNOUT)
    return Receipt(vote.seq, vote.head[:16])


def _round_for(here: Here) -> Round:
    try:
        return queries.round_of(here.gathering.id, lock=True)
    except NotFound:
        vote = Round(gathering_id=here.gathering.id)
        db.session.add(vote)
        db.session.flush()
        return vote


def _freeze(here: Here, vote: Round) -> None:
    vote.options = queries.offered(here.gathering.id)
    if not vote.options:
        raise Refused("no_options")
    tags = queries.slip_tags(vote)
    opening = {"kind": "open", "form": "ideathon-board-2", "event": here.gathering.code, "round": vote.id,
               "method": vote.method, "min_choices": vote.min_choices, "max_choices": vote.max_choices,
               "options": vote.options, "slips": {"count": len(tags), "list": board.list_hash(tags)},
               "witnesses": public.recipients(vote)}
    vote.rules_hash = vote.head = board.genesis(opening)
    vote.seq, vote.state, vote.opened_at = 0, "open", here.now
    db.session.add(BoardEntry(round_id=vote.id, seq=0, entry=opening, digest=vote.head))
    ledger.record(Act.STAGE_MOVE, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now,
                  state="open", rules=vote.rules_hash)


def append(vote: Round, entry: dict[str, Any]) -> None:
    """One more entry, numbered and chained; the caller holds the round's row."""
    seq, head = vote.seq + 1, board.link(vote.head, entry)
    _put(_ENTRY, round_id=vote.id, seq=seq, entry=entry, digest=head)
    _put(_HEAD, b_round=vote.id, seq=seq, head=head)
    set_committed_value(vote, "seq", seq)
    set_committed_value(vote, "head", head)


def keep(vote: Round, tag: str, choices: Sequence[str], nonce: str, *, channel: str, place: str = "online",
          state: str = "cast", void_reason: str = "") -> None:
    """The first word of a slip, or the one word of a paper ballot."""
    _put(_BALLOT, round_id=vote.id, tag=tag, choices=list(choices), nonce=nonce, seq=vote.seq, channel=channel,
         place=place, state=state, void_reason=void_reason)


def _put(statement: Any, **values: Any) -> None:
    db.session.connection().execute(statement, values)


def well_formed(vote: Round, choices: Sequence[str]) -> list[str]:
    form = queries.ballot_form(vote)
    if problems := ballots.check(form, choices):
        raise NotABallot(problems)
    return list(ballots.canonical(form, choices))


def commitment(vote: Round, nonce: str, choices: Sequence[str]) -> str:
    return board.commitment(nonce, ballots.canonical_bytes(queries.ballot_form(vote), choices))


def minute(moment: datetime) -> datetime:
    """A ballot's time is cut to the minute, so that no list of taps can be laid beside it."""
    return moment.replace(second=0, microsecond=0)


def actor(here: Here | None) -> int | None:
    return here.person.id if here and here.person else None


def _told(here: Here, vote: Round) -> None:
    db.session.flush()
    announce(here.gathering.id, TURNOUT)
