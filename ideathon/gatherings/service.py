"""The verbs of a gathering: joining it, and moving its clock. Moves count on the gathering's exclusive lock."""

from __future__ import annotations

from datetime import datetime, timedelta

from ideathon import ledger
from ideathon.core.acts import Act, Role
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.live.outbox import announce
from ideathon.people import service as people
from ideathon.people.models import Person

from . import queries
from .doors import Here
from .models import Gathering, Stage


def _ms(span: timedelta) -> int:
    return max(0, round(span.total_seconds() * 1000))


def join(here: Here, name: str, language: str) -> Person:
    """A person of this name sits in the hall as a resident. Shared lock."""
    person = here.person or people.new_person(name, language, here.now, notice=True)
    people.grant(person, Role.RESIDENT, "gathering", here.gathering.id, here.now)
    ledger.record(Act.GATHERING_JOIN, here.gathering.id, role="resident", actor=person.id, now=here.now)
    announce(here.gathering.id, "people.count")
    return person


def move_on(here: Here, seen: str) -> Stage | None:
    """The running stage is closed and the next one runs; after the last the day is over (None).

    ``seen`` is the ref of the stage that the host saw running ("" before the first): two hosts that press together
    move once.

    Raises:
        Refused: "already_started".
    """
    gathering = here.gathering
    _check_seen(gathering, seen)
    coming = queries.next_stage(gathering)
    _close(gathering, here.now)
    gathering.current_stage = coming
    gathering.screen_scene = None
    gathering.screen_focus = None
    if coming is None:
        gathering.ended_at = here.now
    else:
        _start(coming, here.now)
    _moved(here, Act.STAGE_MOVE, coming)
    return coming


def move_back(here: Here, seen: str) -> Stage:
    """The stage before runs again for its planned minutes, and the one that ran waits.

    Raises:
        Refused: "already_started"; "not_this_stage" when there is none before.
    """
    gathering = here.gathering
    _check_seen(gathering, seen)
    before = queries.previous_stage(gathering)
    if before is None:
        raise Refused("not_this_stage")
    if gathering.current_stage:
        gathering.current_stage.started_at = gathering.current_stage.ends_at = None
        gathering.current_stage.remaining_ms = None
    before.closed_at = None
    _start(before, here.now)
    gathering.current_stage, gathering.screen_scene, gathering.ended_at = before, None, None
    _moved(here, Act.STAGE_BACK, before)
    return before


def shift(here: Here, minutes: int) -> Stage:
    """The running stage has this many minutes more (or fewer, down to none left)."""
    stage = running(here.gathering)
    stage.minutes = max(0, stage.minutes + minutes)
    span = timedelta(minutes=minutes)
    if stage.remaining_ms is not None:
        stage.remaining_ms = max(0, stage.remaining_ms + minutes * 60_000)
    elif stage.ends_at is not None:
        from_when = max(stage.ends_at, here.now)        # minutes given after zero count from now
        stage.ends_at = max(here.now, from_when + span)
    _moved(here, Act.STAGE_TIME, stage, minutes=minutes)
    return stage


def pause(here: Here) -> Stage:
    """The clock of the running stage stands still; paused already, it goes on."""
    stage = running(here.gathering)
    if stage.remaining_ms is None:
        stage.remaining_ms = _ms(stage.ends_at - here.now) if stage.ends_at else 0
        stage.ends_at = None
    else:
        stage.ends_at = here.now + timedelta(milliseconds=stage.remaining_ms)
        stage.remaining_ms = None
    _moved(here, Act.STAGE_PAUSE, stage, paused=stage.paused)
    return stage


def show(here: Here, scene: str | None, focus: str | None = None) -> None:
    """The big screen shows this scene (None: what the stage proposes), with this idea in focus."""
    here.gathering.screen_scene = scene
    if focus is not None:
        here.gathering.screen_focus = focus or None
    _moved(here, Act.SCREEN_SET, here.gathering.current_stage, scene=scene or "")


def running(gathering: Gathering) -> Stage:
    """The running stage.

    Raises:
        Refused: "not_this_stage" before the first stage and after the last.
    """
    if gathering.current_stage is None:
        raise Refused("not_this_stage")
    return gathering.current_stage


def _check_seen(gathering: Gathering, seen: str) -> None:
    if (gathering.current_stage.ref if gathering.current_stage else "") != seen:
        raise Refused("already_started")


def _start(stage: Stage, now: datetime) -> None:
    stage.started_at, stage.ends_at = now, now + timedelta(minutes=stage.minutes)
    stage.remaining_ms = stage.closed_at = None


def _close(gathering: Gathering, now: datetime) -> None:
    if gathering.current_stage is not None:
        gathering.current_stage.closed_at = now
        gathering.current_stage.remaining_ms = None


def _moved(here: Here, act: Act, stage: Stage | None, **facts: object) -> None:
    ledger.record(act, here.gathering.id, f"stage:{stage.position}" if stage else "day", role=here.role,
                  actor=here.person.id if here.person else None, now=here.now, **facts)
    db.session.flush()
    announce(here.gathering.id, "gathering.stage")
