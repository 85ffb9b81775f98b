"""Reading the talk: what all may see, as plain facts; what is hidden, for its author and the host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from ideathon.clock import epoch_ms
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.ideas.models import GONE, Idea
from ideathon.people.models import Person

from .models import Comment

_Parent = aliased(Comment)


def _rows() -> Select[Any]:
    """Comments with idea, author's name and, while all may see it, what they answer: no answer goes when that goes."""
    return (select(Comment, Idea.ref, Idea.title, Person.display_name, _Parent.ref)
            .join(Idea, Idea.id == Comment.idea_id).outerjoin(Person, Person.id == Comment.author_id)
            .outerjoin(_Parent, (_Parent.id == Comment.parent_id) & (_Parent.state == "visible")))


def _visible() -> Select[Any]:
    return _rows().where(Comment.state == "visible", Idea.state.not_in(GONE))


def _facts(row: Row[Any]) -> dict[str, Any]:
    """What the page and the slice ``comments.comment/REF`` hold. A mentor is known by the field, a host by office."""
    comment, idea, _title, name, parent = row
    return {
        "ref": comment.ref, "idea": idea, "parent": parent, "kind": comment.kind, "text": comment.text,
        "name": name if comment.author_role == "resident" else None, "label": comment.author_label,
        "role": comment.author_role, "at": epoch_ms(comment.created_at), "channel": comment.channel,
        "state": comment.state,
    }


def thread(idea_id: int) -> list[dict[str, Any]]:
    """The talk under an idea, newest first; ``answers`` of each, oldest first."""
    query = _visible().where(Comment.idea_id == idea_id).order_by(Comment.id)
    said = [{**_facts(row), "answers": []} for row in db.session.execute(query)]
    by_ref = {one["ref"]: one for one in said}
    for one in said:
        if one["parent"]:
            by_ref[one["parent"]]["answers"].append(one)
    return [one for one in reversed(said) if not one["parent"]]


def latest(gathering_id: int, most: int = 20) -> list[dict[str, Any]]:
    """The newest words of the whole gathering, with the title of their idea."""
    query = _visible().where(Comment.gathering_id == gathering_id).order_by(Comment.id.desc()).limit(most)
    return [{**_facts(row), "title": row[2]} for row in db.session.execute(query)]


def hidden(gathering_id: int, idea_id: int | None = None, author_id: int | None = None) -> list[dict[str, Any]]:
    """What the host has hidden, with the reason, newest first; for hosts, or for an author's own."""
    query = _rows().where(Comment.gathering_id == gathering_id, Comment.state == "hidden").order_by(Comment.id.desc())
    if idea_id is not None:
        query = query.where(Comment.idea_id == idea_id)
    if author_id is not None:
        query = query.where(Comment.author_id == author_id)
    return [{**_facts(row), "title": row[2], "reason": row[0].hidden_reason} for row in db.session.execute(query)]


def own_refs(idea_id: int, person_id: int) -> set[str]:
    """Refs of what this person said under an idea."""
    query = select(Comment.ref).where(Comment.idea_id == idea_id, Comment.author_id == person_id)
    return set(db.session.scalars(query))


def open_refs(idea_id: int) -> set[str]:
    """Refs of what can be answered: everything under the idea that all may see."""
    return set(db.session.scalars(select(Comment.ref).where(Comment.idea_id == idea_id, Comment.state == "visible")))


def counts(gathering_id: int) -> dict[int, int]:
    """How many contributions all may see under each idea."""
    query = (select(Comment.idea_id, func.count()).group_by(Comment.idea_id)
             .where(Comment.gathering_id == gathering_id, Comment.state == "visible"))
    return dict(db.session.execute(query).all())


def one(gathering_id: int, ref: str) -> Comment:
    """One contribution, in whatever state but withdrawn.

    Raises:
        NotFound: there is none, or it was withdrawn.
    """
    query = select(Comment).where(Comment.gathering_id == gathering_id, Comment.ref == ref)
    found = db.session.scalar(query) if ref.isalnum() else None
    if found is None or found.state == "withdrawn":
        raise NotFound("not_found")
    return found


def comment_keys(gathering_id: int, of: str) -> list[str]:
    """The keys of the slices ``comments.comment/REF`` in a snapshot; under one idea when it is named."""
    query = (select(Comment.ref).join(Idea, Idea.id == Comment.idea_id)
             .where(Comment.gathering_id == gathering_id, Comment.state == "visible", Idea.state.not_in(GONE)))
    if of:
        query = query.where(Idea.ref == (of if of.isalnum() else ""))
    return [f"comments.comment/{ref}" for ref in db.session.scalars(query)]


def comment_slices(gathering_id: int, keys: Iterable[str]) -> dict[str, Any]:
    """The slices ``comments.comment/REF``; None for what was withdrawn or hidden, itself or with its idea."""
    refs = [ref for key in keys if (ref := key.partition("/")[2]).isalnum()]
    query = _visible().where(Comment.gathering_id == gathering_id, Comment.ref.in_(refs))
    found = {f"comments.comment/{row[0].ref}": _facts(row) for row in db.session.execute(query)}
    return {key: found.get(key) for key in keys}
