"""What a count is made from: the rules frozen before scoring, the ideas, the jurors' points and the recusals."""

from collections.abc import Collection, Iterable, Mapping
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


class Blend(StrEnum):
    """How the jury and the residents come together; every blend but `SEPARATE` uses the declared weights.

    Sources: residents' points against the most votes (the ideathons' own rule), a share of the valid ballots, ranks
    added up (Borda 1781; the Eurovision juries and viewers), two prizes of which the residents' goes by votes alone.
    """

    POINTS = "points"           # 100 * votes / most votes
    SHARE = "share"             # 100 * votes / counted ballots
    RANK = "rank"               # each side by its order of the ideas that have a place
    SEPARATE = "separate"       # the jury chooses the winner, the votes an audience prize


class Missing(StrEnum):
    """What becomes of an idea when a juror who should have scored it did not do so in full."""

    LEAVE_OUT = "leave_out"     # that sheet does not count
    BAR = "bar"                 # the idea has no place
    LOWEST = "lowest"           # the missing points are the lowest of the scale, and the sheet counts


class Breaker(StrEnum):
    """What may decide between equal points; a lot is drawn from the published seed."""

    JURY = "jury"
    FIRST_CRITERION = "first_criterion"
    VOTES = "votes"
    COST = "cost"               # the lower one first
    EARLIER = "earlier"         # the one that was handed in earlier
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
    that was published before the vote closed. `threshold_votes` is the least votes with which an idea can win, `quorum`
    the least counted ballots with which any can; 0 asks nothing. `means_from` is how many full sheets an idea needs
    before the outcome holds its criterion means, and before the first criterion parts it from equals: with fewer, a
    mean would be a juror's own points. 0 holds them all. `per_ballot` is the most votes that a ballot gives an idea: 2
    where one idea may have a star; a share of the ballots then has no meaning.
    """

    criteria: tuple[Criterion, ...] = ()
    jury_weight: Number = 60
    resident_weight: Number = 40
    threshold_jury: Number = 0
    min_jurors: int = 1
    recusal_scope: Scope = Scope.IDEA
    ties: tuple[Breaker, ...] = (Breaker.JURY, Breaker.FIRST_CRITERION, Breaker.VOTES, Breaker.LOT)
    seed: str = ""
    blend: Blend = Blend.POINTS
    threshold_votes: int = 0
    quorum: int = 0
    missing: Missing = Missing.LEAVE_OUT
    means_from: int = 0
    per_ballot: int = 1

    def __post_init__(self) -> None:
        _exact(self.jury_weight, self.resident_weight, self.threshold_jury)
        _whole(self.threshold_votes, self.quorum, self.means_from, self.per_ballot)
        if self.per_ballot != 1 and (self.per_ballot < 1 or self.blend is Blend.SHARE):
            raise CountError("a share of the ballots needs ballots that give an idea one vote at most")
        if min(self.jury_weight, self.resident_weight) < 0 or self.jury_weight + self.resident_weight == 0:
            raise CountError("the weights of jury and residents are not below 0, and not both 0")
        if self.jury_counts and (self.min_jurors < 1 or not self.criteria):
            raise CountError("a jury that counts needs criteria and at least one juror for every idea")
        if Breaker.LOT in self.ties and not self.seed:
            raise CountError("a lot needs a published seed")
        if not isinstance(self.recusal_scope, Scope) or not all(isinstance(name, Breaker) for name in self.ties):
            raise CountError("the reach of a recusal is a Scope and every tie-breaker a Breaker, not mere text")
        if not isinstance(self.blend, Blend) or not isinstance(self.missing, Missing):
            raise CountError("the blend is a Blend and the rule for missing points a Missing, not mere text")
        _no_doubles("criterion", (criterion.id for criterion in self.criteria))
        _no_doubles("tie-breaker", self.ties)

    @property
    def jury_counts(self) -> bool:
        """Whether the jury's points have a say in who wins."""
        return self.blend is Blend.SEPARATE or self.jury_weight > 0

    @property
    def needs_ballots(self) -> bool:
        """Whether nothing can be counted without the number of counted ballots."""
        return self.blend is Blend.SHARE or self.quorum > 0

    def full_sheets(self, counted: int, missing: int) -> int:
        """How many jurors scored an idea in full, of so many counted sheets and so many that are not full."""
        return counted - missing if self.missing is Missing.LOWEST else counted


@dataclass(frozen=True)
class Idea:
    """An idea on the list, and its challenge for recusals that reach that far.

    `cost` (in one unit for all, such as cents) and `order` (in which the ideas were handed in, the lowest first) are
    needed only where a declared breaker looks at them.
    """

    id: str
    challenge: str = ""
    cost: int | None = None
    order: int | None = None


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
                   votes: Mapping[str, int]) -> None:
    """Raise `CountError` for whatever does not belong: doubled, unknown, off the scale, below 0, or left unsaid."""
    ideas, scores = tuple(ideas), tuple(scores)
    known = _no_doubles("idea", (idea.id for idea in ideas))
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
    for entry in ideas:
        _comparable(settings, entry)


def _comparable(settings: Settings, idea: Idea) -> None:
    for breaker, value in ((Breaker.COST, idea.cost), (Breaker.EARLIER, idea.order)):
        if breaker in settings.ties and value is None:
            raise CountError(f"idea {idea.id} lacks what the tie-breaker {breaker.value} looks at")
        _whole(value or 0)


def check_turnout(settings: Settings, votes: Mapping[str, int], ballots: int | None) -> None:
    """Raise `CountError` when the counted ballots are needed and unsaid, or fewer than the votes of one idea."""
    if ballots is None:
        if settings.needs_ballots:
            raise CountError("a share of the ballots or a quorum needs the number of counted ballots")
        return
    _whole(ballots)
    if ballots * settings.per_ballot < max(votes.values(), default=0):
        raise CountError(f"an idea has more votes than the {ballots} counted ballots give")


def check_jurors(settings: Settings, scores: Iterable[Score], jurors: Collection[str]) -> None:
    """Raise `CountError` when nobody said who should have scored and the rule asks, or another than those scored."""
    if settings.missing is not Missing.LEAVE_OUT and settings.criteria and not jurors:
        raise CountError("what counts for a missing juror needs the list of jurors")
    strange = {score.juror for score in scores} - set(jurors)
    if jurors and strange:
        raise CountError(f"{min(strange)} gave points and is not in the jury")


def _exact(*numbers: Number) -> None:
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | Fraction):
            raise CountError(f"{number!r} is not an exact number")


def _whole(*numbers: int) -> None:
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise CountError(f"{number!r} is not a whole number from 0 upwards")


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
