"""The event itself (a gathering) and its running order of stages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ideathon.extensions import db
from ideathon.programmes.models import Project, Territory
from ideathon.types import Text, UtcDateTime, new_ref


class Gathering(db.Model):
    """One event. Its row is what a door locks: shared by the many, alone by whoever moves the game."""

    __tablename__ = "gathering"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)          # upper case, typed or in the QR
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    kind: Mapped[str] = mapped_column(String(20), default="ideathon")
    title: Mapped[Text] = mapped_column(JSON)
    place: Mapped[Text] = mapped_column(JSON)
    held_on: Mapped[date] = mapped_column(Date)
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Riga")
    envelope_cents: Mapped[int] = mapped_column(default=0)              # what may be awarded
    screen_key: Mapped[str] = mapped_column(String(40), unique=True)
    screen_scene: Mapped[str | None] = mapped_column(String(20))        # None: what the stage proposes
    screen_focus: Mapped[str | None] = mapped_column(String(12))        # the idea on the pitch screen
    current_stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id", use_alter=True))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    project: Mapped[Project] = relationship()
    territory: Mapped[Territory] = relationship()
    stages: Mapped[list[Stage]] = relationship(back_populates="gathering", order_by="Stage.position",
                                               foreign_keys="Stage.gathering_id")
    current_stage: Mapped[Stage | None] = relationship(foreign_keys=[current_stage_id], post_update=True)


class Stage(db.Model):
    """One stage of the day. While it runs, ``ends_at`` says when; while it is paused, ``remaining_ms`` what is left."""

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("gathering_id", "position"), CheckConstraint("minutes >= 0", name="minutes"))

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(12), default=new_ref)
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    position: Mapped[int]                                   # 1, 2, 3 …
    kind: Mapped[str] = mapped_column(String(20))           # core.stages.Kind
    title: Mapped[Text] = mapped_column(JSON)
    minutes: Mapped[int]
    planned_start: Mapped[str] = mapped_column(String(5), default="")   # "10:30", local to the event
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remaining_ms: Mapped[int | None]                        # set while paused
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gathering: Mapped[Gathering] = relationship(back_populates="stages", foreign_keys=[gathering_id])

    @property
    def paused(self) -> bool:
        """Whether the clock of this stage stands still."""
        return self.remaining_ms is not None

    @property
    def state(self) -> str:
        """waiting, running, paused or closed."""
        if self.started_at is None:
            return "waiting"
        if self.closed_at is not None:
            return "closed"
        return "paused" if self.paused else "running"
