"""Reading the vote: the round, its slips and ballots, turnout. Counts per idea are read by the seal alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select

from ideathon.core.ballots import BallotForm
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.gatherings.doors import with_seat
from ideathon.gatherings.models import Gathering
from ideathon.ideas import queries as ideas
from ideathon.ideas.models import CostLine, Idea

from . import paper_queries, phrase as phrases, publishing, slips, steps
from .groups import Batch, Part, sums, tables
from .models import Ballot, BoardEntry, CastKey, Invitation, Round

turnout = steps.turnout
GONE = ("withdrawn", "hidden")
OVER = ("closed", "counted", "sealed", "published")
FINAL = ("sealed", "published")      # the board ends with the result

# What every vote runs is built once; what needs no object goes past the ORM.
_rounds, _ballots, _board, _keys = (cast(Table, model.__table__) for model in (Round, Ballot, BoardEntry, CastKey))
_ROUND = select(Round).where(Round.gathering_id == bindparam("gathering"), Round.state != "annulled")
_ROUND_HELD = _ROUND.with_for_update().execution_options(populate_existing=True)
ROUND_AND_SEAT = with_seat(Round).where(
    Round.gathering_id == bindparam("gathering"), Round.state != "annulled").with_for_update(
    of=Round).execution_options(populate_existing=True)
_PRESENT = select(_ballots.c.seq).where(_ballots.c.round_id == bindparam("round"), _ballots.c.tag == bindparam("tag"))
_SAYS = _PRESENT.add_columns(_ballots.c.choices)
_OFFERED = (select(Idea.ref, Idea.title, Idea.state, Idea.own_cents, select(func.sum(CostLine.amount_cents))
                   .where(CostLine.idea_id == Idea.id).scalar_subquery().label("total"))
            .where(Idea.gathering_id == bindparam("gathering"), Idea.ref.in_(bindparam("refs", expanding=True))))
_KIND = _board.c.entry["kind"].as_string()
_RECEIPT = (select(_rounds.c.gathering_id, _rounds.c.id, _rounds.c.state, _rounds.c.closes_at)
            .join(_board, _board.c.round_id == _rounds.c.id).limit(1)
            .where(_board.c.seq == bindparam("seq"), func.substr(_board.c.digest, 1, 16) == bindparam("mark"),
                   _KIND == "vote"))
_STAND = select(_ballots.c.tag, _ballots.c.seq, _ballots.c.channel, _ballots.c.choices).where(
    _ballots.c.round_id == bindparam("round"), _ballots.c.tag.in_(bindparam("tags", expanding=True)))
_GIVEN = (select(_keys.c.id, _keys.c.seq, _board.c.digest)
          .join(_board, (_board.c.round_id == _keys.c.round_id) & (_board.c.seq == _keys.c.seq))
          .where(_keys.c.id.in_(bindparam("keys", expanding=True))))


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
    found = db.session.scalar(_ROUND_HELD if lock else _ROUND, {"gathering": gathering_id})
    if found is None:
        raise NotFound("not_found")
    return found


def by_id(round_id: int) -> Round:
    """A round by its number."""
    return db.session.get_one(Round, round_id)


def standing_round(gathering_id: int) -> Round | None:
    """The vote of a gathering; None when it has none."""
    return db.session.scalar(_ROUND, {"gathering": gathering_id})


def standing(state: str, closes_at: datetime | None, now: datetime, *, test: bool = False) -> dict[str, Any]:
    """What a seat needs to know of a round. No hour (the clock is paused) means that it has not struck. For a ``test``
    slip a rehearsal stands open."""
    open_now = state == ("rehearsal" if test else "open")
    return {"round_open": open_now, "in_time": open_now and (closes_at is None or now < closes_at),
            "round_over": state in OVER}


def facts(gathering: Gathering, now: datetime) -> dict[str, Any]:
    """The round's facts for every seat of a gathering."""
    found = db.session.execute(select(Round.state, Round.closes_at).where(
        Round.gathering_id == gathering.id, Round.state != "annulled")).first()
    return standing(found.state, found.closes_at, now) if found else {}


def number_of(vote: Round, tag: str) -> int:
    """The board's number of what a slip says at present; 0 when it has said nothing."""
    return db.session.connection().scalar(_PRESENT, {"round": vote.id, "tag": tag}) or 0


def ballot(vote: Round, tag: str) -> Any:
    """What a slip says at present, as a row with ``choices`` and ``seq``; None when it has said nothing."""
    return db.session.connection().execute(_SAYS, {"round": vote.id, "tag": tag}).first()


def voted(vote: Round, tag: str) -> int:
    """The board's number of a slip's last vote, 0 for none; the board knows it also when the ballots are sealed."""
    query = select(func.max(_board.c.seq)).where(_board.c.round_id == vote.id,
                                                 _board.c.entry["tag"].as_string() == tag)
    return db.session.scalar(query) or 0


Stand = tuple[int, str, Any]
"""What a slip says: the board's number, the way it came, and the choices as they are stored."""


def stands(vote: Round, tags: Collection[str], keys: Collection[str]) -> tuple[dict[str, Stand], dict[str, Receipt]]:
    """What slips say at present; and the receipts that requests with these keys were given earlier."""
    asked = {"round": vote.id, "tags": list(tags), "keys": list(keys)}
    held = db.session.connection()
    return ({row.tag: (row.seq, row.channel, row.choices) for row in held.execute(_STAND, asked)},
            {row.id: Receipt(row.seq, row.digest[:16]) for row in held.execute(_GIVEN, asked)})


def tag_at(vote: Round, seq: int) -> str:
    """Whose vote stands at this number of the board."""
    entry = select(BoardEntry.entry).where(BoardEntry.round_id == vote.id, BoardEntry.seq == seq)
    return str(db.session.scalars(entry).one()["tag"])


def round_with(seq: int, mark: str) -> Any:
    """The round whose board has a vote at this number with this mark, as a row with ``gathering_id``, ``id``, ``state``
    and ``closes_at``."""
    return db.session.connection().execute(_RECEIPT, {"seq": seq, "mark": mark}).first()


def ballot_form(vote: Round) -> BallotForm:
    """What the round asks, for core/ballots; costs and the budget in cents."""
    money = {"costs": tuple(vote.costs), "budget": vote.budget_cents} if vote.costs else {}
    return BallotForm(vote.method, tuple(vote.options), vote.min_choices, vote.max_choices, **money)


def order_for(vote: Round, tag: str) -> list[str]:
    """The options as this slip's holder sees them: as pitched, or shuffled, the same way each time."""
    if not vote.shuffled:
        return list(vote.options)
    return sorted(vote.options, key=lambda ref: hashlib.sha256(f"order-v1|{tag}|{ref}".encode()).digest())


def options(vote: Round) -> list[dict[str, Any]]:
    """The options in the order frozen at opening, with what a voter sees of them; before that, as they stand now."""
    refs = vote.options or offered(vote.gathering_id)
    found = {row.ref: row for row in db.session.connection().execute(
        _OFFERED, {"gathering": vote.gathering_id, "refs": list(refs)})}
    return [_option(found[ref]) for ref in refs if ref in found]


def _option(idea: Any) -> dict[str, Any]:
    gone = idea.state in GONE
    return {"ref": idea.ref, "title": {} if gone else idea.title, "gone": gone,
            "cents": max(0, (idea.total or 0) - idea.own_cents)}


def offered(gathering_id: int) -> list[str]:
    """Refs of the ideas that a vote opened now would offer, in pitch order."""
    return [idea.ref for idea in ideas.pitching(gathering_id)]


def turnout_slice(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slice ``voting.turnout``."""
    return dict.fromkeys(keys, steps.turnout(gathering_id))


def test_count(vote: Round) -> Batch:
    """What the ballots of a rehearsal would give; of a real vote nobody asks this before the seal."""
    ballots = list(db.session.scalars(select(Ballot.choices).where(Ballot.round_id == vote.id)))
    return Batch((), dict(sums(ballots)), len(ballots)) if vote.state == "rehearsal" else Batch((), {}, 0)


def votes(gathering_id: int) -> dict[str, int]:
    """Counted votes by idea; before the seal for the seal alone. An idea that was taken back has no count."""
    vote = round_of(gathering_id)
    if vote.kept:
        return dict(vote.kept["totals"])
    count = sums(db.session.scalars(select(Ballot.choices).where(Ballot.round_id == vote.id, Ballot.state == "cast")))
    count.update(paper_queries.hand_totals(vote.id))
    here = set(offered(gathering_id))
    return {ref: count[ref] for ref in vote.options if ref in here}


def batches(gathering_id: int) -> list[Batch]:
    """Counted ballots in batches, for the seal alone: by phone, on paper or with a helper by place, by hands by place.

    Batches under ten ballots are joined, and where that is still too few the smallest of the others joins them: so no
    batch shows what somebody chose. Raised hands stand alone and hide nobody: their totals are on the public board.
    """
    vote = round_of(gathering_id)
    return [*tables(_counted(vote))[0], *_hands(vote)]


def _counted(vote: Round) -> list[tuple[Part, Part, Any]]:
    """Every counted ballot by its way and its class. Paper that was no slip is of no class."""
    query = select(Ballot.channel, Ballot.place, Ballot.klass, Ballot.choices).where(Ballot.round_id == vote.id,
                                                                                     Ballot.state == "cast")
    return [(("phone", "") if row.channel == "phone" else ("paper", row.place), ("class", row.klass), row.choices)
            for row in db.session.execute(query)]


def _hands(vote: Round) -> list[Batch]:
    return [Batch((("hands", one.place),), dict(+Counter(one.totals)), one.present)
            for one in paper_queries.hands_that_count(vote.id)]


def _board_counts(vote_id: int) -> dict[str, int]:
    query = select(_KIND.label("kind"), func.count()).where(_board.c.round_id == vote_id).group_by("kind")
    return dict(db.session.execute(query).all())


def figures(gathering_id: int) -> dict[str, Any]:
    """Cast, counted, superseded, void, and the counted by channel and place: what the minutes hold beside the result.

    ``cast`` is every vote that was taken: each change of mind, and each paper ballot, also a void one. Whoever raised a
    hand is a ballot too. The account of each place's papers is there, and what their comparison with the record found.
    """
    vote = round_of(gathering_id)
    if vote.kept:
        return dict(vote.kept["figures"])
    what = (Ballot.state, Ballot.channel, Ballot.place, Ballot.void_reason)
    query = select(*what, func.count().label("n")).where(Ballot.round_id == vote.id).group_by(*what)
    rows = db.session.execute(query).all()
    kinds = _board_counts(vote.id)
    phones = sum(row.n for row in rows if row.channel == "phone")
    hands = [(one.place, one.present) for one in paper_queries.hands_that_count(vote.id)]
    shown = sum(present for _, present in hands)
    cast_ = [row for row in rows if row.state == "cast"]
    return {
        "cast": kinds.get("vote", 0) + kinds.get("paper", 0) + shown, "superseded": kinds.get("vote", 0) - phones,
        "counted": sum(row.n for row in cast_) + shown,
        "void": sum(row.n for row in rows if row.state == "void"), "issued": slips.counts(vote)["issued"],
        "by_channel": _sums([*((row.channel, row.n) for row in cast_), *(("hands", n) for _, n in hands)]),
        "by_place": _sums([*((row.place, row.n) for row in cast_), *hands]),
        "void_reasons": _sums((row.void_reason, row.n) for row in rows if row.state == "void"),
        "accounts": paper_queries.told(vote.id), "recheck": paper_queries.rechecked(vote.id),
        "groups": [{"parts": [list(part) for part in one.parts], "ballots": one.ballots, "votes": one.votes}
                   for one in batches(gathering_id)],
        **_by_links(vote), **publishing.figures(vote), **(_by_class(vote) if vote.classes else {}),
    }


def _by_links(vote: Round) -> dict[str, int]:
    """How many slips came by one-time links: this part of the vote was remote, and its secrecy weaker."""
    used = db.session.scalar(select(func.count()).where(Invitation.round_id == vote.id, Invitation.used))
    return {"links": used} if used else {}


def _by_class(vote: Round) -> dict[str, Any]:
    """Counted votes by class of residents, as `batches`; or that they are not told, since the two tables together
    would show what a few chose. Decided here, for the seal, and for ever."""
    made = tables(_counted(vote))[1]
    if made is None:
        return {"classes": [], "classes_held": True}
    labels = {one["ref"]: one["label"] for one in vote.classes}
    return {"classes": [{"classes": [labels.get(name, {}) for _, name in one.parts], "ballots": one.ballots,
                         "votes": one.votes} for one in made]}


def _sums(pairs: Any) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, count in pairs:
        found[name] += count
    return dict(found)


def phrase(gathering: Gathering) -> str:
    """The two words on slip, phone and screen; "" when there is no vote."""
    found = db.session.scalar(select(Round.id).where(Round.gathering_id == gathering.id, Round.state != "annulled"))
    return phrase_of(found, gathering) if found else ""


def phrase_of(round_id: int, gathering: Gathering) -> str:
    """The two words of a round."""
    return phrases.of(round_id, gathering.code)
