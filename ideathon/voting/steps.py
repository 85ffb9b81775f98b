"""How an open vote tells how far it is: in steps of five, so that nobody who watches one tap sees a number move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, literal, select, union_all

from ideathon import ledger
from ideathon.clock import epoch_ms
from ideathon.core.acts import Act
from ideathon.extensions import db
from ideathon.live.outbox import announce

from . import slips
from .models import Ballot, BoardEntry, Invitation, Round, Slip

STEP = 5                # ballots, and entries of the board
TURNOUT = "voting.turnout"

_ballots, _slips, _board, _links = (cast(Table, model.__table__) for model in (Ballot, Slip, BoardEntry, Invitation))
_OF_ROUND = _ballots.c.round_id == bindparam("round")
_SILENT = select(_slips.c.tag).where(
    _slips.c.round_id == bindparam("round"), _slips.c.state == bindparam("state"),
    ~exists().where(_OF_ROUND, _ballots.c.tag == _slips.c.tag)).limit(1)
_STILL = _SILENT.where(_slips.c.tag == bindparam("tag"))
_silent: dict[int, str] = {}        # a slip of each round that had said nothing when it was last looked for
_LINK = select(_links.c.token_hash).where(_links.c.round_id == bindparam("round")).limit(1)
# one statement: between two, a link could be used, and the difference would tell of that one
_SLIPS_AND_LINKS = union_all(
    select(literal("slip"), _slips.c.klass, func.count()).where(
        _slips.c.round_id == bindparam("round"), _slips.c.state == bindparam("state")).group_by(_slips.c.klass),
    select(literal("link"), _links.c.klass, func.count()).where(
        _links.c.round_id == bindparam("round"), _links.c.used).group_by(_links.c.klass))
_DIGEST = select(_board.c.digest).where(_board.c.round_id == bindparam("round"), _board.c.seq == bindparam("seq"))


def below(number: int) -> int:
    """The last step that was reached."""
    return number - number % STEP


@dataclass(frozen=True, slots=True)
class Taken:
    """A vote that was put on the board: its number there, how many slips had voted then, its digest; whether it was the
    slip's first."""

    seq: int
    voted: int
    digest: str
    new: bool


def tell(vote: Round, moment: datetime) -> None:
    """An entry of the board that is no vote: as `tell_each`."""
    tell_each(vote, [Taken(vote.seq, vote.voted, vote.head, new=False)], moment)


def tell_each(vote: Round, taken: Sequence[Taken], moment: datetime) -> None:
    """Slips have voted, or changed their mind: at a step the record and the news say so, between two nothing does.

    So neither the position of the record nor the moment of a message tells of one tap. ``taken`` is in the board's
    order, and its last one is the board's last. The caller holds the round.
    """
    reached = [one for one in taken if _at_step(one)]
    new = [one for one in taken if one.new]
    if new and new[-1] not in reached and _full(vote):      # after the last slip none is new
        reached = sorted([*reached, new[-1]], key=lambda one: one.seq)
    if vote.state == "open":                    # a rehearsal leaves nothing in the record
        digests = {one.seq: one.digest for one in taken}
        marks = {seq: digests.get(seq, "")[:16] or _mark(vote.id, seq) for seq in (below(one.seq) for one in reached)}
        ledger.record_each(Act.BALLOT_CAST, vote.gathering_id, "ballots", now=moment,
                           each=[{"seq": seq, "mark": marks[seq]} for seq in (below(one.seq) for one in reached)])
    if reached:
        announce(vote.gathering_id, TURNOUT)


def _at_step(one: Taken) -> bool:
    return one.seq % STEP == 0 or (one.new and one.voted % STEP == 0)


def tell_link(vote: Round, klass: str, moment: datetime) -> None:
    """A link of this class was used: at a step, as with `tell`, the record and the news say so; the board, on which its
    slip stands, has its own. The caller holds the round."""
    tell(vote, moment)
    if _beyond(vote.id)[klass]:
        return
    _record_links(vote, STEP, moment)
    announce(vote.gathering_id, TURNOUT)


def tell_last_links(vote: Round, moment: datetime) -> None:
    """The vote closes: the record says how many slips came by links after the last step."""
    if rest := _beyond(vote.id).total():
        _record_links(vote, rest, moment)


def _record_links(vote: Round, n: int, moment: datetime) -> None:
    ledger.record(Act.SLIP_PRINT, vote.gathering_id, "slips", now=moment, drawn=n, links=True)


def _beyond(round_id: int) -> Counter[str]:
    """How many links of each class were used since its last step."""
    query = (select(Invitation.klass, func.count()).where(Invitation.round_id == round_id, Invitation.used)
             .group_by(Invitation.klass))
    return Counter({klass: used % STEP for klass, used in db.session.execute(query)})


def slips_and_links(vote: Any, state: str = "issued") -> tuple[Counter[str], Counter[str]]:
    """Slips and used links by class, as they are told: of an open vote without those that came by links since the last
    step. Whoever uses a link votes a moment later, and one number more would tell when a person voted whom a letter
    names; slips drawn by hand are told at once."""
    found: dict[str, Counter[str]] = {"slip": Counter(), "link": Counter()}
    for what, klass, n in db.session.execute(_SLIPS_AND_LINKS, {"round": vote.id, "state": state}):
        found[what][klass] = n
    if vote.state == "open":
        beyond = Counter({klass: n % STEP for klass, n in found["link"].items()})
        return found["slip"] - beyond, found["link"] - beyond
    return found["slip"], found["link"]


def slip_counts(vote: Round) -> dict[str, int]:
    """How many slips are good, and how many void, as they are told at the desk: slips drawn by hand at once."""
    return {**slips.counts(vote), "issued": slips_and_links(vote)[0].total()}


def _full(vote: Any) -> bool:
    """Every good slip has voted: then a number tells no more of the last one than the hall saw. Never where there are
    links: whoever votes by one is not in the hall, and a letter has the name. Where many more have been drawn than have
    voted, none needs to be looked for."""
    if vote.voted * 10 < vote.electorate * 9:
        return False
    kind = "test" if vote.state == "rehearsal" else "issued"
    return not _one_is_silent(vote.id, kind) and (
        kind == "test" or db.session.connection().execute(_LINK, {"round": vote.id}).first() is None)


def _one_is_silent(round_id: int, kind: str) -> bool:
    """Whether a good slip has said nothing. The one that was found last is asked first: near the end of a large vote a
    search passes by all that have voted, and every vote needs the answer."""
    held, asked = db.session.connection(), {"round": round_id, "state": kind}
    found = (held.scalar(_STILL, {**asked, "tag": _silent.get(round_id, "")}) or held.scalar(_SILENT, asked))
    _silent[round_id] = found or ""
    return found is not None


def _mark(round_id: int, seq: int) -> str:
    return (db.session.connection().scalar(_DIGEST, {"round": round_id, "seq": seq}) or "")[:16]


def turnout(gathering_id: int) -> dict[str, Any] | None:
    """How many slips have voted, of how many, and ballots on paper; all that anybody hears of an open vote.

    While it is open in steps: ``least`` says that there may be more than ``cast``, ``few`` that the first step was not
    reached. ``seq`` and ``mark`` are of the board at its last step; ``round`` is its number in the opening entry.
    """
    query = select(Round.id, Round.state, Round.closes_at, Round.seq, Round.voted, Round.electorate,
                   Round.kept["turnout"].label("kept")).where(
        Round.gathering_id == gathering_id, Round.state != "annulled")
    vote = db.session.execute(query).first()
    if vote is None or vote.kept:
        return vote and dict(vote.kept)
    count = select(func.count()).where(Ballot.round_id == vote.id)
    told = _told(vote, vote.voted, db.session.scalar(count) - vote.voted)
    kind = "test" if vote.state == "rehearsal" else "issued"
    issued, _links_told = slips_and_links(vote, kind)
    return told | {"issued": issued.total(), "state": vote.state, "round": vote.id,
                   "closes_at": epoch_ms(vote.closes_at)}


def _told(vote: Any, cast_: int, paper: int) -> dict[str, Any]:
    live = vote.state in slips.TAKING
    exact = not live or (cast_ > 0 and _full(vote))
    seq = below(vote.seq) if live else vote.seq
    told = cast_ if exact else below(cast_)
    return {"cast": told, "least": not exact and told > 0, "few": not exact and not told,
            "paper": below(paper) if live else paper, "seq": seq,
            "mark": "" if vote.state == "rehearsal" else _mark(vote.id, seq)}
