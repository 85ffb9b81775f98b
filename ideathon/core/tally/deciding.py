"""The entry to counting: jury, residents, ties and thresholds made one outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ideathon.core.tally.blend import combined_points, resident_points
from ideathon.core.tally.outcome import Bar, Outcome, Standing
from ideathon.core.tally.rules.jury import JuryMark, assess
from ideathon.core.tally.settings import Idea, Recusal, Score, Settings, check_material
from ideathon.core.tally.ties import in_groups, tie_steps

_NO_PLACE = (Bar.TOO_FEW_JURORS, Bar.ELIMINATED)


def decide(settings: Settings, ideas: Iterable[Idea], scores: Iterable[Score], recusals: Iterable[Recusal],
           votes: Mapping[str, int]) -> Outcome:
    """Count everything and rank the ideas, exactly; the order of the material changes nothing.

    `votes` are counted votes by idea, a missing idea has none. Points of recused jurors have no influence.
    An idea with too few jurors or out by an eliminatory criterion has no place; one below the threshold keeps its place
    but cannot win. Raises `CountError` for material that does not fit the settings. Source: the rule of the result that
    the event published before scoring.
    """
    ideas, scores, recusals = tuple(ideas), tuple(scores), tuple(recusals)
    check_material(settings, ideas, scores, recusals, dict(votes))
    counts = {idea.id: votes.get(idea.id, 0) for idea in ideas}
    marks = assess(settings, ideas, scores, recusals)
    return rank(settings, marks, counts)


def rank(settings: Settings, marks: Iterable[JuryMark], votes: Mapping[str, int]) -> Outcome:
    """Make the outcome from the jury's marks and the votes of every marked idea."""
    marks = sorted(marks, key=lambda mark: mark.idea)
    most = max(votes.values(), default=0)
    standings = [_standing(settings, mark, votes[mark.idea], most) for mark in marks]
    placed = _placed(settings, standings)
    steps = [step for mark in marks for step in mark.steps]
    unplaced = [s for s in standings if s.bar in _NO_PLACE]
    return Outcome(settings, (*placed, *unplaced), (*steps, *tie_steps(settings, placed)))


def _standing(settings: Settings, mark: JuryMark, votes: int, most: int) -> Standing:
    residents = resident_points(votes, most)
    return Standing(
        idea=mark.idea,
        place=None,
        jurors_counted=mark.jurors_counted,
        criterion_means=mark.criterion_means,
        jury=mark.points,
        votes=votes,
        residents=residents,
        combined=combined_points(settings, mark.points, residents),
        bar=mark.bar,
        eliminated_by=mark.eliminated_by,
    )


def _placed(settings: Settings, standings: Iterable[Standing]) -> list[Standing]:
    """Those that can be ranked, with their places: equal ones share a place and the next is skipped."""
    placed: list[Standing] = []
    for group in in_groups(settings, (s for s in standings if s.bar not in _NO_PLACE)):
        place = len(placed) + 1
        placed.extend(replace(standing, place=place) for standing in group)
    return placed
