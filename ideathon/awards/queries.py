"""Reading decisions and awards: what may still be granted, whether the body may decide, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ideathon.core import tally
from ideathon.core.acts import Role
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas.models import Idea
from ideathon.people.models import Grant
from ideathon.programmes.models import Project
from ideathon.results import queries as results

from .models import Award, Decision, Milestone


@dataclass(frozen=True)
class Purse:
    """What may be granted, in cents: the event's envelope, and what the project has left beside earlier awards."""

    envelope: int
    total: int
    awarded: int

    @property
    def remainder(self) -> int:
        """What the project has left."""
        return self.total - self.awarded

    @property
    def most(self) -> int:
        """The largest award that both allow."""
        return max(0, min(self.envelope, self.remainder))


def decision(gathering_id: int) -> Decision | None:
    """The decision of a gathering with award and milestones, or None."""
    query = select(Decision).where(Decision.gathering_id == gathering_id).options(
        joinedload(Decision.award).options(selectinload(Award.milestones)))
    return db.session.scalar(query)


def decided(gathering_ids: list[int]) -> set[int]:
    """Those of the gatherings that have a decision."""
    return set(db.session.scalars(select(Decision.gathering_id).where(Decision.gathering_id.in_(gathering_ids))))


def seat_facts(gathering: Gathering, _now: datetime) -> dict[str, Any]:
    """What every seat knows of the decision."""
    return {"decided": bool(decided([gathering.id]))}


def purse(gathering: Gathering) -> Purse:
    """What may be granted at this event."""
    query = (select(func.coalesce(func.sum(Award.amount_cents), 0))
             .join(Decision, Award.decision_id == Decision.id).join(Gathering, Gathering.id == Decision.gathering_id)
             .where(Gathering.project_id == gathering.project_id))
    total = db.session.scalars(select(Project.total_cents).where(Project.id == gathering.project_id)).one()
    return Purse(gathering.envelope_cents, total, int(db.session.scalar(query) or 0))


def idea(gathering_id: int, ref: str) -> Idea | None:
    """An idea of the gathering by its public name."""
    return db.session.scalar(select(Idea).where(Idea.gathering_id == gathering_id, Idea.ref == ref))


def idea_of(found: Decision) -> Idea:
    """The idea that was chosen."""
    return db.session.scalars(select(Idea).where(Idea.id == found.idea_id)).one()


def members(gathering_id: int) -> list[tally.Member]:
    """The jurors who may vote in the decision, with the sector each stands for."""
    query = select(Grant).where(Grant.scope == "gathering", Grant.scope_id == gathering_id, Grant.role == Role.JUROR,
                                Grant.revoked_at.is_(None)).order_by(Grant.id)
    return [tally.Member(str(grant.id), grant.sector or "") for grant in db.session.scalars(query)]


def problems(gathering_id: int, ref: str) -> tuple[tally.ShareProblem, ...]:
    """What speaks against the jury deciding about this idea: quorum and shares after recusals (product.md 4.4, 8)."""
    outcome = results.outcome(gathering_id)
    if outcome is None:
        return ()
    left_out = results.recused_from(gathering_id, ref)
    shares = tally.voting_shares(members(gathering_id), left_out)
    return tally.decision_problems(shares, outcome.settings.min_jurors)


def problems_by_idea(gathering_id: int, refs: list[str]) -> dict[str, tuple[tally.ShareProblem, ...]]:
    """The same for several ideas."""
    return {ref: problems(gathering_id, ref) for ref in refs}


def outside(project: Project, due_on: date) -> bool:
    """Whether a day lies outside the project's dates, so that it is flagged (requirement V40)."""
    return not project.starts_on <= due_on <= project.ends_on


def milestones(found: Decision | None, project: Project) -> list[dict[str, Any]]:
    """The milestones as plain facts, by their day."""
    award = found.award if found else None
    return [{"title": one.title, "due_on": one.due_on, "amount_cents": one.amount_cents, "state": one.state,
             "outside": outside(project, one.due_on)} for one in (award.milestones if award else [])]


def planned_cents(award: Award) -> int:
    """What the milestones of an award add up to."""
    query = select(func.coalesce(func.sum(Milestone.amount_cents), 0)).where(Milestone.award_id == award.id)
    return int(db.session.scalar(query) or 0)
