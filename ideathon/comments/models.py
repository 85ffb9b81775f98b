"""Comments under an idea."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db
from ideathon.types import Text, UtcDateTime, new_ref


class Comment(db.Model):
    """One contribution to the talk. Nothing is deleted: it is withdrawn by its author or hidden by the host."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_idea_id_id", "idea_id", "id"),
                      CheckConstraint("kind IN ('comment','question','advice')", name="kind"),
                      CheckConstraint("state IN ('visible','hidden','withdrawn')", name="state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_role: Mapped[str] = mapped_column(String(12))        # resident | mentor | host
    author_label: Mapped[Text | None] = mapped_column(JSON)     # a mentor's field
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[Text] = mapped_column(JSON)
    channel: Mapped[str] = mapped_column(String(10), default="phone")
    state: Mapped[str] = mapped_column(String(10), default="visible")
    hidden_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
