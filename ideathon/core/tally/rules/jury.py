"""The jury's points: the weighted mean of each criterion over the jurors who may and did score the idea."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from ideathon.core.tally.outcome import NO_PLACE, Bar, Step, StepKind
from ideathon.core.tally.settings import Criterion, Idea, Missing, Number, Recusal, Scope, Score, Settings

Sheets = dict[str, dict[str, Number]]
"""Points of one idea: juror, then criterion."""


class Jurors(NamedTuple):
    """How many jurors' sheets count for an idea, how many are not full, and how many jurors stood back."""

    counted: int
    missing: int
    recused: int


@dataclass(frozen=True)
class JuryMark:
    """What the jury gave one idea: exact points 0 to 100, what bars it from winning, and what was left out."""

    idea: str
    jurors: Jurors
    criterion_means: tuple[tuple[str, Fraction], ...]
    points: Fraction
    bar: Bar | None
    eliminated_by: str | None
    steps: tuple[Step, ...]


def assess(settings: Settings, ideas: Iterable[Idea], scores: Iterable[Score],
           recusals: Iterable[Recusal], jurors: Collection[str] = ()) -> list[JuryMark]:
    """Mark every idea: 100 * sum(weight * mean / scale_max) / sum(weight) over the sheets of jurors not recused.

    Every criterion's mean is over the same sheets. A sheet is incomplete when its juror began it and left out a
    criterion, or, unless the settings leave such sheets out, when one of `jurors` never began it; a step names it.
    Left out, it does not count; as a bar, the idea has no place; at the lowest, every point that is missing is the
    scale's lowest and the sheet counts like any other, but not toward the least number of jurors.
    With fewer full sheets than `means_from` the mark holds no means; the points are counted all the same, but those of
    an idea that has no place are nobody's business.
    Sources: declared recusals and at least three evaluators (Zied zeme LV), a criterion that can end the evaluation
    (Lielupe LV), a lowest number of points (Rajupusu FI).
    """
    ideas = tuple(ideas)
    expected = () if settings.missing is Missing.LEAVE_OUT else tuple(jurors)
    recused = recused_jurors(settings.recusal_scope, ideas, recusals)
    sheets: dict[str, Sheets] = {idea.id: {juror: {} for juror in expected} for idea in ideas}
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
    full = len(settings.criteria)
    allowed = {juror: sheet for juror, sheet in sheets.items() if juror not in recused}
    missing = sorted(juror for juror, sheet in allowed.items() if len(sheet) < full)
    counted: list[Mapping[str, Number]] = [sheet for sheet in allowed.values() if len(sheet) == full]
    if settings.missing is Missing.LOWEST:
        lowest = {criterion.id: criterion.scale_min for criterion in settings.criteria}
        counted = [lowest | sheet for sheet in allowed.values()]
    out = next((c.id for c in settings.criteria if counted and c.eliminatory and _median(c, counted) == 0), None)
    steps = [Step(StepKind.JUROR_RECUSED, (idea,), by=juror) for juror in sorted(recused)]
    steps += [Step(StepKind.SHEET_INCOMPLETE, (idea,), by=juror) for juror in missing]
    means = _means(settings.criteria, counted)
    jurors = Jurors(len(counted), len(missing), len(recused))
    whole = mark(settings, idea, jurors, means, points=Fraction(0), eliminated_by=out, steps=steps)
    return _held_back(whole) if settings.full_sheets(len(counted), len(missing)) < settings.means_from else whole


def _held_back(whole: JuryMark) -> JuryMark:
    """What may be known of an idea that too few scored in full: its points where they rank it, and why it has no place.

    The sum of few sheets is close to a juror's own, so it is told only where the result cannot do without.
    """
    if whole.bar not in NO_PLACE:
        return replace(whole, criterion_means=())
    out = whole.eliminated_by if whole.bar is Bar.ELIMINATED else None
    return replace(whole, criterion_means=(), points=Fraction(0), eliminated_by=out)


def mark(settings: Settings, idea: str, jurors: Jurors, means: tuple[tuple[str, Fraction], ...], *,
         points: Fraction, eliminated_by: str | None, steps: Iterable[Step]) -> JuryMark:
    """One idea's mark from what is public of it: the jurors, the means (or else the points), what eliminated it."""
    points = _points(settings.criteria, means) if means else points
    return JuryMark(
        idea=idea,
        jurors=jurors,
        criterion_means=means,
        points=points,
        bar=_bar(settings, jurors, eliminated_by, points),
        eliminated_by=eliminated_by,
        steps=tuple(steps),
    )


def _means(criteria: Sequence[Criterion], sheets: Sequence[Mapping[str, Number]]) -> tuple[tuple[str, Fraction], ...]:
    if not sheets:
        return ()
    return tuple((c.id, Fraction(sum(sheet[c.id] for sheet in sheets), len(sheets))) for c in criteria)


def _points(criteria: Sequence[Criterion], means: Iterable[tuple[str, Fraction]]) -> Fraction:
    by_id = dict(means)
    total = sum((c.weight * by_id[c.id] / Fraction(c.scale_max) for c in criteria), Fraction(0))
    return 100 * total / Fraction(sum(c.weight for c in criteria))


def _median(criterion: Criterion, sheets: Sequence[Mapping[str, Number]]) -> Fraction:
    points = sorted(sheet[criterion.id] for sheet in sheets)
    middle = len(points) // 2
    return Fraction(points[middle] + points[~middle], 2)


def _bar(settings: Settings, jurors: Jurors, eliminated_by: str | None, points: Fraction) -> Bar | None:
    if settings.full_sheets(jurors.counted, jurors.missing) < settings.min_jurors:
        return Bar.TOO_FEW_JURORS
    if jurors.missing and settings.missing is Missing.BAR:
        return Bar.SHEETS_MISSING
    if eliminated_by is not None:
        return Bar.ELIMINATED
    return Bar.BELOW_THRESHOLD if points < settings.threshold_jury else None
