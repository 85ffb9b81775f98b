"""Criteria, declarations of interest, scores. The database keeps one score per juror, idea and criterion."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
    event,
    select,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from ideathon.extensions import db
from ideathon.types import Text, UtcDateTime, new_ref


class Criterion(db.Model):
    """One line of the rubric: weight in per cent, a scale and its step."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("gathering_id", "position"), UniqueConstraint("gathering_id", "ref"),
                      UniqueConstraint("id", "scale_min", "scale_max", "step"),
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
    """Points of one juror for one idea under one criterion; void when an interest is found later.

    The criterion's scale stands beside the points, tied to it by a foreign key, so that the database itself refuses
    points off the scale or between its steps (and a change of scale under points that were given).
    """

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("juror_id", "idea_id", "criterion_id"),
        ForeignKeyConstraint(["criterion_id", "scale_min", "scale_max", "step"],
                             ["criterion.id", "criterion.scale_min", "criterion.scale_max", "criterion.step"],
                             name="fk_score_scale"),
        CheckConstraint("points BETWEEN scale_min AND scale_max", name="on_scale"),
        CheckConstraint("(points - scale_min) / step * step = points - scale_min", name="on_step"))

    id: Mapped[int] = mapped_column(primary_key=True)
    juror_id: Mapped[int] = mapped_column(ForeignKey("grant.id"), index=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    criterion_id: Mapped[int]
    scale_min: Mapped[int]
    scale_max: Mapped[int]
    step: Mapped[int]
    points: Mapped[int]
    void: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(Score, "before_insert")
def _copy_scale(_mapper: Mapper[Score], connection: Connection, score: Score) -> None:
    """Points come with the scale of their criterion."""
    scale = select(Criterion.scale_min, Criterion.scale_max, Criterion.step).where(Criterion.id == score.criterion_id)
    score.scale_min, score.scale_max, score.step = connection.execute(scale).one()


class JuryState(db.Model):
    """Whether a gathering's sheets are locked."""

    __tablename__ = "jury_state"

    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), primary_key=True)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
