"""Reading ideas: cards for lists and news, one idea with its team, ideas that resemble what somebody writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import joinedload, selectinload

from ideathon.clock import epoch_ms
from ideathon.core.likeness import similar
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.mapping.models import Challenge, MapItem
from ideathon.people.models import Grant, Person

from .models import GONE, CostLine, Idea, IdeaAsset, IdeaMember, IdeaSupport

COMMENT = table("comment", column("idea_id"), column("state"), column("ref"))      # of the room above; counted only
ALIKE_TITLES, ALIKE_TEXTS = 35, 30       # of 100; no two of the demo's twelve ideas reach 31 and 18

_CARD = (Idea.id, Idea.ref, Idea.title, Idea.summary, Idea.own_cents, Idea.state, Idea.created_at, Idea.team_size,
         Idea.pitch_order, Challenge.ref.label("challenge"), Challenge.text.label("challenge_text"))


def cards(gathering_id: int, refs: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Every idea that all may see, newest first; with ``refs`` only those."""
    query = (select(*_CARD).join(Challenge, Challenge.id == Idea.challenge_id).order_by(Idea.id.desc())
             .where(Idea.gathering_id == gathering_id, Idea.state.not_in(GONE)))
    if refs is not None:
        query = query.where(Idea.ref.in_([ref for ref in refs if ref.isalnum()]))
    rows = db.session.execute(query).all()
    counted = _counts([row.id for row in rows])
    return [_card(row._mapping, {name: found.get(row.id, 0) for name, found in counted.items()}) for row in rows]


def _card(idea: Mapping[str, Any], counted: dict[str, int]) -> dict[str, Any]:
    total = counted["total"]
    return {
        "ref": idea["ref"], "title": idea["title"], "summary": idea["summary"], "state": idea["state"],
        "challenge": {"ref": idea["challenge"], "text": idea["challenge_text"]}, "at": epoch_ms(idea["created_at"]),
        "supports": counted["supports"], "comments": counted["comments"], "total_cents": total,
        "requested_cents": max(0, total - idea["own_cents"]), "team": max(counted["team"], idea["team_size"] or 0),
        "pitch_order": idea["pitch_order"],
    }


def _counts(ids: list[int]) -> dict[str, dict[int, int]]:
    """Asked, not kept: what is counted for each of these ideas."""
    if not ids:
        return {}
    return {
        "total": _grouped(select(CostLine.idea_id, func.sum(CostLine.amount_cents)), CostLine.idea_id, ids),
        "supports": _grouped(select(IdeaSupport.idea_id, func.count()), IdeaSupport.idea_id, ids),
        "team": _grouped(select(IdeaMember.idea_id, func.count()).where(IdeaMember.role != "mentor"),
                         IdeaMember.idea_id, ids),
        "comments": _grouped(select(COMMENT.c.idea_id, func.count()).where(COMMENT.c.state == "visible"),
                             COMMENT.c.idea_id, ids),
    }


def _grouped(query: Any, key: Any, ids: list[int]) -> dict[int, int]:
    return {idea: int(number) for idea, number in db.session.execute(query.where(key.in_(ids)).group_by(key))}


def idea_keys(gathering_id: int, of: str) -> list[str]:
    """The keys of the slices ``ideas.idea/REF`` in a snapshot; of one idea when it is named."""
    query = select(Idea.ref).where(Idea.gathering_id == gathering_id, Idea.state.not_in(GONE))
    return [f"ideas.idea/{ref}" for ref in ([of] if of else db.session.scalars(query))]


def idea_slices(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slices ``ideas.idea/REF``; None for what was withdrawn or hidden."""
    found = {f"ideas.idea/{card['ref']}": card for card in cards(gathering_id, [key.partition("/")[2] for key in keys])}
    return {key: found.get(key) for key in keys}


def one(gathering_id: int, ref: str, *, hidden: bool = False) -> Idea:
    """One idea with its challenge and costs; a hidden one only when asked for.

    Raises:
        NotFound: there is none, or it was withdrawn or hidden.
    """
    query = (select(Idea).where(Idea.gathering_id == gathering_id, Idea.ref == ref, Idea.state != "withdrawn")
             .options(joinedload(Idea.challenge), selectinload(Idea.costs)))
    found = db.session.scalar(query) if ref.isalnum() else None
    if found is None or (found.state == "hidden" and not hidden):
        raise NotFound("not_found")
    return found


def pitching(gathering_id: int) -> list[Idea]:
    """Visible ideas in the order in which they pitch; those without a number come last, in the order they came."""
    query = (select(Idea).where(Idea.gathering_id == gathering_id, Idea.state.not_in(GONE))
             .options(joinedload(Idea.challenge), selectinload(Idea.costs)))
    place = {idea: (idea.pitch_order is None, idea.pitch_order or 0, idea.id) for idea in db.session.scalars(query)}
    return sorted(place, key=place.__getitem__)


def hidden_of(gathering_id: int, person_id: int | None) -> list[Idea]:
    """What the host has hidden: the reader's own; everybody's for None, which only a host may ask for."""
    query = select(Idea).where(Idea.gathering_id == gathering_id, Idea.state == "hidden").order_by(Idea.id.desc())
    if person_id is not None:
        query = query.where(Idea.author_id == person_id)
    return list(db.session.scalars(query))


def of_person(gathering_id: int, person_id: int) -> set[str]:
    """Refs of the ideas that this person wrote or is in the team of."""
    query = (select(Idea.ref).outerjoin(IdeaMember, IdeaMember.idea_id == Idea.id)
             .where(Idea.gathering_id == gathering_id, Idea.state.not_in(GONE),
                    (Idea.author_id == person_id) | (IdeaMember.person_id == person_id)))
    return set(db.session.scalars(query))


def supporters(idea_id: int) -> set[int]:
    """Who supports an idea; the number is shown, the persons are not."""
    return set(db.session.scalars(select(IdeaSupport.person_id).where(IdeaSupport.idea_id == idea_id)))


def team(idea_id: int) -> list[dict[str, Any]]:
    """Author and members by display name, mentors by their field."""
    query = (select(Person.id, Person.display_name, IdeaMember.role, Grant.label).select_from(IdeaMember)
             .join(Person, Person.id == IdeaMember.person_id).join(Idea, Idea.id == IdeaMember.idea_id)
             .outerjoin(Grant, (Grant.person_id == Person.id) & (Grant.role == "mentor") & (Grant.scope == "gathering")
                        & (Grant.scope_id == Idea.gathering_id)).where(IdeaMember.idea_id == idea_id))
    order = {"author": 0, "member": 1, "mentor": 2}
    found = [{"person": row[0], "name": row[1], "role": row[2], "label": row[3]} for row in db.session.execute(query)]
    return sorted(found, key=lambda who: (order.get(who["role"], 3), who["person"]))


def used_by(idea_id: int) -> list[MapItem]:
    """The resources and skills of the place that an idea uses and all may see."""
    query = (select(MapItem).join(IdeaAsset, IdeaAsset.item_id == MapItem.id)
             .where(IdeaAsset.idea_id == idea_id, MapItem.state == "visible", MapItem.private.is_(False)))
    return list(db.session.scalars(query.order_by(MapItem.id)))


def similar_to(gathering_id: int, title: str, summary: str = "", but: str = "") -> list[dict[str, Any]]:
    """Up to three visible ideas whose title, or title and summary, resemble these; ``but`` is not among them."""
    query = select(Idea.ref, Idea.title, Idea.summary).where(Idea.gathering_id == gathering_id, Idea.state.not_in(GONE))
    rows = {row.ref: row for row in db.session.execute(query) if row.ref != but}
    said = [(ref, words, row.summary.get(language, "")) for ref, row in rows.items()
            for language, words in row.title.items()]
    titles = [(ref, words) for ref, words, _more in said]
    texts = [(ref, f"{words} {more}") for ref, words, more in said]
    matches = [*similar(title, titles, ALIKE_TITLES, 10), *similar(f"{title} {summary}", texts, ALIKE_TEXTS, 10)]
    best: dict[str, int] = {}
    for match in matches:
        best[match.key] = max(match.likeness, best.get(match.key, 0))
    nearest = sorted(best, key=lambda ref: (-best[ref], ref))[:3]
    return [{"ref": ref, "title": rows[ref].title, "likeness": best[ref]} for ref in nearest]
