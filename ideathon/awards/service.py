"""The verbs of funding: decide, grant, add a milestone. All hold the gathering alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from ideathon import ledger
from ideathon.core import tally
from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here
from ideathon.ideas.models import Idea
from ideathon.live.outbox import announce
from ideathon.programmes.models import Project
from ideathon.results import queries as results

from . import queries
from .models import Award, Decision, Milestone


def _record(here: Here, act: Act, thing: str, **facts: Any) -> None:
    """The act stands in the record, and the record is chained again up to it."""
    ledger.record(act, here.gathering.id, thing, role=here.role, actor=here.person.id if here.person else None,
                  now=here.now, **facts)
    ledger.seal(here.gathering.id)


def _eligible(outcome: tally.Outcome, idea: Idea | None) -> tally.Standing:
    if idea is None:
        raise Refused("unknown_idea")
    try:
        standing = outcome.standing(idea.ref)
    except KeyError:
        raise Refused("unknown_idea") from None
    if not standing.eligible:
        raise Refused("not_eligible")
    return standing


def decide(here: Here, idea: Idea | None, body: str, reason: str = "") -> Decision:
    """The body's choice stands, and every counted idea knows what became of it. Exclusive lock.

    The reserve is the best eligible idea beside the chosen one. Any choice but the single winner needs a reason,
    also one between equals (product.md 0, point 2).

    Raises:
        Refused: "already_decided"; "not_revealed"; "unknown_idea"; "not_eligible"; "reason_needed".
    """
    gathering = here.gathering.id
    outcome = results.outcome(gathering)
    if outcome is None or not here.seat.revealed:
        raise Refused("not_revealed")
    if queries.decision(gathering) is not None:
        raise Refused("already_decided")
    standing = _eligible(outcome, idea)
    if idea.ref != outcome.winner and not reason.strip():
        raise Refused("reason_needed")
    made = Decision(gathering_id=gathering, idea_id=idea.id, place=standing.place or 0, body=body, reason=reason,
                    decided_by=here.person.id if here.person else None, decided_at=here.now)
    db.session.add(made)
    db.session.flush()
    _settle(here, outcome, idea)
    warnings = [str(problem.code) for problem in queries.problems(gathering, idea.ref)]
    _record(here, Act.AWARD_DECIDE, f"idea:{idea.ref}", place=made.place, first=idea.ref == outcome.winner,
            body=body, reason=reason, warnings=warnings)
    return made


def _settle(here: Here, outcome: tally.Outcome, chosen: Idea) -> None:
    """Chosen, reserve, not supported: the end of every counted idea's way."""
    able = [standing.idea for standing in outcome.standings if standing.eligible and standing.idea != chosen.ref]
    reserve = able[0] if able else None
    ends = {chosen.ref: "awarded", reserve: "reserve"}
    counted = [standing.idea for standing in outcome.standings]
    query = select(Idea).where(Idea.gathering_id == here.gathering.id, Idea.ref.in_(counted))
    for idea in db.session.scalars(query):
        idea.state = ends.get(idea.ref, "not_supported")
        announce(here.gathering.id, f"ideas.idea/{idea.ref}")
    announce(here.gathering.id, "results.reveal")


def grant(here: Here, amount_cents: int, conditions: str = "") -> Award:
    """The decided idea is granted this sum, within the envelope and within what the project has left.

    Exclusive lock on the gathering, then on the project's row: two events of one project cannot both spend its rest.

    Raises:
        Refused: "not_decided"; "already_decided"; "over_envelope"; "over_remainder".
    """
    gathering = here.gathering
    held = select(Project.id).where(Project.id == gathering.project_id).with_for_update(key_share=True)
    db.session.scalars(held).one()
    found = queries.decision(gathering.id)
    if found is None:
        raise Refused("not_decided")
    if found.award is not None:
        raise Refused("already_decided")
    purse = queries.purse(gathering)
    if amount_cents > purse.envelope:
        raise Refused("over_envelope", cents=purse.envelope)
    if amount_cents > purse.remainder:
        raise Refused("over_remainder", cents=purse.remainder)
    made = Award(decision=found, amount_cents=amount_cents, conditions=conditions)
    db.session.add(made)
    db.session.flush()
    _record(here, Act.AWARD_DECIDE, f"award:{made.ref}", amount_cents=amount_cents)
    return made


def add_milestone(here: Here, title: str, due_on: date, amount_cents: int = 0) -> Milestone:
    """The award has one milestone more; together they never pass the award. Exclusive lock.

    A day outside the project's dates is taken and flagged wherever it is shown (requirement V40).

    Raises:
        Refused: "not_decided"; "milestones_over_award".
    """
    found = queries.decision(here.gathering.id)
    if found is None or found.award is None:
        raise Refused("not_decided")
    left = found.award.amount_cents - queries.planned_cents(found.award)
    if amount_cents > left:
        raise Refused("milestones_over_award", cents=left)
    made = Milestone(award=found.award, title=title, due_on=due_on, amount_cents=amount_cents)
    db.session.add(made)
    db.session.flush()
    flagged = queries.outside(here.gathering.project, due_on)
    _record(here, Act.MILESTONE_ADD, f"milestone:{made.id}", amount_cents=amount_cents, due_on=due_on.isoformat(),
            outside=flagged)
    return made
