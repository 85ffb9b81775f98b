"""The verbs of the vote. Everything that touches the board holds the round's row; the gathering's lock comes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from ideathon import ledger
from ideathon.core import ballots
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import codes, public, queries, steps
from .models import Annulment, Round, Slip, Witness
from .queries import Receipt
from .steps import TURNOUT
from .urn import BALLOT, ENTRY, Kept, Urn, Word, moved, put, put_head


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
    """As `cast_all`, of one slip.

    Raises:
        Refused: as `Urn.take`.
    """
    (got,) = cast_all(vote, [Word(tag, choices, key, expect)], here.now)
    if isinstance(got, Refused):
        raise got
    return got


def cast_all(vote: Round, words: Sequence[Word], now: datetime) -> list[Receipt | Refused]:
    """Each slip's choice is on the board and counts, an earlier one is overwritten; or why not, and nothing of it is
    stored. In the order given. Shared lock, then the round's row."""
    urn = Urn(vote, words)
    got: list[Receipt | Refused] = []
    for word in words:
        try:
            got.append(urn.take(word))
        except Refused as why:
            got.append(why)
    urn.write(minute(now))
    return got


def append(vote: Round, entry: dict[str, Any]) -> None:
    """One more entry that is no vote, numbered and chained; the caller holds the round."""
    head = moved(vote, entry, new=False)
    put(ENTRY, [{"round_id": vote.id, "seq": vote.seq, "entry": entry, "digest": head}])
    put_head(vote)


def keep(vote: Round, tag: str, choices: Kept, nonce: str, *, channel: str, place: str = "online",
         state: str = "cast", void_reason: str = "", shown: Sequence[str] | None = None) -> None:
    """The one word of a paper ballot; it is of the class that its slip is of."""
    put(BALLOT, [{"round_id": vote.id, "tag": tag, "choices": choices, "nonce": nonce, "seq": vote.seq,
                  "channel": channel, "place": place, "state": state, "void_reason": void_reason, "shown": shown,
                  "b_slip": tag}])


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
