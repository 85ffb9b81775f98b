"""The verbs of the jury. Shared lock on the gathering; one juror's acts wait for each other on the juror's own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.ideas.models import Idea
from ideathon.live.outbox import announce
from ideathon.people.models import Grant
from ideathon.web.rows import hold

from . import queries
from .models import Criterion, Declaration, JuryState, Score

PROGRESS = "jury.progress"


class OffScale(Refused):
    """Points outside the scale, or between its steps."""

    status = 422


def declare(here: Here, juror: Grant, ideas: Sequence[Idea], conflicts: Mapping[str, str]) -> None:
    """For every one of the ideas the juror has declared: a conflict and why, or none. Shared lock.

    A conflict makes the juror's own earlier scores for the idea void. An earlier declaration is kept, replaced.
    """
    hold(juror)
    held = queries.declarations(juror.id)
    voided = 0
    for idea in ideas:
        said = Declaration(juror_id=juror.id, idea_id=idea.id, version=1, conflict=idea.ref in conflicts,
                           reason=conflicts.get(idea.ref, ""), at=here.now)
        _say(held.get(idea.id), said)
        voided += _void_scores(juror, idea) if said.conflict else 0
    ledger.record(Act.JURY_DECLARE, here.gathering.id, "jury", role=here.role, actor=juror.person_id, now=here.now,
                  ideas=len(ideas), conflicts=sorted(conflicts), voided=voided)
    announce(here.gathering.id, PROGRESS)


def score(here: Here, juror: Grant, idea: Idea, criterion: Criterion, points: int | None) -> Score:
    """The juror's points for the idea under the criterion are these. Shared lock.

    Raises:
        OffScale: the points are not on the criterion's scale and step.
    """
    if points is None or not _takes(criterion, points):
        raise OffScale("off_scale")
    hold(juror)
    which = {"juror_id": juror.id, "idea_id": idea.id, "criterion_id": criterion.id}
    given = db.session.scalar(select(Score).filter_by(**which)) or Score(**which)
    given.points, given.void, given.at = points, False, here.now
    db.session.add(given)
    db.session.flush()
    ledger.record(Act.JURY_SCORE, here.gathering.id, f"idea:{idea.ref}", role=here.role, actor=juror.person_id,
                  now=here.now, criterion=criterion.ref)
    announce(here.gathering.id, PROGRESS)
    return given


def lock(here: Here) -> bool:
    """No sheet changes any more; False when that was so already. Exclusive lock."""
    state = db.session.get(JuryState, here.gathering.id) or JuryState(gathering_id=here.gathering.id)
    if state.locked_at is not None:
        return False
    state.locked_at = here.now
    db.session.add(state)
    db.session.flush()
    ledger.record(Act.JURY_LOCK, here.gathering.id, "jury", role=here.role,
                  actor=here.person.id if here.person else None, now=here.now)
    announce(here.gathering.id, PROGRESS)
    return True


def _say(before: Declaration | None, said: Declaration) -> None:
    if before is not None:
        if (before.conflict, before.reason) == (said.conflict, said.reason):
            return
        before.replaced, said.version = True, before.version + 1
    db.session.add(said)
    db.session.flush()


def _void_scores(juror: Grant, idea: Idea) -> int:
    mine = update(Score).where(Score.juror_id == juror.id, Score.idea_id == idea.id, Score.void.is_(False))
    return int(db.session.execute(mine.values(void=True)).rowcount)     # type: ignore[attr-defined]  # a cursor result


def _takes(criterion: Criterion, points: int) -> bool:
    on_scale = criterion.scale_min <= points <= criterion.scale_max
    return on_scale and (points - criterion.scale_min) % criterion.step == 0
