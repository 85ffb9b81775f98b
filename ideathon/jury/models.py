"""Criteria, declarations of interest, scores. The database keeps one score per juror, idea and criterion."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ideathon.extensions import db
from ideathon.types import Text, UtcDateTime, new_ref


class Criterion(db.Model):
    """One line of the rubric: weight in per cent, a scale and its step."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("gathering_id", "position"), UniqueConstraint("gathering_id", "ref"),
                      CheckConstraint("weight > 0 AND weight <= 100", name="weight"),
                      CheckConstraint("scale_max > scale_min AND step > 0", name="scale"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), default=new_ref)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    position: Mapped[int]
    label: Mapped[Text] = mapped_column(JSON)
    weight: Mapped[int]
    scale_min: Mapped[int] = mapped_column(default=0)
    scale_max: Mapped[int] = mapped_column(default=5)
    step: Mapped[int] = mapped_column(default=1)
    eliminatory: Mapped[bool] = mapped_column(default=False)


class Declaration(db.Model):
    """A juror's word about one idea: no conflict, or a conflict and why. Replaced, never deleted."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("juror_id", "idea_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    juror_id: Mapped[int] = mapped_column(ForeignKey("grant.id"), index=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    conflict: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(300), default="")
    replaced: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Score(db.Model):
    """Points of one juror for one idea under one criterion; void when an interest is found later."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("juror_id", "idea_id", "criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    juror_id: Mapped[int] = mapped_column(ForeignKey("grant.id"), index=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"))
    points: Mapped[int]
    void: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class JuryState(db.Model):
    """Whether a gathering's sheets are locked."""

    __tablename__ = "jury_state"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
