"""Ideas, cost lines, supporters, members and the resources they use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideathon.extensions import db
from ideathon.mapping.models import Challenge, MapItem
from ideathon.types import Text, UtcDateTime, new_ref

STATES = ("submitted", "pitched", "ranked", "awarded", "reserve", "not_supported", "withdrawn", "hidden")
GONE = ("withdrawn", "hidden")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer says of an idea, in one language, checked and ready to be kept."""

    challenge: Challenge
    language: str
    title: str
    summary: str
    lasting: str = ""
    costs: list[tuple[str, int]] = field(default_factory=list)      # what for, cents
    own_cents: int = 0
    uses: list[MapItem] = field(default_factory=list)


class Idea(db.Model):
    """One idea; it answers one challenge. ``version`` rises with every edit."""

    __tablename__ = "idea"
    __table_args__ = (UniqueConstraint("gathering_id", "ref"),
                      CheckConstraint("own_cents >= 0", name="own_not_negative"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), default=new_ref)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    title: Mapped[Text] = mapped_column(JSON)               # {writer's language: words}
    summary: Mapped[Text] = mapped_column(JSON)
    lasting: Mapped[Text] = mapped_column(JSON, default=dict)           # what stays after the project
    target_groups: Mapped[list[Text]] = mapped_column(JSON, default=list)
    municipality_role: Mapped[Text] = mapped_column(JSON, default=dict)
    own_cents: Mapped[int] = mapped_column(default=0)       # the team's own share of the cost
    months: Mapped[int | None]
    team_size: Mapped[int | None]
    channel: Mapped[str] = mapped_column(String(10), default="phone")
    state: Mapped[str] = mapped_column(String(15), default="submitted")
    hidden_reason: Mapped[str] = mapped_column(String(200), default="")
    pitch_order: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    challenge: Mapped[Challenge] = relationship()
    costs: Mapped[list[CostLine]] = relationship(cascade="all, delete-orphan", order_by="CostLine.position")
    assets: Mapped[list[IdeaAsset]] = relationship(cascade="all, delete-orphan")

    @property
    def total_cents(self) -> int:
        """What the idea costs in all."""
        return sum(line.amount_cents for line in self.costs)

    @property
    def requested_cents(self) -> int:
        """What it asks of the project: cost less own share, never below nothing."""
        return max(0, self.total_cents - self.own_cents)


class CostLine(db.Model):
    """One line of an idea's cost, in cents."""

    __tablename__ = "cost_line"
    __table_args__ = (CheckConstraint("amount_cents >= 0", name="not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    position: Mapped[int]
    label: Mapped[Text] = mapped_column(JSON)
    amount_cents: Mapped[int]


class IdeaSupport(db.Model):
    """One person backs one idea once. It is interest, not a vote."""

    __tablename__ = "idea_support"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class IdeaMember(db.Model):
    """A person in an idea's team: author, member or mentor."""

    __tablename__ = "idea_member"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))


class IdeaAsset(db.Model):
    """A resource or skill of the place that the idea uses."""

    __tablename__ = "idea_asset"

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("map_item.id"), primary_key=True)
    item: Mapped[MapItem] = relationship()
