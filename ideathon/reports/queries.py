"""Reading for the public and for the office: events, the golden thread from need to money, the record page by page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ideathon.awards import queries as awards
from ideathon.awards.models import Decision
from ideathon.comments.models import Comment
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas.models import Idea, IdeaMember
from ideathon.ledger import Entry, first_break
from ideathon.mapping.models import MapItem, MapSupport
from ideathon.programmes.models import Project
from ideathon.results import queries as results
from ideathon.results.models import SealedOutcome

PAGE = 100


def events(project_ids: list[int] | None = None) -> list[dict[str, Any]]:
    """Events as plain facts, newest first; of the given projects, or of all."""
    query = (select(Gathering).options(joinedload(Gathering.project), joinedload(Gathering.current_stage))
             .order_by(Gathering.held_on.desc(), Gathering.id.desc()))
    if project_ids is not None:
        query = query.where(Gathering.project_id.in_(project_ids))
    found = list(db.session.scalars(query))
    revealed, decided = _revealed(), awards.decided([one.id for one in found])
    return [_event(one, one.id in revealed, one.id in decided) for one in found]


def _revealed() -> set[int]:
    return set(db.session.scalars(select(SealedOutcome.gathering_id).where(SealedOutcome.revealed_at.is_not(None))))


def _event(one: Gathering, revealed: bool, decided: bool) -> dict[str, Any]:
    state = "over" if one.ended_at else "running" if one.current_stage else "planned"
    return {"code": one.code, "title": one.title, "held_on": one.held_on, "where": one.place, "state": state,
            "project_id": one.project_id, "envelope_cents": one.envelope_cents, "revealed": revealed,
            "decided": decided, "outside": awards.outside(one.project, one.held_on)}


def projects_of(found: list[dict[str, Any]]) -> list[Project]:
    """The projects of some events."""
    numbers = {one["project_id"] for one in found}
    query = select(Project).where(Project.id.in_(numbers)).options(joinedload(Project.programme))
    return list(db.session.scalars(query.order_by(Project.starts_on.desc())))


def winner(gathering: Gathering) -> Idea | None:
    """The decided idea; before the decision the one that won; None when no idea won."""
    made = awards.decision(gathering.id)
    outcome = results.outcome(gathering.id)
    ref = outcome.winner if outcome else None
    query = select(Idea).where(Idea.gathering_id == gathering.id)
    query = query.where(Idea.id == made.idea_id) if made else query.where(Idea.ref == (ref or ""))
    return db.session.scalar(query.options(selectinload(Idea.assets), joinedload(Idea.challenge)))


def thread(gathering: Gathering, idea: Idea) -> dict[str, Any]:
    """From need to money: what every knot of the golden thread says, as plain facts."""
    linked = [link.item for link in idea.challenge.links if _public(link.item)]
    needs = [item for item in linked if item.kind == "need"]
    used = [asset.item for asset in idea.assets if _public(asset.item)]
    place = next((one for one in results.shown(gathering.id) if one["ref"] == idea.ref), None)
    return {"needs": [item.text for item in needs], "backing": sum(_backing(item) for item in needs),
            "resources": [item.text for item in used or linked if item.kind != "need"],
            "challenge": idea.challenge.text,
            "team": idea.team_size or _count(IdeaMember, IdeaMember.idea_id == idea.id, IdeaMember.role != "mentor"),
            "mentors": _count(IdeaMember, IdeaMember.idea_id == idea.id, IdeaMember.role == "mentor"),
            "comments": _count(Comment, Comment.idea_id == idea.id, Comment.state == "visible"), "place": place}


def _public(item: MapItem) -> bool:
    return item.state == "visible" and not item.private


def _backing(item: MapItem) -> int:
    return item.backing + _count(MapSupport, MapSupport.item_id == item.id)


def _count(of: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(of).where(*where)) or 0


def money(gathering: Gathering, made: Decision | None) -> dict[str, Any]:
    """Award and milestones: sums in cents, how many are accepted."""
    steps = awards.milestones(made, gathering.project)
    accepted = [step for step in steps if step["state"] == "accepted"]
    return {"awarded": made.award.amount_cents if made and made.award else None, "milestones": steps,
            "planned": sum(step["amount_cents"] for step in steps), "accepted": len(accepted),
            "accepted_cents": sum(step["amount_cents"] for step in accepted)}


def pages(gathering_id: int) -> int:
    """How many pages the record of a gathering has."""
    return max(1, -(-_count(Entry, Entry.gathering_id == gathering_id) // PAGE))


def record(gathering_id: int, page: int | None = None) -> list[dict[str, Any]]:
    """The record as plain facts, oldest first: no person, only the role. One page of it, or all."""
    query = select(Entry).where(Entry.gathering_id == gathering_id).order_by(Entry.id)
    offset = (page - 1) * PAGE if page else 0
    if page:
        query = query.offset(offset).limit(PAGE)
    return [{"n": offset + n, "at": entry.at, "act": entry.act, "thing": entry.thing, "role": entry.actor_role,
             "numbers": _numbers(entry.facts), "digest": entry.digest}
            for n, entry in enumerate(db.session.scalars(query), 1)]


def _numbers(facts: dict[str, Any]) -> dict[str, int]:
    """Only whole numbers of an entry are shown: words in it may be somebody's own."""
    return {name: value for name, value in sorted(facts.items()) if type(value) is int}


def chain(gathering_id: int) -> dict[str, Any]:
    """Whether the record is as it was sealed: how many entries are chained, and the place of the first altered one."""
    mine = Entry.gathering_id == gathering_id
    broken = min(filter(None, (first_break(gathering_id), _unchained(gathering_id))), default=None)
    before = _count(Entry, mine, Entry.id <= broken) if broken is not None else None
    return {"sealed": _count(Entry, mine, Entry.digest != ""), "broken_at": before}


def _unchained(gathering_id: int) -> int | None:
    """The first entry whose chaining was wiped: it stands before a chained one, or the seal's own head is gone."""
    mine, row = Entry.gathering_id == gathering_id, results.sealed(gathering_id)
    last = select(func.max(Entry.id)).where(mine, Entry.digest != "").scalar_subquery()
    if row is not None and not _count(Entry, mine, Entry.digest == row.ledger_head):
        return db.session.scalar(select(func.min(Entry.id)).where(mine, Entry.digest == ""))
    return db.session.scalar(select(func.min(Entry.id)).where(mine, Entry.digest == "", Entry.id < last))

