"""Reading gatherings: what every page's header shows, the running order, the slices for news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from ideathon.clock import epoch_ms, now
from ideathon.core.acts import Role
from ideathon.core.stages import KINDS, Kind
from ideathon.extensions import db
from ideathon.people.models import Grant

from .models import Gathering, Stage

# Two numbers on every page: built once
_PEOPLE = select(func.count()).select_from(Grant).where(
    Grant.scope == "gathering", Grant.scope_id == bindparam("gathering"), Grant.role == Role.RESIDENT,
    Grant.revoked_at.is_(None))
_STAGES = select(func.count()).select_from(Stage).where(Stage.gathering_id == bindparam("gathering"))


def people_count(gathering_id: int) -> int:
    """How many residents have joined."""
    return db.session.scalar(_PEOPLE, {"gathering": gathering_id}) or 0


def stage_facts(stage: Stage | None) -> dict[str, Any] | None:
    """One stage as plain facts; times in epoch milliseconds."""
    if stage is None:
        return None
    return {"id": stage.ref, "position": stage.position, "kind": stage.kind, "title": stage.title, "state": stage.state,
            "ends_at": epoch_ms(stage.ends_at), "remaining_ms": stage.remaining_ms, "minutes": stage.minutes}


def scene(gathering: Gathering) -> str:
    """What the big screen shows: the desk's choice, else what the stage proposes."""
    return gathering.screen_scene or proposed_scene(gathering)


def proposed_scene(gathering: Gathering) -> str:
    """What the running stage would have the big screen show."""
    stage = gathering.current_stage
    if stage is None:
        return "thanks" if gathering.ended_at else "welcome"
    return str(KINDS[Kind(stage.kind)].shows)


def place(gathering: Gathering) -> dict[str, Any]:
    """The header of every page: code, title, running stage, people, whose money (see base.html)."""
    project = gathering.project
    return {
        "code": gathering.code, "title": gathering.title, "zone": gathering.zone, "held_on": gathering.held_on,
        "where": gathering.place, "stage": stage_facts(gathering.current_stage), "stages": stage_count(gathering.id),
        "over": gathering.ended_at is not None, "people": people_count(gathering.id), "scene": scene(gathering),
        "focus": gathering.screen_focus, "now": epoch_ms(now()),
        "project": {"number": project.number, "title": project.title, "short_title": project.short_title,
                    "fund_sentence": project.programme.sentence},
    }


def stage_count(gathering_id: int) -> int:
    """How many stages the day has."""
    return db.session.scalar(_STAGES, {"gathering": gathering_id}) or 0


def stage_slice(gathering: Gathering) -> dict[str, Any]:
    """The slice ``gathering.stage``: the whole truth about now."""
    return {"stage": stage_facts(gathering.current_stage), "stages": stage_count(gathering.id),
            "scene": scene(gathering), "focus": gathering.screen_focus, "over": gathering.ended_at is not None}


def next_stage(gathering: Gathering) -> Stage | None:
    """The stage that the desk's amber button starts; None when the day's last one runs."""
    at = gathering.current_stage.position if gathering.current_stage else 0
    query = select(Stage).where(Stage.gathering_id == gathering.id, Stage.position > at)
    return None if gathering.ended_at else db.session.scalar(query.order_by(Stage.position).limit(1))


def previous_stage(gathering: Gathering) -> Stage | None:
    """The stage before the running one; after the end of the day, its last one."""
    query = select(Stage).where(Stage.gathering_id == gathering.id).order_by(Stage.position.desc()).limit(1)
    if gathering.current_stage is not None:
        return db.session.scalar(query.where(Stage.position < gathering.current_stage.position))
    return db.session.scalar(query) if gathering.ended_at else None


def planned_end(stage: Stage) -> timedelta:
    """How long a stage is planned to take."""
    return timedelta(minutes=stage.minutes)


def open_gatherings() -> list[Gathering]:
    """Events for the first page, newest first."""
    return list(db.session.scalars(select(Gathering).order_by(Gathering.held_on.desc(), Gathering.id)))
