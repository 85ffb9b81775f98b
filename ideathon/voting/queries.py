"""Reading the vote: the round, its slips and ballots, turnout. Counts per idea are read by the seal alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from ideathon.clock import epoch_ms
from ideathon.core.ballots import BallotForm
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas import queries as ideas
from ideathon.ideas.models import Idea

from . import codes, phrase as phrases
from .models import Ballot, BoardEntry, CastKey, Round, Slip

PAPER = "paper:"
GONE = ("withdrawn", "hidden")


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a vote stands on the board, and where; never what it says."""

    seq: int
    mark: str       # the first 16 hex digits of the board's head


def round_of(gathering_id: int, *, lock: bool = False) -> Round:
    """The round of a gathering; with ``lock`` its row is held and fresh.

    Raises:
        NotFound: the gathering has no vote.
    """
    query = select(Round).where(Round.gathering_id == gathering_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("not_found")
    return found


def standing(state: str, closes_at: datetime | None, now: datetime) -> dict[str, Any]:
    """What a seat needs to know of a round. No hour (the clock is paused) means that it has not struck."""
    return {"round_open": state == "open", "in_time": state == "open" and (closes_at is None or now < closes_at),
            "round_over": state == "closed"}


def facts(gathering: Gathering, now: datetime) -> dict[str, Any]:
    """The round's facts for every seat of a gathering."""
    found = db.session.execute(select(Round.state, Round.closes_at).where(Round.gathering_id == gathering.id)).first()
    return standing(found.state, found.closes_at, now) if found else {}


def round_behind(code: str) -> tuple[int, str] | None:
    """(gathering, tag) of the round that a code is a slip of; None when there is none, or the slip is void."""
    every = db.session.execute(select(Round.id, Round.gathering_id))
    rounds = {codes.tag_of(number, code): gathering_id for number, gathering_id in every}
    tag = db.session.scalar(select(Slip.tag).where(Slip.tag.in_(rounds), Slip.state == "issued"))
    return None if tag is None else (rounds[tag], tag)


def is_issued(tag: str) -> bool:
    """Whether a slip is good."""
    return db.session.scalar(select(Slip.state).where(Slip.tag == tag)) == "issued"


def ballot(vote: Round, tag: str) -> Ballot | None:
    """What a slip or a serial says at present."""
    query = select(Ballot).where(Ballot.round_id == vote.id, Ballot.tag == tag)
    return db.session.scalar(query.execution_options(populate_existing=True))


def receipt_for_key(vote: Round, key_id: str) -> Receipt | None:
    """The receipt that this very request was given earlier."""
    query = (select(BoardEntry.seq, BoardEntry.digest).join(CastKey, CastKey.seq == BoardEntry.seq)
             .where(CastKey.id == key_id, BoardEntry.round_id == vote.id))
    found = db.session.execute(query).first()
    return Receipt(found.seq, found.digest[:16]) if found else None


def round_with(seq: int, mark: str) -> int | None:
    """The gathering whose board has a vote at this number with this mark."""
    query = (select(Round.gathering_id).join(BoardEntry, BoardEntry.round_id == Round.id)
             .where(BoardEntry.seq == seq, func.substr(BoardEntry.digest, 1, 16) == mark, _kind() == "vote"))
    return db.session.scalar(query.limit(1))


def ballot_form(vote: Round) -> BallotForm:
    """What the round asks, for core/ballots."""
    return BallotForm(vote.method, tuple(vote.options), vote.min_choices, vote.max_choices)


def options(vote: Round) -> list[dict[str, Any]]:
    """The options in the order frozen at opening, with what a voter sees of them; before that, as they stand now."""
    refs = vote.options or offered(vote.gathering_id)
    query = select(Idea).where(Idea.gathering_id == vote.gathering_id, Idea.ref.in_(refs))
    found = {idea.ref: idea for idea in db.session.scalars(query.options(selectinload(Idea.costs)))}
    return [_option(found[ref]) for ref in refs if ref in found]


def _option(idea: Idea) -> dict[str, Any]:
    gone = idea.state in GONE
    return {"ref": idea.ref, "title": {} if gone else idea.title, "gone": gone, "cents": idea.requested_cents}


def offered(gathering_id: int) -> list[str]:
    """Refs of the ideas that a vote opened now would offer, in pitch order."""
    return [idea.ref for idea in ideas.pitching(gathering_id)]


def slip_tags(vote: Round) -> list[str]:
    """Every slip drawn for the round, void ones too."""
    return list(db.session.scalars(select(Slip.tag).where(Slip.round_id == vote.id)))


def _slips(vote_id: int) -> dict[str, int]:
    query = select(Slip.state, func.count()).where(Slip.round_id == vote_id).group_by(Slip.state)
    return dict(db.session.execute(query).all())


def slip_counts(vote: Round) -> dict[str, int]:
    """How many slips are good, and how many void."""
    found = _slips(vote.id)
    return {"issued": found.get("issued", 0), "void": found.get("void", 0)}


def turnout(gathering_id: int) -> dict[str, Any] | None:
    """How many slips have voted, of how many, and ballots on paper; all that anybody hears of an open vote."""
    query = select(Round.id, Round.state, Round.closes_at).where(Round.gathering_id == gathering_id)
    vote = db.session.execute(query).first()
    if vote is None:
        return None
    phone = Ballot.channel == "phone"
    count = select(func.count().filter(phone), func.count().filter(~phone)).where(Ballot.round_id == vote.id)
    cast, paper = db.session.execute(count).one()
    return {"cast": cast, "paper": paper, "issued": _slips(vote.id).get("issued", 0), "state": vote.state,
            "closes_at": epoch_ms(vote.closes_at)}


def turnout_slice(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slice ``voting.turnout``."""
    return dict.fromkeys(keys, turnout(gathering_id))


def votes(gathering_id: int) -> dict[str, int]:
    """Counted votes by idea; for the seal alone. An idea that was taken back keeps its ballots and has no count."""
    vote = round_of(gathering_id)
    counted = select(Ballot.choices).where(Ballot.round_id == vote.id, Ballot.state == "cast")
    count = Counter(choice for choices in db.session.scalars(counted) for choice in choices)
    here = set(offered(gathering_id))
    return {ref: count[ref] for ref in vote.options if ref in here}


def _kind() -> ColumnElement[str]:
    return BoardEntry.entry["kind"].as_string()


def _board_counts(vote_id: int) -> dict[str, int]:
    query = select(_kind().label("kind"), func.count()).where(BoardEntry.round_id == vote_id).group_by("kind")
    return dict(db.session.execute(query).all())


def figures(gathering_id: int) -> dict[str, Any]:
    """Cast, counted, superseded, void, and the counted by channel and place: what the minutes hold beside the result.

    ``cast`` is every vote that was taken: each change of mind, and each paper ballot, also a void one.
    """
    vote = round_of(gathering_id)
    what = (Ballot.state, Ballot.channel, Ballot.place, Ballot.void_reason)
    query = select(*what, func.count().label("n")).where(Ballot.round_id == vote.id).group_by(*what)
    rows = db.session.execute(query).all()
    kinds = _board_counts(vote.id)
    phones = sum(row.n for row in rows if row.channel == "phone")
    return {
        "cast": kinds.get("vote", 0) + kinds.get("paper", 0), "superseded": kinds.get("vote", 0) - phones,
        "counted": sum(row.n for row in rows if row.state == "cast"),
        "void": sum(row.n for row in rows if row.state == "void"), "issued": slip_counts(vote)["issued"],
        "by_channel": _sums((row.channel, row.n) for row in rows if row.state == "cast"),
        "by_place": _sums((row.place, row.n) for row in rows if row.state == "cast"),
        "void_reasons": _sums((row.void_reason, row.n) for row in rows if row.state == "void"),
    }


def _sums(pairs: Any) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, count in pairs:
        found[name] += count
    return dict(found)


def papers(vote: Round) -> list[dict[str, str]]:
    """Entered paper ballots by serial: their state, never their choices."""
    query = (select(Ballot.tag, Ballot.channel, Ballot.place, Ballot.state, Ballot.void_reason)
             .where(Ballot.round_id == vote.id, Ballot.channel != "phone").order_by(Ballot.tag))
    return [{**row._mapping, "serial": row.tag.removeprefix(PAPER)} for row in db.session.execute(query)]


def phrase(gathering_id: int) -> str:
    """The two words on slip, phone and screen."""
    query = select(Round.id, Gathering.code).join(Gathering, Gathering.id == Round.gathering_id)
    found = db.session.execute(query.where(Gathering.id == gathering_id)).first()
    return phrases.of(found.id, found.code) if found else ""
