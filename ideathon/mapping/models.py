"""Map items (needs, resources, skills, values), their support, and challenges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideathon.extensions import db
from ideathon.types import Text, UtcDateTime, new_ref

KINDS = ("need", "resource", "skill", "value")
THEMES = ("economy", "social", "culture", "youth", "transport", "environment", "other")


class MapItem(db.Model):
    """One thing that the place needs, has, knows or holds dear. ``text`` is in the writer's language."""

    __tablename__ = "map_item"
    __table_args__ = (UniqueConstraint("gathering_id", "ref"),
                      CheckConstraint("kind IN ('need','resource','skill','value')", name="kind"),
                      CheckConstraint("state IN ('visible','hidden','withdrawn')", name="state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), default=new_ref)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(10))
    theme: Mapped[str] = mapped_column(String(20), default="other")
    text: Mapped[Text] = mapped_column(JSON)                # {writer's language: words}, or both for official data
    quantity: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    private: Mapped[bool] = mapped_column(default=False)    # a skill only its owner and the host see
    channel: Mapped[str] = mapped_column(String(10), default="phone")   # phone | paper
    state: Mapped[str] = mapped_column(String(10), default="visible")
    hidden_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    backing: Mapped[int] = mapped_column(default=0)         # supporters counted on paper, beside those in map_support


class MapSupport(db.Model):
    """"Me too": one person, one item, once."""

    __tablename__ = "map_support"
    __table_args__ = (Index("ix_map_support_person_id", "person_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("map_item.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Challenge(db.Model):
    """A question that ideas answer; built by the host from at least one need."""

    __tablename__ = "challenge"
    __table_args__ = (UniqueConstraint("gathering_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), default=new_ref)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    text: Mapped[Text] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    links: Mapped[list[ChallengeLink]] = relationship(cascade="all, delete-orphan", order_by="ChallengeLink.item_id")


class ChallengeLink(db.Model):
    """The needs behind a challenge, and the resources and skills at hand for it."""

    __tablename__ = "challenge_link"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("map_item.id"), primary_key=True)
    item: Mapped[MapItem] = relationship()
