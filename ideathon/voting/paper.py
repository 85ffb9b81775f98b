"""The verbs of ballots on paper: each is read by two people, alone; what both say, or what is settled, is in the box.

Every verb counts on the gathering's exclusive lock, then on the round's row.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.live.outbox import announce

from . import codes, paper_queries, queries, service, slips, urn
from .models import Round
from .paper_models import PaperEntry
from .paper_queries import BY_PHONE, PAPER, Step


@dataclass(frozen=True, slots=True)
class Reading:
    """What one person reads from one paper. What is marked on a void one is kept nowhere."""

    place: str
    choices: service.Kept
    channel: str = "paper"
    void_reason: str = ""


def taking(here: Here) -> Round:
    """The vote, held, while paper can be entered.

    Raises:
        Refused: "vote_not_open" before the opening; "count_done" after the count.
    """
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state not in paper_queries.TAKES:
        raise Refused("count_done" if vote.state in queries.OVER else "vote_not_open")
    return vote


def reader(here: Here) -> int:
    """The number of the person at the desk.

    Raises:
        Refused: "same_person" for nobody: two that nobody knows could be one.
    """
    if here.person is None:
        raise Refused("same_person")
    return here.person.id


def tag_of(vote: Round, written: str) -> str:
    """The ballot's name: of the slip whose code is written on it, or of its serial.

    Raises:
        Refused: "unknown_slip" when it looks like a slip's code and no good slip has it.
    """
    if codes.read(written) is None:
        return PAPER + written.upper()
    tag = slips.behind(vote, written)
    if tag is None:
        raise Refused("unknown_slip")
    return tag


def enter(here: Here, tag: str, reading: Reading) -> Step:
    """One person's reading stands; with the second that says the same the ballot is in the box. Gives where it is now.

    Raises:
        Refused: as `taking`; "serial_taken", "entered_twice", "same_person", "unknown_slip"; "slip_by_phone" when the
            slip voted by phone and the reading says anything else; "slip_not_by_phone".  urn.NotABallot: it does
            not count.
    """
    vote = taking(here)
    reading, earlier = _sound(vote, tag, reading), paper_queries.entries(vote, tag)
    if len(earlier) == 2:
        raise Refused("entered_twice")
    if earlier and earlier[0].by_id == reader(here):
        raise Refused("same_person")
    mine = PaperEntry(round_id=vote.id, tag=tag, number=len(earlier) + 1, by_id=reader(here), place=reading.place,
                      channel=reading.channel, choices=reading.choices, void_reason=reading.void_reason)
    db.session.add(mine)
    step = _met(here, vote, earlier[0], mine) if earlier else Step.WAITING
    _record(here, Act.BALLOT_ENTER, reading=mine.number, step=step)
    db.session.flush()
    return step


def _sound(vote: Round, tag: str, reading: Reading) -> Reading:
    """The reading in the one form in which it is kept and compared."""
    channel = paper_queries.channel_of(vote, tag)
    if channel not in (None, "phone"):
        raise Refused("serial_taken")
    if not tag.startswith(PAPER) and slips.state_of(vote, tag) is None:   # made void since somebody read its paper
        raise Refused("unknown_slip")
    if (channel == "phone") != (reading.void_reason == BY_PHONE):
        raise Refused("slip_by_phone" if channel else "slip_not_by_phone")
    kept = [] if reading.void_reason else urn.well_formed(vote, reading.choices)
    return replace(reading, place=paper_queries.spelled(vote, reading.place), choices=kept)


def _met(here: Here, vote: Round, first: PaperEntry, second: PaperEntry) -> Step:
    if second.void_reason == BY_PHONE:
        _put_aside((first, second))
        return Step.ASIDE
    if _of(first) != _of(second):
        return Step.DIFFERS
    _into_box(here, vote, second.tag, _of(second))
    return Step.BOX


def _of(entry: PaperEntry) -> Reading:
    return Reading(entry.place, entry.choices, entry.channel, entry.void_reason)


def _put_aside(readings: Sequence[PaperEntry]) -> None:
    """The slip's word is the phone's: what its paper says is kept nowhere, and the board does not hear of it."""
    for one in readings:
        one.choices, one.void_reason, one.place = [], BY_PHONE, readings[-1].place


def _into_box(here: Here, vote: Round, tag: str, reading: Reading) -> None:
    nonce, void = secrets.token_hex(32), reading.void_reason
    what = {"void": void} if void else {"commit": urn.commitment(vote, nonce, reading.choices)}
    service.append(vote, {"kind": "paper", "tag": tag, "place": reading.place, **what})
    service.keep(vote, tag, reading.choices, nonce, channel=reading.channel, place=reading.place,
                 state="void" if void else "cast", void_reason=void)
    announce(here.gathering.id, service.TURNOUT)


def settle(here: Here, tag: str, reading: Reading) -> Step:
    """Two readings differed; somebody looked at the paper, and this is what it says. The record says who.

    Raises:
        Refused: as `enter`; "nothing_to_settle".
    """
    vote = taking(here)
    readings = paper_queries.entries(vote, tag)
    if len(readings) < 2 or all(one.void_reason == BY_PHONE for one in readings):
        raise Refused("nothing_to_settle")
    sound = _sound(vote, tag, reading)
    if sound.void_reason == BY_PHONE:
        readings[-1].place = sound.place
        _put_aside(readings)
    else:
        _into_box(here, vote, tag, sound)
    step = Step.ASIDE if sound.void_reason == BY_PHONE else Step.BOX
    _record(here, Act.PAPER_SETTLE, step=step)
    db.session.flush()
    return step


def take_back(here: Here, tag: str, *, anybodys: bool = False) -> None:
    """A reading that waits is gone, as when its serial was mistyped: one's own, or with ``anybodys`` whatever stands
    outside the box under this serial.

    Raises:
        Refused: as `taking`; "not_waiting".
    """
    vote = taking(here)
    readings = paper_queries.entries(vote, tag)
    own = len(readings) == 1 and readings[0].by_id == reader(here)
    if not readings or not (own or anybodys) or paper_queries.channel_of(vote, tag) not in (None, "phone"):
        raise Refused("not_waiting")
    db.session.execute(delete(PaperEntry).where(PaperEntry.round_id == vote.id, PaperEntry.tag == tag))
    _record(here, Act.PAPER_SETTLE if anybodys else Act.BALLOT_ENTER, taken_back=len(readings))


def _record(here: Here, act: Act, **facts: str | int) -> None:
    """Who did what to one ballot: not which it was, and nothing of what it says."""
    ledger.record(act, here.gathering.id, "ballot", role=here.role, actor=reader(here), now=service.minute(here.now),
                  **facts)
