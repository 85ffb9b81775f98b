"""What a count is made from: the rules frozen before scoring, the ideas, the jurors' points and the recusals."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Number = int | Fraction
"""Exact numbers only: a float would make two honest recounts differ."""


class CountError(ValueError):
    """The material does not fit the rules, so that any result would be wrong: say what and where, count nothing."""


class Scope(StrEnum):
    """How far a conflict of interest reaches: the idea, all ideas of its challenge, or the whole event."""

    IDEA = "idea"
    CHALLENGE = "challenge"
    EVENT = "event"


class Breaker(StrEnum):
    """What may decide between equal points: the jury, the first criterion's mean, the votes, a lot from the seed."""

    JURY = "jury"
    FIRST_CRITERION = "first_criterion"
    VOTES = "votes"
    LOT = "lot"


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric. Weights need not add up to 100: only their shares count."""

    id: str
    weight: Number
    scale_max: Number
    scale_min: Number = 0
    step: Number = 1
    eliminatory: bool = False

    def __post_init__(self) -> None:
        _exact(self.weight, self.scale_min, self.scale_max, self.step)
        if self.weight <= 0 or self.step <= 0 or not 0 <= self.scale_min < self.scale_max:
            raise CountError(f"criterion {self.id}: weight and step above 0, scale from at least 0 upwards")

    def takes(self, points: Number) -> bool:
        """Whether the points lie on the scale and on one of its steps."""
        return self.scale_min <= points <= self.scale_max and (points - self.scale_min) % self.step == 0


@dataclass(frozen=True)
class Settings:
    """The rule of the result, frozen before the first score. The defaults are those of a small idea day.

    `jury_weight` and `resident_weight` count by their shares (60 and 40, or 3 and 2, mean the same);
    `threshold_jury` is in jury points, 0 to 100; `ties` are applied in this order; the lot needs a `seed`
    that was published before the vote closed.
    """

    criteria: tuple[Criterion, ...] = ()
    jury_weight: Number = 60
    resident_weight: Number = 40
    threshold_jury: Number = 0
    min_jurors: int = 1
    recusal_scope: Scope = Scope.IDEA
    ties: tuple[Breaker, ...] = (Breaker.JURY, Breaker.FIRST_CRITERION, Breaker.VOTES, Breaker.LOT)
    seed: str = ""

    def __post_init__(self) -> None:
        _exact(self.jury_weight, self.resident_weight, self.threshold_jury)
        if min(self.jury_weight, self.resident_weight) < 0 or self.jury_weight + self.resident_weight == 0:
            raise CountError("the weights of jury and residents are not below 0, and not both 0")
        if self.jury_weight and (self.min_jurors < 1 or not self.criteria):
            raise CountError("a jury that counts needs criteria and at least one juror for every idea")
        if Breaker.LOT in self.ties and not self.seed:
            raise CountError("a lot needs a published seed")
        if not isinstance(self.recusal_scope, Scope) or not all(isinstance(name, Breaker) for name in self.ties):
            raise CountError("the reach of a recusal is a Scope and every tie-breaker a Breaker, not mere text")
        _no_doubles("criterion", (criterion.id for criterion in self.criteria))
        _no_doubles("tie-breaker", self.ties)


@dataclass(frozen=True)
class Idea:
    """An idea on the list, and its challenge for recusals that reach that far."""

    id: str
    challenge: str = ""


@dataclass(frozen=True)
class Score:
    """One juror's points for one criterion of one idea."""

    juror: str
    idea: str
    criterion: str
    points: Number


@dataclass(frozen=True)
class Recusal:
    """A juror's conflict of interest with an idea; `idea` None means with the whole event."""

    juror: str
    idea: str | None


def check_material(settings: Settings, ideas: Iterable[Idea], scores: Iterable[Score], recusals: Iterable[Recusal],
                   votes: dict[str, int]) -> None:
    """Raise `CountError` for whatever does not belong: doubled, unknown, off the scale or below 0."""
    known = _no_doubles("idea", (idea.id for idea in ideas))
    scores = tuple(scores)
    _no_doubles("score", ((score.juror, score.idea, score.criterion) for score in scores))
    _all_known(known, [score.idea for score in scores])
    _all_known(known, [recusal.idea for recusal in recusals if recusal.idea is not None])
    _all_known(known, votes)
    rubric = {criterion.id: criterion for criterion in settings.criteria}
    for score in scores:
        _exact(score.points)
        if score.criterion not in rubric or not rubric[score.criterion].takes(score.points):
            raise CountError(f"{score.juror} gave {score.idea} {score.points} points for {score.criterion}")
    for idea, count in votes.items():
        if count < 0:
            raise CountError(f"{idea} has {count} votes")


def _exact(*numbers: Number) -> None:
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | Fraction):
            raise CountError(f"{number!r} is not an exact number")


def _all_known(known: set[object], ideas: Iterable[str]) -> None:
    for idea in ideas:
        if idea not in known:
            raise CountError(f"idea {idea} is not on the list")


def _no_doubles(what: str, items: Iterable[object]) -> set[object]:
    seen: set[object] = set()
    for item in items:
        if item in seen:
            raise CountError(f"{what} {item} stands twice")
        seen.add(item)
    return seen
