"""Reading the outcome: what is sealed, which places the hall has seen, and nothing of the places still to come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select

from ideathon.core import tally
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering
from ideathon.ideas.models import Idea
from ideathon.jury.models import Criterion
from ideathon.mapping.models import Challenge
from ideathon.types import Text
from ideathon.voting.models import Round

from .models import Formula, SealedOutcome
from .pictures import picture

OWN_REASONS = frozenset({tally.Code.BELOW_THRESHOLD, tally.Code.ELIMINATED, tally.Code.TOO_FEW_JURORS,
                         tally.Code.SHEETS_MISSING, tally.Code.NO_QUORUM})
"""Reasons that speak of the idea alone; all others measure it against the winner, and wait until that one is shown."""


@dataclass(frozen=True)
class Reading:
    """A sealed outcome, read once: why each idea stands where it does, and its places from the last upward."""

    outcome: tally.Outcome
    reasons: dict[str, tally.Reason]
    steps: tuple[tuple[tally.Standing, ...], ...]


_SEAT = (select(Formula.frozen_at, SealedOutcome.sealed_at, SealedOutcome.revealed_at)
         .outerjoin(SealedOutcome, SealedOutcome.gathering_id == Formula.gathering_id)
         .where(Formula.gathering_id == bindparam("gathering")))


def formula(gathering_id: int) -> Formula:
    """How this event's result is made."""
    return db.session.scalars(select(Formula).where(Formula.gathering_id == gathering_id)).one()


def sealed(gathering_id: int) -> SealedOutcome | None:
    """The sealed outcome's row, or None before the seal."""
    return db.session.get(SealedOutcome, gathering_id)


def round_of(gathering_id: int) -> Round | None:
    """The residents' round, fresh from the database."""
    return db.session.scalar(select(Round).where(Round.gathering_id == gathering_id)
                             .execution_options(populate_existing=True))


def counted_ideas(gathering_id: int, options: list[str]) -> list[Idea]:
    """The ideas that were on the ballot and were not taken off it since, by their number."""
    query = select(Idea).where(Idea.gathering_id == gathering_id, Idea.ref.in_(options),
                               Idea.state.not_in(("withdrawn", "hidden"))).order_by(Idea.id)
    return list(db.session.scalars(query))


def challenges_of_ideas(gathering_id: int) -> dict[str, str]:
    """Which challenge each idea answers, by refs; also of ideas that were taken back or hidden."""
    query = select(Idea.ref, Challenge.ref).join(Challenge, Challenge.id == Idea.challenge_id)
    return dict(db.session.execute(query.where(Idea.gathering_id == gathering_id)).all())


def seat_facts(gathering: Gathering, _now: datetime) -> dict[str, Any]:
    """What every seat knows of the result."""
    found = db.session.execute(_SEAT, {"gathering": gathering.id}).one_or_none()
    frozen_at, sealed_at, revealed_at = found or (None, None, None)
    return {"frozen": frozen_at is not None, "sealed": sealed_at is not None, "revealed": revealed_at is not None}


@lru_cache(maxsize=8)
def _read(data: str) -> Reading:
    """Reading is pure, and many phones ask at once: kept for the text that was read."""
    outcome = tally.from_data(json.loads(data))
    groups = [tuple(group) for _, group in groupby(outcome.standings, key=lambda standing: standing.place)]
    return Reading(outcome, {reason.idea: reason for reason in tally.explain(outcome)}, tuple(reversed(groups)))


def reading(row: SealedOutcome) -> Reading:
    """The sealed outcome with its reasons and steps."""
    return _read(json.dumps(row.outcome, sort_keys=True))


def outcome(gathering_id: int) -> tally.Outcome | None:
    """The whole outcome, for rooms above that act after the reveal; None before the seal."""
    row = sealed(gathering_id)
    return None if row is None else reading(row).outcome


def progress(gathering_id: int) -> dict[str, Any]:
    """For the desk: sealed or not, how many steps of the reveal the hall has seen, and of how many."""
    row = sealed(gathering_id)
    if row is None:
        return {"sealed": False, "shown": 0, "of": 0, "revealed": False}
    return {"sealed": True, "shown": row.shown, "of": len(reading(row).steps), "revealed": row.revealed_at is not None}


def shown(gathering_id: int) -> list[dict[str, Any]]:
    """The places that the hall has seen, best first; nothing is read of the others but their number."""
    row = sealed(gathering_id)
    if row is None or row.shown == 0:
        return []
    read = reading(row)
    standings = [standing for step in reversed(read.steps[: row.shown]) for standing in step]
    ideas = _ideas(gathering_id, [standing.idea for standing in standings])
    return [_place(read, standing, ideas[standing.idea], row.revealed_at is not None) for standing in standings]


def _ideas(gathering_id: int, refs: list[str]) -> dict[str, Idea]:
    query = select(Idea).where(Idea.gathering_id == gathering_id, Idea.ref.in_(refs))
    return {idea.ref: idea for idea in db.session.scalars(query)}


def _place(read: Reading, standing: tally.Standing, idea: Idea, everything: bool) -> dict[str, Any]:
    """One place as plain facts. What compares it with better places is added only when all places are shown."""
    outcome, reason = read.outcome, read.reasons[idea.ref]
    apart = outcome.settings.blend is tally.Blend.SEPARATE
    return {
        "place": standing.place, "ref": idea.ref, "title": idea.title, "requested_cents": idea.requested_cents,
        "jury": tally.rounded(standing.jury), "jury_side": tally.rounded(standing.jury_side),
        "residents": tally.rounded(standing.residents), "combined": tally.rounded(standing.combined),
        "together": None if apart else tally.rounded(standing.combined),
        "votes": standing.votes, "jurors": standing.jurors_counted, **_parts(outcome.settings, standing),
        "bar": standing.bar and str(standing.bar), "equal": _shares_place(read, standing),
        "why": _reason(reason) if everything or reason.code in OWN_REASONS else None,
        "won": everything and idea.ref == outcome.winner,
        "reserve": everything and idea.ref == outcome.reserve,
        "audience": everything and idea.ref in outcome.audience,
    }


def _parts(rule: tally.Settings, standing: tally.Standing) -> dict[str, str]:
    """What each side adds to the combined points; apart from each other the jury's are all of them."""
    apart = rule.blend is tally.Blend.SEPARATE
    jury, residents = (1, 0) if apart else (rule.jury_weight, rule.resident_weight)
    whole = jury + residents
    return {"jury_part": tally.rounded(jury * standing.jury_side / whole),
            "residents_part": tally.rounded(residents * standing.residents / whole)}


def _shares_place(read: Reading, standing: tally.Standing) -> bool:
    alike = [other for other in read.outcome.standings if other.place == standing.place]
    return standing.place is not None and len(alike) > 1


def _reason(reason: tally.Reason) -> dict[str, Any]:
    """A reason as plain facts; points as decimal strings."""
    facts = {"code": str(reason.code), "votes": reason.votes, "missing": reason.missing, "other": reason.other,
             "by": reason.by and str(reason.by), "criterion": reason.criterion, "have": reason.have,
             "need": reason.need}
    points = {"points": reason.points, "jury": reason.jury, "threshold": reason.threshold}
    exact = {name: tally.rounded(value) for name, value in points.items() if value is not None}
    return {name: value for name, value in facts.items() if value is not None} | exact


def reveal_slice(gathering_id: int, keys: list[str]) -> dict[str, Any]:
    """The slice ``results.reveal``: the places shown so far, best first. Not how many will come: ties would show."""
    made = progress(gathering_id)
    return {keys[0]: {"places": shown(gathering_id), "shown": made["shown"], "sealed": made["sealed"],
                      "revealed": made["revealed"]}}


def parted(gathering_id: int) -> list[dict[str, Any]]:
    """Every tie after the reveal: the ideas that were equal and what parted them ("" when nothing did).

    `audience` tells a tie of votes for the audience prize from one of points.
    """
    row = sealed(gathering_id)
    if row is None or row.revealed_at is None:
        return []
    points = {tally.StepKind.TIE_BROKEN, tally.StepKind.TIE_STANDS}
    votes = {tally.StepKind.AUDIENCE_TIE_BROKEN, tally.StepKind.AUDIENCE_TIE_STANDS}
    return [{"ideas": list(step.ideas), "by": str(step.by), "audience": step.kind in votes}
            for step in reading(row).outcome.steps if step.kind in points | votes]


def seen_lines(gathering_id: int) -> dict[str, dict[str, Any]]:
    """Every idea's small picture after the reveal: what it had beside the line that it had to pass."""
    row = sealed(gathering_id)
    if row is None or row.revealed_at is None:
        return {}
    found = reading(row).outcome
    return {one.idea: picture(found, one) for one in found.standings}


def recusals(gathering_id: int) -> int:
    """How often a juror stood back from an idea; never who."""
    found = outcome(gathering_id)
    return 0 if found is None else sum(step.kind is tally.StepKind.JUROR_RECUSED for step in found.steps)


def recused_from(gathering_id: int, ref: str) -> set[str]:
    """The jurors who stood back from an idea, as far as the rule lets a recusal reach; for checks, never for pages."""
    found = outcome(gathering_id)
    steps = found.steps if found else ()
    return {step.by for step in steps if step.kind is tally.StepKind.JUROR_RECUSED and ref in step.ideas}


def criteria_words(gathering_id: int) -> dict[str, Text]:
    """The rubric's words by criterion, in the rubric's order."""
    query = select(Criterion).where(Criterion.gathering_id == gathering_id).order_by(Criterion.position)
    return {one.ref: one.label for one in db.session.scalars(query)}
