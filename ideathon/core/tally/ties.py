"""Equal points: named breakers in their declared order, and an honest tie where none decides."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import groupby

from ideathon.core.tally.outcome import Standing, Step, StepKind
from ideathon.core.tally.settings import Blend, Breaker, Number, Settings


def lot(seed: str, idea: str) -> int:
    """The idea's lot: sha256 of `seed|lot|idea` in UTF-8, as a number. The lowest wins; anybody can draw it again."""
    return int.from_bytes(sha256(f"{seed}|lot|{idea}".encode()).digest())


def _jury(standing: Standing, _seed: str) -> Number:
    return standing.jury


def _first_criterion(standing: Standing, _seed: str) -> Number:
    return standing.criterion_means[0][1] if standing.criterion_means else 0


def _votes(standing: Standing, _seed: str) -> Number:
    return standing.votes


def _cost(standing: Standing, _seed: str) -> Number:
    return -(standing.cost or 0)


def _earlier(standing: Standing, _seed: str) -> Number:
    return -(standing.order or 0)


def _lot(standing: Standing, seed: str) -> Number:
    return -lot(seed, standing.idea)


VALUES: dict[Breaker, Callable[[Standing, str], Number]] = {
    Breaker.JURY: _jury,
    Breaker.FIRST_CRITERION: _first_criterion,
    Breaker.VOTES: _votes,
    Breaker.COST: _cost,
    Breaker.EARLIER: _earlier,
    Breaker.LOT: _lot,
}
"""What each breaker looks at; the higher value goes first."""


def rank_key(settings: Settings, standing: Standing) -> tuple[Number, ...]:
    """Combined points, then the breakers' values in the declared order; the higher key goes first, equal keys tie."""
    return (standing.combined, *breaking_key(settings, standing))


def breaking_key(settings: Settings, standing: Standing) -> tuple[Number, ...]:
    """The breakers' values in the declared order: what parts ideas that are equal."""
    return tuple(VALUES[name](standing, settings.seed) for name in settings.ties)


def in_groups(settings: Settings, standings: Iterable[Standing]) -> list[list[Standing]]:
    """From first to last, ideas that stay equal together; inside a group by name, which means nothing."""
    by_name = sorted(standings, key=lambda s: s.idea)
    ranked = sorted(by_name, key=lambda s: rank_key(settings, s), reverse=True)
    return [list(group) for _, group in groupby(ranked, key=lambda s: rank_key(settings, s))]


def deciding_breaker(settings: Settings, first: Standing, second: Standing) -> Breaker | None:
    """The breaker that parted two ideas of equal combined points; None when none did or none was needed."""
    return None if first.combined != second.combined else parting_breaker(settings, first, second)


def parting_breaker(settings: Settings, first: Standing, second: Standing) -> Breaker | None:
    """The first declared breaker by which two ideas differ; None when they are alike for all of them."""
    return next((n for n in settings.ties if VALUES[n](first, settings.seed) != VALUES[n](second, settings.seed)), None)


def tie_steps(settings: Settings, ranked: Sequence[Standing]) -> list[Step]:
    """For every set of ideas with equal combined points, which breaker parted them or that they stay equal."""
    steps: list[Step] = []
    for _, equal in groupby(ranked, key=lambda s: s.combined):
        steps.extend(_parting(settings, list(equal), 0))
    return steps


def audience(settings: Settings, standings: Iterable[Standing]) -> tuple[tuple[str, ...], list[Step]]:
    """The audience prize where it stands apart from the jury's, and what parted ideas of equally many votes for it.

    It goes to the most votes, at least one, among the ideas that can win; several ideas when no breaker parts them.
    """
    able = [standing for standing in standings if standing.eligible and standing.votes]
    if settings.blend is not Blend.SEPARATE or not able:
        return (), []
    most = max(standing.votes for standing in able)
    equal = sorted((standing for standing in able if standing.votes == most), key=lambda s: s.idea)
    equal.sort(key=lambda s: breaking_key(settings, s), reverse=True)
    first = breaking_key(settings, equal[0])
    prize = tuple(standing.idea for standing in equal if breaking_key(settings, standing) == first)
    return prize, [_of_audience(step) for step in _parting(settings, equal, 0) if prize[0] in step.ideas]


def _of_audience(step: Step) -> Step:
    broken = step.kind is StepKind.TIE_BROKEN
    return Step(StepKind.AUDIENCE_TIE_BROKEN if broken else StepKind.AUDIENCE_TIE_STANDS, step.ideas, step.by)


def _parting(settings: Settings, equal: list[Standing], level: int) -> list[Step]:
    ideas = tuple(standing.idea for standing in equal)
    if len(equal) < 2:
        return []
    if level == len(settings.ties):
        return [Step(StepKind.TIE_STANDS, ideas)]
    name = settings.ties[level]
    groups = [list(group) for _, group in groupby(equal, key=lambda s: VALUES[name](s, settings.seed))]
    steps = [Step(StepKind.TIE_BROKEN, ideas, by=name)] if len(groups) > 1 else []
    return steps + [step for group in groups for step in _parting(settings, group, level + 1)]
