"""What the jury left behind, as the count takes it: for the seal, and for whoever may count from the single sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ideathon.core import tally
from ideathon.ideas.models import Idea
from ideathon.jury import queries as jury


@dataclass(frozen=True)
class Jury:
    """What the jury left behind, with what the count needs of it."""

    scores: tuple[tally.Score, ...]
    recusals: tuple[tally.Recusal, ...]
    criteria: tuple[tally.Criterion, ...]
    jurors: tuple[str, ...]


def of_jury(gathering_id: int, scope: tally.Scope, refs: Mapping[str, str], every: Mapping[str, str]) -> Jury:
    """What the jury said of the counted ideas; a conflict with an idea that left the ballot reaches on.

    Both mappings are {idea: challenge}: `refs` of the counted ideas, `every` also of those that left.
    """
    scores, recusals, criteria, jurors = jury.material(gathering_id)
    reached = [each for recusal in recusals for each in _reach(recusal, scope, refs, every)]
    return Jury(tuple(score for score in scores if score.idea in refs), tuple(dict.fromkeys(reached)), tuple(criteria),
                tuple(juror["id"] for juror in jurors))


def _reach(recusal: tally.Recusal, scope: tally.Scope, refs: Mapping[str, str],
           every: Mapping[str, str]) -> list[tally.Recusal]:
    if recusal.idea is None or recusal.idea in refs:
        return [recusal]
    if scope is tally.Scope.EVENT:
        return [tally.Recusal(recusal.juror, None)]
    same = [ref for ref, challenge in refs.items() if challenge == every.get(recusal.idea)]
    return [tally.Recusal(recusal.juror, ref) for ref in same] if scope is tally.Scope.CHALLENGE else []


def entries(ideas: Iterable[Idea]) -> tuple[tally.Idea, ...]:
    """The ideas as the count takes them, in the order in which they were handed in."""
    handed_in = sorted(ideas, key=lambda idea: (idea.created_at, idea.id))
    return tuple(tally.Idea(idea.ref, idea.challenge.ref, idea.requested_cents, order)
                 for order, idea in enumerate(handed_in, 1))
