"""The verbs of the talk. All count on the gathering's shared lock; what changes one contribution holds it alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ideathon import ledger
from ideathon.core.acts import Act, Role
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.ideas.models import Idea
from ideathon.live.outbox import announce
from ideathon.types import Text
from ideathon.web.rows import hold

from .models import Comment


def _tell(here: Here, act: Act, comment: Comment, **facts: Any) -> None:
    """The record has it; the contribution, its answers (they stand alone without it) and the idea's count are news."""
    ledger.record(act, here.gathering.id, f"comment:{comment.ref}", role=here.role,
                  actor=here.person.id if here.person else None, now=here.now, **facts)
    db.session.flush()
    announce(here.gathering.id, f"comments.comment/{comment.ref}")
    for ref in db.session.scalars(select(Comment.ref).where(Comment.parent_id == comment.id)):
        announce(here.gathering.id, f"comments.comment/{ref}")
    announce(here.gathering.id, f"ideas.idea/{db.session.scalar(select(Idea.ref).where(Idea.id == comment.idea_id))}")


def _voice(here: Here) -> tuple[str, Text | None]:
    """As whom the reader speaks: a host by the office, a mentor by the field, everybody else by name."""
    if Role.HOST in here.seat.roles:
        return "host", None
    if Role.MENTOR in here.seat.roles:
        return "mentor", here.grant_as(Role.MENTOR).label
    return "resident", None


def _root(idea: Idea, parent: str) -> int | None:
    """What is answered; of an answer, what that answers."""
    query = select(Comment).where(Comment.idea_id == idea.id, Comment.ref == parent)
    answered = db.session.scalar(query) if parent else None
    return (answered.parent_id or answered.id) if answered else None


def add_comment(here: Here, idea: Idea, kind: str, text: Text, *, parent: str = "", channel: str = "phone") -> Comment:
    """The words stand under the idea, or under what they answer; an answer to an answer beside it. Shared lock."""
    role, label = _voice(here)
    comment = Comment(gathering_id=here.gathering.id, idea_id=idea.id, kind=kind, text=text, channel=channel,
                      author_id=here.person.id if here.person else None, author_role=role, author_label=label,
                      parent_id=_root(idea, parent), created_at=here.now)
    db.session.add(comment)
    db.session.flush()
    _tell(here, Act.COMMENT_ADVISE if kind == "advice" else Act.COMMENT_ADD, comment, kind=kind)
    return comment


def withdraw_comment(here: Here, comment: Comment) -> None:
    """The words have left every page. Shared lock, then the contribution alone."""
    hold(comment)
    comment.state = "withdrawn"
    _tell(here, Act.COMMENT_WITHDRAW, comment)


def hide_comment(here: Here, comment: Comment, reason: str) -> None:
    """The words are out of sight; their author reads the reason. Shared lock, then the contribution alone.

    Raises:
        NotFound: they were withdrawn meanwhile.
    """
    hold(comment)
    if comment.state == "withdrawn":
        raise NotFound("not_found")
    comment.state, comment.hidden_reason = "hidden", reason
    _tell(here, Act.COMMENT_HIDE, comment, hidden=True, reason=reason)


def restore_comment(here: Here, comment: Comment) -> None:
    """Hidden words are back. Locks as above.

    Raises:
        NotFound: they were withdrawn meanwhile.
    """
    hold(comment)
    if comment.state == "withdrawn":
        raise NotFound("not_found")
    comment.state, comment.hidden_reason = "visible", ""
    _tell(here, Act.COMMENT_HIDE, comment, hidden=False)
