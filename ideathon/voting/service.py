"""The verbs of the vote. Everything that touches the board holds the round's row; the gathering's lock comes first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ideathon import ledger
from ideathon.core import ballots
from ideathon.core.acts import Act
from ideathon.core.stages import Kind
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import board, codes, queries
from .models import Ballot, BoardEntry, CastKey, Round, Slip
from .queries import Receipt

TURNOUT = "voting.turnout"


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
    if vote.state == "closed":
        raise Refused("vote_closed")
    if vote.state == "draft":
        _freeze(here, vote)
    vote.closes_at = closes_at
    _told(here, vote)
    return vote


def close_round(here: Here) -> str:
    """The vote is closed and takes nothing more; gives the board's head, the same one for ever. Exclusive lock."""
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state == "open":
        _append(vote, {"kind": "close"})
        vote.state, vote.closed_at = "closed", here.now
        ledger.record(Act.STAGE_MOVE, here.gathering.id, "vote", role=here.role, actor=_actor(here), now=here.now,
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


def draw_slips(vote: Round, n: int, by: Here | None = None) -> list[str]:
    """``n`` more slips can vote; gives their codes, which are kept nowhere. Shared lock, then the round's row.

    Slips drawn while the vote is open are put on the board, so that nobody can add some unseen.

    Raises:
        Refused: "vote_closed".
    """
    vote = queries.round_of(vote.gathering_id, lock=True)
    if vote.state == "closed":
        raise Refused("vote_closed")
    drawn = {codes.tag_of(vote.id, code): code for code in (codes.draw() for _ in range(n))}
    db.session.add_all(Slip(tag=tag, round_id=vote.id) for tag in sorted(drawn))    # not in the order of the sheet
    db.session.flush()
    if vote.state == "open":
        _append(vote, {"kind": "slips", "tags": sorted(drawn)})
    ledger.record(Act.SLIP_PRINT, vote.gathering_id, "slips", role=by.role if by else "", actor=_actor(by),
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
    if earlier := queries.receipt_for_key(vote, key_id):
        return earlier
    held = queries.ballot(vote, tag)
    if expect != (held.seq if held else 0):
        raise Changed("changed_elsewhere")
    nonce, kept = secrets.token_hex(32), _well_formed(vote, choices)
    _append(vote, {"kind": "vote", "tag": tag, "commit": _commit(vote, nonce, kept)})
    _keep(vote, held, tag=tag, choices=kept, nonce=nonce, channel="phone")
    db.session.add(CastKey(id=key_id, round_id=vote.id, tag=tag, key=key, seq=vote.seq))
    ledger.record(Act.BALLOT_CAST, vote.gathering_id, "ballot", now=_minute(here.now))
    if held is None:
        announce(vote.gathering_id, TURNOUT)
    return Receipt(vote.seq, vote.head[:16])


def enter_paper(here: Here, serial: str, place: str, choices: Sequence[str], *, channel: str = "paper",
                void_reason: str = "") -> Ballot:
    """One paper ballot is in the box, counted or void. Exclusive lock.

    Raises:
        Refused: "serial_taken".  NotABallot: the choices do not count, and no reason says that it is void.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    tag = f"{queries.PAPER}{serial}"
    if queries.ballot(vote, tag) is not None:
        raise Refused("serial_taken")
    kept = sorted(choices) if void_reason else _well_formed(vote, choices)
    nonce = secrets.token_hex(32)
    what = {"void": void_reason} if void_reason else {"commit": _commit(vote, nonce, kept)}
    _append(vote, {"kind": "paper", "tag": tag, **what})
    entered = _keep(vote, None, tag=tag, choices=kept, nonce=nonce, channel=channel, place=place,
                    state="void" if void_reason else "cast", void_reason=void_reason)
    ledger.record(Act.BALLOT_ENTER, vote.gathering_id, "ballot", role=here.role, actor=_actor(here),
                  now=_minute(here.now), channel=channel, place=place, void=void_reason)
    announce(vote.gathering_id, TURNOUT)
    return entered


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
    opening = {"kind": "open", "form": "ideathon-board-1", "event": here.gathering.code, "round": vote.id,
               "method": vote.method, "min_choices": vote.min_choices, "max_choices": vote.max_choices,
               "options": vote.options, "slips": {"count": len(tags), "list": board.list_hash(tags)}}
    vote.rules_hash = vote.head = board.genesis(opening)
    vote.seq, vote.state, vote.opened_at = 0, "open", here.now
    db.session.add(BoardEntry(round_id=vote.id, seq=0, entry=opening, digest=vote.head))
    ledger.record(Act.STAGE_MOVE, here.gathering.id, "vote", role=here.role, actor=_actor(here), now=here.now,
                  state="open", rules=vote.rules_hash)


def _append(vote: Round, entry: dict[str, Any]) -> None:
    """One more entry, numbered and chained; the caller holds the round's row."""
    vote.seq += 1
    vote.head = board.link(vote.head, entry)
    db.session.add(BoardEntry(round_id=vote.id, seq=vote.seq, entry=entry, digest=vote.head))


def _keep(vote: Round, held: Ballot | None, **said: Any) -> Ballot:
    """The slip's or serial's present word; an earlier one is overwritten in its own row (standard 25)."""
    ballot = held or Ballot(round_id=vote.id)
    for name, value in said.items():
        setattr(ballot, name, value)
    ballot.seq = vote.seq
    db.session.add(ballot)
    return ballot


def _well_formed(vote: Round, choices: Sequence[str]) -> list[str]:
    form = queries.ballot_form(vote)
    if problems := ballots.check(form, choices):
        raise NotABallot(problems)
    return list(ballots.canonical(form, choices))


def _commit(vote: Round, nonce: str, choices: Sequence[str]) -> str:
    return board.commitment(nonce, ballots.canonical_bytes(queries.ballot_form(vote), choices))


def _minute(moment: datetime) -> datetime:
    """A ballot's time is cut to the minute, so that no list of taps can be laid beside it."""
    return moment.replace(second=0, microsecond=0)


def _actor(here: Here | None) -> int | None:
    return here.person.id if here and here.person else None


def _told(here: Here, vote: Round) -> None:
    db.session.flush()
    announce(here.gathering.id, TURNOUT)
