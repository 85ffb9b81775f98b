"""The decision, the award and its milestones."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideathon.extensions import db
from ideathon.types import UtcDateTime, new_ref


class Decision(db.Model):
    """Which idea the named body chose; a reason is required when it is not the first (product.md 0, point 2)."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), unique=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"))
    place: Mapped[int]                                          # the chosen idea's place in the ranking
    body: Mapped[str] = mapped_column(String(120))              # who decided
    reason: Mapped[str] = mapped_column(String(1000), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    award: Mapped[Award | None] = relationship(back_populates="decision")


class Award(db.Model):
    """What is granted, in cents, and under which conditions."""

    __tablename__ = "award"
    __table_args__ = (CheckConstraint("amount_cents > 0", name="positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), unique=True, default=new_ref)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    amount_cents: Mapped[int]
    conditions: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[str] = mapped_column(String(12), default="offered")   # offered | agreed | running | completed
    decision: Mapped[Decision] = relationship(back_populates="award")
    milestones: Mapped[list[Milestone]] = relationship(back_populates="award", order_by="Milestone.due_on")


class Milestone(db.Model):
    """A step of the funded work: what, by when, for how much."""

    __tablename__ = "milestone"
    __table_args__ = (CheckConstraint("amount_cents >= 0", name="not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    due_on: Mapped[date] = mapped_column(Date)
    amount_cents: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12), default="planned")  # evidence_in, accepted, late, waived
    award: Mapped[Award] = relationship(back_populates="milestones")
