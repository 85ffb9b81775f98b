"""The verbs of a round: its rule is set, it is rehearsed, opened and closed. It only goes forward."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import delete

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.core.stages import Kind
from ideathon.errors import NotFound, Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here

from . import board, public, queries, slips, steps
from .models import Ballot, BoardEntry, CastKey, Round, Slip
from .service import actor, append, told

AHEAD = ("draft", "rehearsal")
WITH_MONEY = ("budget", "star")


def set_rules(here: Here, wanted: Mapping[str, Any]) -> Round:
    """The vote asks what its host would have it ask; ``wanted`` names columns of `Round`. Exclusive lock.

    A rehearsal begins anew.

    Raises:
        Refused: "vote_fixed" when the vote was opened before; as `rehearse` while one runs.
    """
    vote = round_for(here)
    if vote.state not in AHEAD:
        raise Refused("vote_fixed")
    for name, value in wanted.items():
        setattr(vote, name, value)
    ledger.record(Act.VOTE_SET, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now, **wanted)
    if vote.state == "rehearsal":
        rehearse(here)
    return vote


def rehearse(here: Here) -> Round:
    """Test slips can vote as they would in earnest; what an earlier rehearsal left is gone. Exclusive lock.

    Raises:
        Refused: "vote_fixed" when the vote was opened before; "no_options"; "cost_missing"; "least_too_many".
    """
    vote = round_for(here)
    if vote.state not in AHEAD:
        raise Refused("vote_fixed")
    _wipe(vote, slips_too=vote.state == "draft")
    vote.state = "rehearsal"
    _freeze(here, vote, {"test": True})
    ledger.record(Act.VOTE_REHEARSE, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now)
    told(here)
    return vote


def _wipe(vote: Round, *, slips_too: bool) -> None:
    """Nothing of a rehearsal is left; its test slips may serve another one."""
    for model in (Ballot, CastKey, BoardEntry):
        db.session.execute(delete(model).where(model.round_id == vote.id))
    if slips_too:
        db.session.execute(delete(Slip).where(Slip.round_id == vote.id, Slip.state == "test"))
    vote.seq, vote.voted, vote.head, vote.rules_hash, vote.options, vote.costs = 0, 0, "", "", [], []
    db.session.flush()


def open_round(here: Here, closes_at: datetime | None, formula: str = "") -> Round:
    """The vote stands open until ``closes_at``; options, rules, slips and the digest of the result's ``formula`` are
    frozen and hashed. A rehearsal is wiped. Exclusive lock.

    Raises:
        Refused: "vote_over" when it was closed before; "no_options" when there is nothing to choose from;
            "cost_missing" when a budget is voted on and an idea costs nothing.
    """
    vote = round_for(here)
    if vote.state in queries.OVER:
        raise Refused("vote_over")
    if vote.state in AHEAD:
        _wipe(vote, slips_too=True)
        vote.state, vote.opened_at = "open", here.now
        _freeze(here, vote, {"formula": formula} if formula else {})
        for tag in slips.void_tags(vote):       # they are in the list that was just hashed
            append(vote, {"kind": "void", "tag": tag})
        for warning in vote.overrides:
            append(vote, {"kind": "override", "what": warning, "by": str(here.role)})
        ledger.record(Act.STAGE_MOVE, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now,
                      state="open", rules=vote.rules_hash)
    vote.closes_at = closes_at
    told(here)
    return vote


def is_ahead(here: Here) -> bool:
    """Whether the vote that stands was not opened yet. Exclusive lock."""
    return queries.round_of(here.gathering.id, lock=True).state in AHEAD


def close_round(here: Here) -> str:
    """The vote is closed and takes nothing more; gives the board's head, the same one for ever. Exclusive lock."""
    vote = queries.round_of(here.gathering.id, lock=True)
    if vote.state == "open":
        append(vote, {"kind": "close"})
        steps.tell_last_links(vote, here.now)
        vote.state, vote.closed_at = "closed", here.now
        ledger.record(Act.STAGE_MOVE, here.gathering.id, "vote", role=here.role, actor=actor(here), now=here.now,
                      state="closed", head=vote.head)
        told(here)
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
        told(here)


def round_for(here: Here) -> Round:
    """The vote that stands, held and fresh; a new one where the event has none. Exclusive lock."""
    try:
        return queries.round_of(here.gathering.id, lock=True)
    except NotFound:
        vote = Round(gathering_id=here.gathering.id)
        db.session.add(vote)
        db.session.flush()
        return vote


def _freeze(here: Here, vote: Round, more: Mapping[str, Any]) -> None:
    """Options, rule and electorate stand, and their hash is the board's first mark."""
    vote.options = queries.offered(here.gathering.id)
    if not vote.options:
        raise Refused("no_options")
    vote.costs = _costs(vote)
    if vote.min_choices > _room(vote):
        raise Refused("least_too_many", most=_room(vote))
    opening = {"kind": "open", "form": "ideathon-board-2", "event": here.gathering.code, "round": vote.id,
               "method": vote.method, "min_choices": vote.min_choices, "max_choices": vote.max_choices,
               "options": vote.options, "slips": _listed(slips.tags(vote)), "witnesses": public.recipients(vote),
               **_terms(vote), **more}
    vote.electorate = opening["slips"]["count"]
    vote.rules_hash = vote.head = board.genesis(opening)
    db.session.add(BoardEntry(round_id=vote.id, seq=0, entry=opening, digest=vote.head))
    db.session.flush()


def _room(vote: Round) -> int:
    """How many ideas one ballot can hold: as many as there are, or as many of the cheapest as the sum buys."""
    if not vote.costs:
        return len(vote.options)
    return sum(spent <= vote.budget_cents for spent in accumulate(sorted(vote.costs)))


def _terms(vote: Round) -> dict[str, Any]:
    """What else was settled for this vote: the profile, and whatever is not as by default."""
    there = {"age": vote.age, "shuffled": vote.shuffled, "revote": vote.revote, "publish": vote.publish}
    usual = {"age": 0, "shuffled": False, "revote": True, "publish": "totals"}
    money = {"costs": vote.costs, "budget": vote.budget_cents} if vote.costs else {}
    classes = {one["ref"]: _listed(slips.tags(vote, one["ref"])) for one in vote.classes}
    return {"profile": vote.profile, **{name: value for name, value in there.items() if value != usual[name]}, **money,
            **({"classes": classes} if classes else {})}


def _listed(tags: list[str]) -> dict[str, Any]:
    return {"count": len(tags), "list": board.list_hash(tags)}


def _costs(vote: Round) -> list[int]:
    """What each idea asks for, in cents, where a sum is shared out; nothing elsewhere."""
    if vote.method not in WITH_MONEY or not vote.budget_cents:
        return []
    costs = {one["ref"]: int(one["cents"]) for one in queries.options(vote)}
    missing = [ref for ref in vote.options if not costs[ref]]
    if missing:
        raise Refused("cost_missing", ideas=", ".join(missing))
    return [costs[ref] for ref in vote.options]
