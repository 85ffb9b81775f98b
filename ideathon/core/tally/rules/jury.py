"""The jury's points: the weighted mean of each criterion over the jurors who may and did score the idea."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ideathon.core.tally.outcome import Bar, Step, StepKind
from ideathon.core.tally.settings import Criterion, Idea, Number, Recusal, Scope, Score, Settings

Sheets = dict[str, dict[str, Number]]
"""Points of one idea: juror, then criterion."""


@dataclass(frozen=True)
class JuryMark:
    """What the jury gave one idea: exact points 0 to 100, what bars it from winning, and what was left out."""

    idea: str
    jurors_counted: int
    criterion_means: tuple[tuple[str, Fraction], ...]
    points: Fraction
    bar: Bar | None
    eliminated_by: str | None
    steps: tuple[Step, ...]


def assess(settings: Settings, ideas: Iterable[Idea], scores: Iterable[Score],
           recusals: Iterable[Recusal]) -> list[JuryMark]:
    """Mark every idea: 100 * sum(weight * mean / scale_max) / sum(weight) over complete sheets of jurors not recused.

    An incomplete sheet does not count, so that every criterion's mean is over the same jurors; a step names it.
    Sources: declared recusals and at least three evaluators (Zied zeme LV), a criterion that can end the evaluation
    (Lielupe LV), a lowest number of points (Rajupusu FI).
    """
    ideas = tuple(ideas)
    recused = recused_jurors(settings.recusal_scope, ideas, recusals)
    sheets: dict[str, Sheets] = {idea.id: {} for idea in ideas}
    for score in scores:
        sheets[score.idea].setdefault(score.juror, {})[score.criterion] = score.points
    return [_mark(settings, idea.id, sheets[idea.id], recused[idea.id]) for idea in ideas]


def recused_jurors(scope: Scope, ideas: Iterable[Idea], recusals: Iterable[Recusal]) -> dict[str, frozenset[str]]:
    """For every idea the jurors who may neither score it nor decide on it, however far a recusal reaches."""
    ideas, recusals = tuple(ideas), tuple(recusals)
    challenges = {idea.id: idea.challenge for idea in ideas}
    return {
        idea.id: frozenset(r.juror for r in recusals if _reaches(scope, challenges, r.idea, idea.id)) for idea in ideas
    }


def _reaches(scope: Scope, challenges: Mapping[str, str], conflict: str | None, idea: str) -> bool:
    if conflict is None or scope is Scope.EVENT or conflict == idea:
        return True
    # Ideas without a challenge share nothing.
    return scope is Scope.CHALLENGE and challenges[idea] != "" and challenges[conflict] == challenges[idea]


def _mark(settings: Settings, idea: str, sheets: Sheets, recused: frozenset[str]) -> JuryMark:
    allowed = {juror: sheet for juror, sheet in sheets.items() if juror not in recused}
    counted = [sheet for sheet in allowed.values() if len(sheet) == len(settings.criteria)]
    means = _means(settings.criteria, counted)
    points = _points(settings.criteria, means)
    out = next((c.id for c in settings.criteria if counted and c.eliminatory and _median(c, counted) == 0), None)
    return JuryMark(
        idea=idea,
        jurors_counted=len(counted),
        criterion_means=means,
        points=points,
        bar=_bar(settings, len(counted), out, points),
        eliminated_by=out,
        steps=_left_out(idea, sheets, recused, len(settings.criteria)),
    )


def _means(criteria: Sequence[Criterion], sheets: Sequence[Mapping[str, Number]]) -> tuple[tuple[str, Fraction], ...]:
    if not sheets:
        return ()
    return tuple((c.id, Fraction(sum(sheet[c.id] for sheet in sheets), len(sheets))) for c in criteria)


def _points(criteria: Sequence[Criterion], means: Iterable[tuple[str, Fraction]]) -> Fraction:
    by_id = dict(means)
    if not by_id:
        return Fraction(0)
    total = sum((c.weight * by_id[c.id] / Fraction(c.scale_max) for c in criteria), Fraction(0))
    return 100 * total / Fraction(sum(c.weight for c in criteria))


def _median(criterion: Criterion, sheets: Sequence[Mapping[str, Number]]) -> Fraction:
    points = sorted(sheet[criterion.id] for sheet in sheets)
    middle = len(points) // 2
    return Fraction(points[middle] + points[~middle], 2)


def _bar(settings: Settings, jurors: int, eliminated_by: str | None, points: Fraction) -> Bar | None:
    if jurors < settings.min_jurors:
        return Bar.TOO_FEW_JURORS
    if eliminated_by is not None:
        return Bar.ELIMINATED
    return Bar.BELOW_THRESHOLD if points < settings.threshold_jury else None


def _left_out(idea: str, sheets: Sheets, recused: frozenset[str], full: int) -> tuple[Step, ...]:
    steps = [Step(StepKind.JUROR_RECUSED, (idea,), by=juror) for juror in sorted(recused)]
    incomplete = sorted(juror for juror, sheet in sheets.items() if juror not in recused and len(sheet) < full)
    return (*steps, *(Step(StepKind.SHEET_INCOMPLETE, (idea,), by=juror) for juror in incomplete))
