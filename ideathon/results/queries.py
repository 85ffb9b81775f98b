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

from .material import of_jury
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


def rule(gathering_id: int) -> Formula:
    """How this event's result is made: once it is sealed, as it was sealed, and whatever became of the row since."""
    standing, row = formula(gathering_id), sealed(gathering_id)
    if row is None:
        return standing
    kept = reading(row).outcome.settings
    return Formula(
        gathering_id=gathering_id, frozen_at=standing.frozen_at, jury_weight=int(kept.jury_weight),
        resident_weight=int(kept.resident_weight), threshold=int(kept.threshold_jury), min_jurors=kept.min_jurors,
        recusal_scope=str(kept.recusal_scope), tie_order=[str(name) for name in kept.ties], lot_seed=kept.seed,
        blend=str(kept.blend), threshold_votes=kept.threshold_votes, quorum=kept.quorum, missing=str(kept.missing))


def names(gathering: Gathering, refs: list[str]) -> dict[str, Any]:
    """What the event, these ideas and the criteria are called, to be sealed with the result."""
    titles = select(Idea.ref, Idea.title).where(Idea.gathering_id == gathering.id, Idea.ref.in_(refs))
    return {"event": {"code": gathering.code, "title": gathering.title, "date": gathering.held_on.isoformat()},
            "titles": dict(db.session.execute(titles).all()), "criteria_titles": criteria_words(gathering.id)}


def sealed(gathering_id: int) -> SealedOutcome | None:
    """The sealed outcome's row, or None before the seal."""
    return db.session.get(SealedOutcome, gathering_id)


def round_of(gathering_id: int) -> Round | None:
    """The residents' round, fresh from the database."""
    return db.session.scalar(select(Round).where(Round.gathering_id == gathering_id, Round.state != "annulled")
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
    points = dict.fromkeys(("jury", "jury_side", "combined")) if _untold(standing) else {
        "jury": tally.rounded(standing.jury), "jury_side": tally.rounded(standing.jury_side),
        "combined": tally.rounded(standing.combined)}
    return {
        "place": standing.place, "ref": idea.ref, "title": idea.title, "requested_cents": idea.requested_cents,
        **points, "residents": tally.rounded(standing.residents), "together": None if apart else points["combined"],
        "votes": standing.votes, "jurors": _full(outcome, standing), **_parts(outcome.settings, standing),
        "bar": standing.bar and str(standing.bar), "equal": _shares_place(read, standing),
        "why": _reason(reason) if everything or reason.code in OWN_REASONS else None,
        "won": everything and idea.ref == outcome.winner,
        "reserve": everything and idea.ref == outcome.reserve,
        "audience": everything and idea.ref in outcome.audience, "audience_shared": len(outcome.audience) > 1,
    }


def _full(found: tally.Outcome, standing: tally.Standing) -> int:
    return found.settings.full_sheets(standing.jurors_counted, standing.jurors_missing)


def _untold(standing: tally.Standing) -> bool:
    """Whether the jury's points of the idea are in nobody's result: no sheet counted, or too few to be told."""
    return standing.bar in tally.NO_PLACE and not standing.criterion_means


def _parts(rule: tally.Settings, standing: tally.Standing) -> dict[str, str]:
    """What each side adds to the combined points; apart from each other the jury's are all of them."""
    if _untold(standing):
        return {"jury_part": tally.rounded(0), "residents_part": tally.rounded(0)}
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
             "need": reason.need, "place": reason.place, "rival": reason.rival,
             "rival_by": reason.rival_by and str(reason.rival_by), "held_back": reason.held_back or None}
    needed = reason.threshold or 0      # told with so many decimals that what is less does not look equal
    points = {"points": (reason.points, 0), "jury": (reason.jury, needed), "threshold": (reason.threshold, reason.jury)}
    exact = {name: tally.apart(value, other or 0) for name, (value, other) in points.items() if value is not None}
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
    return 0 if found is None else sum(one.jurors_recused for one in found.standings)


def recused_from(gathering_id: int, ref: str) -> set[str]:
    """The jurors who stood back from an idea, as far as the rule lets a recusal reach; for checks, never for pages.

    The sealed result is for everybody and names none, so they are read from the locked declarations.
    """
    found, every = outcome(gathering_id), challenges_of_ideas(gathering_id)
    if found is None:
        return set()
    refs = {one.idea: every[one.idea] for one in found.standings}
    left = of_jury(gathering_id, found.settings.recusal_scope, refs, every)
    ideas = [tally.Idea(idea, challenge) for idea, challenge in refs.items()]
    return set(tally.recused_jurors(found.settings.recusal_scope, ideas, left.recusals).get(ref, ()))


def criteria_words(gathering_id: int) -> dict[str, Text]:
    """The rubric's words by criterion, in the rubric's order."""
    query = select(Criterion).where(Criterion.gathering_id == gathering_id).order_by(Criterion.position)
    return {one.ref: one.label for one in db.session.scalars(query)}
