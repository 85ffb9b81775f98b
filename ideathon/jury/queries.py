"""Reading the jury: the rubric, a juror's own declarations and points, who is done. The seal alone reads all points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import func, select

from ideathon.core.acts import Role
from ideathon.core.tally import settings as tally
from ideathon.errors import NotFound
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas import queries as ideas
from ideathon.ideas.models import Idea
from ideathon.people.models import Grant

from .models import Criterion, Declaration, JuryState, Score


class Material(NamedTuple):
    """What a count is made from, beside ideas and votes: in the form that core.tally.decide takes."""

    scores: tuple[tally.Score, ...]
    recusals: tuple[tally.Recusal, ...]
    criteria: tuple[tally.Criterion, ...]
    jurors: tuple[dict[str, Any], ...]


def rubric(gathering_id: int) -> list[Criterion]:
    """The criteria, in order."""
    query = select(Criterion).where(Criterion.gathering_id == gathering_id).order_by(Criterion.position)
    return list(db.session.scalars(query))


def idea_to_score(gathering_id: int, ref: str) -> Idea:
    """One of the ideas before the jury.

    Raises:
        NotFound: there is none of this name.
    """
    found = next((idea for idea in ideas.pitching(gathering_id) if idea.ref == ref), None)
    if found is None:
        raise NotFound("not_found")
    return found


def is_locked(gathering_id: int) -> bool:
    """Whether the sheets are locked."""
    query = select(JuryState.locked_at).where(JuryState.gathering_id == gathering_id)
    return db.session.scalar(query) is not None


def facts(gathering: Gathering, _now: datetime) -> dict[str, Any]:
    """The jury's fact for every seat of a gathering."""
    return {"locked": is_locked(gathering.id)}


def declarations(juror_id: int) -> dict[int, Declaration]:
    """The declarations of a juror that hold, by idea."""
    query = select(Declaration).where(Declaration.juror_id == juror_id, Declaration.replaced.is_(False))
    return {one.idea_id: one for one in db.session.scalars(query)}


def points(juror_id: int, idea_id: int) -> dict[int, int]:
    """A juror's own points for one idea, by criterion; without void ones."""
    query = select(Score.criterion_id, Score.points).where(Score.juror_id == juror_id, Score.idea_id == idea_id,
                                                           Score.void.is_(False))
    return dict(db.session.execute(query).all())


def sheet(gathering_id: int, juror_id: int) -> list[dict[str, Any]]:
    """A juror's own list: every idea in pitch order, with its state undeclared, recused, open or done."""
    criteria, held = len(rubric(gathering_id)), declarations(juror_id)
    given = _given(gathering_id).get(juror_id, {})
    return [_line(idea, held.get(idea.id), given.get(idea.id, 0), criteria) for idea in ideas.pitching(gathering_id)]


def _line(idea: Idea, declared: Declaration | None, given: int, criteria: int) -> dict[str, Any]:
    if declared is None or declared.conflict:
        state = "recused" if declared else "undeclared"
    else:
        state = "done" if given >= criteria else "open"
    return {"ref": idea.ref, "title": idea.title, "cents": idea.requested_cents, "state": state, "done": given,
            "of": criteria, "reason": declared.reason if declared else ""}


def _given(gathering_id: int) -> dict[int, dict[int, int]]:
    """How many criteria are scored, by juror and idea."""
    query = (select(Score.juror_id, Score.idea_id, func.count()).join(Criterion, Criterion.id == Score.criterion_id)
             .where(Criterion.gathering_id == gathering_id, Score.void.is_(False))
             .group_by(Score.juror_id, Score.idea_id))
    found: dict[int, dict[int, int]] = {}
    for juror, idea, count in db.session.execute(query):
        found.setdefault(juror, {})[idea] = count
    return found


def total(criteria: Iterable[Criterion], given: Mapping[int, int]) -> Fraction:
    """A sheet's own sum out of 100; what is not scored yet adds nothing."""
    return sum((Fraction(one.weight * given.get(one.id, 0), one.scale_max) for one in criteria), Fraction(0))


def jurors(gathering_id: int) -> list[Grant]:
    """Who sits in the jury, in the order of their seats."""
    query = select(Grant).where(Grant.scope == "gathering", Grant.scope_id == gathering_id, Grant.role == Role.JUROR,
                                Grant.revoked_at.is_(None)).order_by(Grant.id)
    return list(db.session.scalars(query))


def progress(gathering_id: int) -> dict[str, Any]:
    """Who has declared and how many sheets are done, for the desk: numbers of sheets, never points."""
    criteria, given = len(rubric(gathering_id)), _given(gathering_id)
    listed = {idea.id for idea in ideas.pitching(gathering_id)}
    held = _held(gathering_id)
    rows = [{"label": juror.label or {}, **_row(held.get(juror.id, {}), given.get(juror.id, {}), listed, criteria)}
            for juror in jurors(gathering_id)]
    return {"done": sum(row["done"] for row in rows), "of": sum(row["of"] for row in rows),
            "locked": is_locked(gathering_id), "jurors": rows}


def _held(gathering_id: int) -> dict[int, dict[int, bool]]:
    query = (select(Declaration.juror_id, Declaration.idea_id, Declaration.conflict)
             .join(Idea, Idea.id == Declaration.idea_id)
             .where(Idea.gathering_id == gathering_id, Declaration.replaced.is_(False)))
    found: dict[int, dict[int, bool]] = {}
    for juror, idea, conflict in db.session.execute(query):
        found.setdefault(juror, {})[idea] = conflict
    return found


def _row(held: Mapping[int, bool], given: Mapping[int, int], listed: set[int], criteria: int) -> dict[str, Any]:
    mine = [idea for idea in listed if not held.get(idea, False)]
    done = sum(given.get(idea, 0) >= criteria for idea in mine)
    return {"declared": listed <= held.keys(), "done": done, "of": len(mine)}


def progress_slice(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slice ``jury.progress``."""
    return dict.fromkeys(keys, progress(gathering_id))


def material(gathering_id: int) -> Material:
    """Every point for the ideas on the list, and every recusal, also from ideas that left it; for the seal alone."""
    refs = {idea.id: idea.ref for idea in ideas.pitching(gathering_id)}
    criteria = rubric(gathering_id)
    names, seats = {one.id: one.ref for one in criteria}, jurors(gathering_id)
    sitting = {juror.id for juror in seats}
    scores = select(Score).where(Score.idea_id.in_(refs), Score.criterion_id.in_(names), Score.void.is_(False))
    every = dict(db.session.execute(select(Idea.id, Idea.ref).where(Idea.gathering_id == gathering_id)).all())
    recusals = [(juror, idea) for juror, held in _held(gathering_id).items() if juror in sitting
                for idea, conflict in held.items() if conflict]
    return Material(
        tuple(tally.Score(str(s.juror_id), refs[s.idea_id], names[s.criterion_id], s.points)
              for s in db.session.scalars(scores.order_by(Score.id)) if s.juror_id in sitting),
        tuple(tally.Recusal(str(juror), every[idea]) for juror, idea in sorted(recusals)),
        tuple(tally.Criterion(c.ref, c.weight, c.scale_max, c.scale_min, c.step, c.eliminatory) for c in criteria),
        tuple({"id": str(j.id), "label": j.label or {}, "sector": j.sector, "country": j.country} for j in seats))
