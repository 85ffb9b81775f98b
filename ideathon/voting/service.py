"""The verbs of the vote. Everything that touches the board holds the round's row; the gathering's lock comes first."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast as cast_to

from flask import current_app
from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from ideathon import ledger
from ideathon.core import ballots
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import board, codes, paper_queries, public, queries, slips, steps
from .models import Annulment, Ballot, BoardEntry, CastKey, Round, Slip, Witness
from .queries import Receipt
from .steps import TURNOUT

Kept = list[str] | dict[str, int]
"""A ballot as it is stored."""

# Every vote runs these: built once, and past the ORM, they cost a third of what they would
_ENTRY, _KEY, _BALLOT = (insert(cast_to(Table, model.__table__)).inline() for model in (BoardEntry, CastKey, Ballot))
_KLASS = select(Slip.klass).where(Slip.tag == bindparam("b_slip")).scalar_subquery()
_BALLOT = _BALLOT.values(klass=func.coalesce(_KLASS, ""))
_CHANGE = (update(_BALLOT.table).where(_BALLOT.table.c.round_id == bindparam("b_round"),
                                       _BALLOT.table.c.tag == bindparam("b_tag"))
           .values(**{name: bindparam(name) for name in ("choices", "nonce", "seq", "shown")}))
_HEAD = (update(cast_to(Table, Round.__table__)).where(Round.__table__.c.id == bindparam("b_round"))
         .values(**{name: bindparam(name) for name in ("seq", "head", "voted")}))


class Changed(Refused):
    """The slip says something newer than the sender saw: ask, never overwrite."""

    status = 412


class NotABallot(Refused):
    """The choices do not form a ballot; ``problems`` says why."""

    status = 422

    def __init__(self, problems: Sequence[ballots.Problem]) -> None:
        super().__init__("not_a_ballot")
        self.problems = tuple(problems)


def set_witness(here: Here, number: int, recipient: str) -> None:
    """Who holds the key to this lock opens the ballots after the seal; an earlier one of the number no more. Exclusive.

    Raises:
        Refused: "vote_fixed" when the vote was opened before.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state not in ("draft", "rehearsal"):
        raise Refused("vote_fixed")
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


def draw_slips(vote: Round, n: int, by: Here | None = None, *, klass: str = "", test: bool = False) -> list[str]:
    """``n`` more slips can vote; gives their codes, which are kept nowhere. Shared lock, then the round's row.

    Slips drawn while the vote is open are put on the board, so that nobody can add some unseen. ``test`` slips vote in
    the rehearsal that runs, and are gone with it.

    Raises:
        Refused: "no_more_slips" when the vote has closed; "no_rehearsal"; "no_such_class".
    """
    vote = queries.round_of(vote.gathering_id, lock=True)
    if vote.state in queries.OVER:
        raise Refused("no_more_slips")
    if test and vote.state != "rehearsal":
        raise Refused("no_rehearsal")
    if klass and klass not in {one["ref"] for one in vote.classes}:
        raise Refused("no_such_class")
    drawn = [codes.draw() for _ in range(n)]
    _add_slips(vote, drawn, klass, test=test)
    ledger.record(Act.SLIP_PRINT, vote.gathering_id, "slips", role=by.role if by else "", actor=actor(by),
                  now=by.now if by else None, drawn=n, **({"test": True} if test else {}))
    announce(vote.gathering_id, TURNOUT)
    return drawn


def slip_for_link(vote: Round, code: str, klass: str, by: Here) -> None:
    """A link has become the slip with this code. On the board at once, told in steps. Shared lock, the round's row.

    Raises:
        Refused: "no_more_slips" when the vote has closed.
    """
    vote = queries.round_of(vote.gathering_id, lock=True)
    if vote.state in queries.OVER:
        raise Refused("no_more_slips")
    _add_slips(vote, [code], klass)
    steps.tell_link(vote, klass, minute(by.now))


def _add_slips(vote: Round, drawn: Sequence[str], klass: str, *, test: bool = False) -> None:
    by_tag = {codes.tag_of(vote.id, code): code for code in drawn}
    secret = current_app.secret_key or ""
    db.session.add_all(                                                 # not in the order of the sheet
        Slip(tag=tag, round_id=vote.id, klass=klass, state="test" if test else "issued",
             short=codes.lock_of(vote.id, codes.short(by_tag[tag]), secret)) for tag in sorted(by_tag))
    db.session.flush()
    if vote.state == "open":
        append(vote, {"kind": "slips", "tags": sorted(by_tag), **({"class": klass} if klass else {})})


def cast(here: Here, vote: Round, tag: str, choices: ballots.Choices, *, key: str, expect: int) -> Receipt:
    """The slip's choice is on the board and counts; an earlier one is overwritten. Shared lock, then the round's row.

    The same ``key`` gets the same receipt for ever and changes nothing. ``expect`` is the number of the vote that the
    sender saw as the slip's present one, 0 for none.

    Raises:
        Refused: "vote_closed"; "voted_on_paper"; "voted_already" where a vote cannot be changed.
        Changed: another phone was quicker.  NotABallot: too many, too few, unknown, twice.
    """
    if vote.state not in slips.TAKING:
        raise Refused("vote_closed")
    key_id = hashlib.sha256(f"{vote.id}\n{tag}\n{key}".encode()).hexdigest()
    held, earlier = queries.stands(vote, tag, key_id)
    if earlier:
        return earlier
    if held and paper_queries.channel_of(vote, tag) != "phone":
        raise Refused("voted_on_paper")
    if held and not vote.revote:
        raise Refused("voted_already")
    if expect != held:
        raise Changed("changed_elsewhere")
    shown = queries.order_for(vote, tag) if vote.shuffled else None
    nonce, kept = secrets.token_hex(32), well_formed(vote, choices)
    append(vote, {"kind": "vote", "tag": tag, "commit": commitment(vote, nonce, kept)}, new=not held)
    if held:        # the slip's earlier word is overwritten in its own row (standard 25)
        _put(_CHANGE, b_round=vote.id, b_tag=tag, choices=kept, nonce=nonce, seq=vote.seq, shown=shown)
    else:
        keep(vote, tag, kept, nonce, channel="phone", shown=shown)
    _put(_KEY, id=key_id, round_id=vote.id, tag=tag, key=key, seq=vote.seq)
    steps.tell(vote, minute(here.now), new=not held)
    return Receipt(vote.seq, vote.head[:16])


def append(vote: Round, entry: dict[str, Any], *, new: bool = False) -> None:
    """One more entry, numbered and chained, the ``new`` vote of a slip or another one; the caller holds the round."""
    moved = {"seq": vote.seq + 1, "head": board.link(vote.head, entry), "voted": vote.voted + new}
    _put(_ENTRY, round_id=vote.id, seq=moved["seq"], entry=entry, digest=moved["head"])
    _put(_HEAD, b_round=vote.id, **moved)
    for name, value in moved.items():
        set_committed_value(vote, name, value)


def keep(vote: Round, tag: str, choices: Kept, nonce: str, *, channel: str, place: str = "online",
         state: str = "cast", void_reason: str = "", shown: Sequence[str] | None = None) -> None:
    """The first word of a slip, or the one word of a paper ballot; it is of the class that its slip is of."""
    _put(_BALLOT, round_id=vote.id, tag=tag, choices=choices, nonce=nonce, seq=vote.seq, channel=channel,
         place=place, state=state, void_reason=void_reason, shown=shown, b_slip=tag)


def _put(statement: Any, **values: Any) -> None:
    db.session.connection().execute(statement, values)


def well_formed(vote: Round, choices: ballots.Choices) -> Kept:
    """The choices as they are stored: names in order, or marks by name where an idea may have a star.

    Raises:
        NotABallot: they do not count.
    """
    form = queries.ballot_form(vote)
    if problems := ballots.check(form, choices):
        raise NotABallot(problems)
    kept = ballots.canonical(form, choices)
    return cast_to(Kept, kept) if isinstance(kept, dict) else list(kept)


def commitment(vote: Round, nonce: str, choices: Kept) -> str:
    """What the board shows of the ballot."""
    return board.commitment(nonce, ballots.canonical_bytes(queries.ballot_form(vote), choices))


def minute(moment: datetime) -> datetime:
    """A ballot's time is cut to the minute, so that no list of taps can be laid beside it."""
    return moment.replace(second=0, microsecond=0)


def actor(here: Here | None) -> int | None:
    """The number of the person who acts, for the record."""
    return here.person.id if here and here.person else None


def told(here: Here) -> None:
    """The hall hears of it after the commit."""
    db.session.flush()
    announce(here.gathering.id, TURNOUT)
