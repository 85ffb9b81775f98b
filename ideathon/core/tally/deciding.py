"""The entry to counting: jury, residents, ties and thresholds made one outcome; and the same from what is public."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from ideathon.core.tally.blend import blended, measure
from ideathon.core.tally.outcome import NO_PLACE, Bar, Outcome, Standing, StepKind
from ideathon.core.tally.rules.jury import Jurors, JuryMark, assess, mark
from ideathon.core.tally.settings import (
    Breaker,
    Idea,
    Recusal,
    Score,
    Settings,
    check_jurors,
    check_material,
    check_turnout,
)
from ideathon.core.tally.ties import audience, in_groups, tie_steps

OF_THE_JURY = frozenset({StepKind.JUROR_RECUSED, StepKind.SHEET_INCOMPLETE})
"""Steps that tell of a juror; all others follow from the points and the votes."""


def decide(settings: Settings, ideas: Iterable[Idea], scores: Iterable[Score], recusals: Iterable[Recusal],
           votes: Mapping[str, int], *, ballots: int | None = None, jurors: Collection[str] = ()) -> Outcome:
    """Count everything and rank the ideas, exactly; the order of the material changes nothing.

    `votes` are counted votes by idea, a missing idea has none; `ballots` are the counted ballots, which a share and a
    quorum need; `jurors` are those who should have scored, which every rule for missing points needs but leaving out.
    Points of recused jurors have no influence. An idea with too few jurors, with missing sheets where they bar, or out
    by an eliminatory criterion has no place; one below a threshold keeps its place but cannot win, and without a quorum
    none can. Raises `CountError` for material that does not fit the settings. Source: the rule of the result that the
    event published before scoring.
    """
    ideas, scores, recusals = tuple(ideas), tuple(scores), tuple(recusals)
    check_material(settings, ideas, scores, recusals, votes)
    check_turnout(settings, votes, ballots)
    check_jurors(settings, scores, jurors)
    marks = assess(settings, ideas, scores, recusals, jurors)
    return rank(settings, marks, {idea.id: (idea, votes.get(idea.id, 0)) for idea in ideas}, ballots)


def rank(settings: Settings, marks: Iterable[JuryMark], voted: Mapping[str, tuple[Idea, int]],
         ballots: int | None) -> Outcome:
    """Make the outcome from the jury's marks and every marked idea with its votes."""
    marks = sorted(marks, key=lambda mark: mark.idea)
    counted = [_standing(settings, mark, *voted[mark.idea], ballots) for mark in marks]
    held = measure(counted, ballots)
    standings = [blended(settings, held, standing) for standing in counted]
    placed = _placed(settings, standings)
    unplaced = [standing for standing in standings if standing.bar in NO_PLACE]
    prize, prize_steps = audience(settings, placed)
    steps = (*(step for mark in marks for step in mark.steps), *tie_steps(settings, placed), *prize_steps)
    return Outcome(settings, (*placed, *unplaced), steps, ballots, prize)


def recount(outcome: Outcome, settings: Settings | None = None) -> Outcome:
    """The count made again from what an outcome says in public, under its own settings or others of the same rubric.

    No juror's points are needed: the criterion means (or else the jury's points), the jurors counted and missing, what
    eliminated an idea, votes, ballots and what the breakers look at give every point, bar and place again. An outcome
    under its own settings is equal to its recount. Raises `CountError` when the settings need what the outcome does not
    say.
    """
    rule = settings or outcome.settings
    marks = []
    for one in outcome.standings:
        steps = [step for step in outcome.steps if step.kind in OF_THE_JURY and step.ideas == (one.idea,)]
        jurors = Jurors(one.jurors_counted, one.jurors_missing, one.jurors_recused)
        marks.append(mark(rule, one.idea, jurors, one.criterion_means, points=one.jury,
                          eliminated_by=one.eliminated_by, steps=steps))
    ideas = {one.idea: (Idea(one.idea, cost=one.cost, order=one.order), one.votes) for one in outcome.standings}
    votes = {idea: count for idea, (_, count) in ideas.items()}
    check_material(rule, [idea for idea, _ in ideas.values()], (), (), votes)
    check_turnout(rule, votes, outcome.ballots)
    return rank(rule, marks, ideas, outcome.ballots)


def _standing(settings: Settings, mark: JuryMark, idea: Idea, votes: int, ballots: int | None) -> Standing:
    """What is known before anything is compared: no place, no points of the residents, nothing combined."""
    return Standing(
        idea=mark.idea,
        place=None,
        jurors_counted=mark.jurors.counted,
        criterion_means=mark.criterion_means,
        jury=mark.points,
        votes=votes,
        residents=Fraction(0),
        combined=Fraction(0),
        bar=_bar(settings, mark.bar, votes, ballots),
        eliminated_by=mark.eliminated_by,
        jurors_missing=mark.jurors.missing,
        jurors_recused=mark.jurors.recused,
        cost=idea.cost if Breaker.COST in settings.ties else None,
        order=idea.order if Breaker.EARLIER in settings.ties else None,
    )


def _bar(settings: Settings, jury: Bar | None, votes: int, ballots: int | None) -> Bar | None:
    """The jury's bar and the voters': without a quorum no idea can win, whatever else it lacks."""
    if jury in NO_PLACE:
        return jury
    if (ballots or 0) < settings.quorum:
        return Bar.NO_QUORUM
    return jury or (Bar.BELOW_VOTES if votes < settings.threshold_votes else None)


def _placed(settings: Settings, standings: Iterable[Standing]) -> list[Standing]:
    """Those that can be ranked, with their places: equal ones share a place and the next is skipped."""
    placed: list[Standing] = []
    for group in in_groups(settings, (s for s in standings if s.bar not in NO_PLACE)):
        place = len(placed) + 1
        placed.extend(replace(standing, place=place) for standing in group)
    return placed
