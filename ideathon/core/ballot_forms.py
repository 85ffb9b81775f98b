"""What a round asks of a voter: the method, the options, the limits; and what may be wrong with an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

Mark = int | Fraction | str
"""What stands beside an option: points or a score, exact, or a grade's word."""

Choices = Sequence[str] | Mapping[str, Mark]
"""A filled-in ballot: options (approval, budget; from best to worst for a ranking), or {option: mark}."""


class BallotProblem(StrEnum):
    """Why choices do not form a ballot; the page has a sentence for each."""

    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    UNKNOWN_OPTION = "unknown_option"
    TWICE = "twice"
    UNREADABLE = "unreadable"               # not of the shape that the form asks for
    OVER_POINTS = "over_points"             # more points in all than a ballot has
    OVER_ON_ONE = "over_on_one"             # more points on one option than may be
    OFF_SCALE = "off_scale"                 # below, above or between the steps of the scale
    UNKNOWN_GRADE = "unknown_grade"
    UNMARKED = "unmarked"                   # every option needs a mark, and some have none
    OVER_BUDGET = "over_budget"             # what was chosen costs more than there is
    TOO_MANY_STARS = "too_many_stars"


class BallotError(ValueError):
    """Choices that do not form a ballot were about to be stored or counted."""


@dataclass(frozen=True)
class Problem:
    """What is wrong: how much was chosen and how much may be, or the option that should not be there so.

    `chosen` and `limit` count options; for `OVER_POINTS` and `OVER_ON_ONE` points, for `OFF_SCALE` the mark and the end
    of the scale that it passes (no limit: it lies between steps), for `OVER_BUDGET` the budget's unit, for
    `TOO_MANY_STARS` stars.
    """

    code: BallotProblem
    chosen: int | Fraction
    limit: int | Fraction | None = None
    option: str | None = None


@dataclass(frozen=True)
class Scale:
    """A score's scale, both ends included; `unnamed` is what an option without a mark counts as, the lowest if None."""

    lowest: int | Fraction
    highest: int | Fraction
    step: int | Fraction = 1
    unnamed: int | Fraction | None = None

    def __post_init__(self) -> None:
        if not self.lowest < self.highest or self.step <= 0 or not self.takes(self.highest):
            raise ValueError("a scale goes upward in whole steps")
        if not self.takes(self.blank):
            raise ValueError("an option without a mark counts as a mark of the scale")

    @property
    def blank(self) -> int | Fraction:
        """The mark of an option that has none."""
        return self.lowest if self.unnamed is None else self.unnamed

    def takes(self, mark: int | Fraction) -> bool:
        """Whether the mark lies on the scale and on one of its steps."""
        return self.lowest <= mark <= self.highest and (mark - self.lowest) % self.step == 0


@dataclass(frozen=True)
class BallotForm:
    """What the round asks: the method, the options on offer and how many may be chosen, both ends included.

    What else a method needs: `points` in all and `on_one` (points: whole numbers from 1); `scale` (score); `grades` in
    words, the worst first (grades); `complete`, every option must be marked (score, grades); `costs` in the options'
    order, above 0, and the `budget` in the same unit that they may use up (budget; star, where there is one).
    """

    method: str
    options: tuple[str, ...]
    min_choices: int
    max_choices: int
    points: int = 0
    on_one: int = 0
    scale: Scale | None = None
    grades: tuple[str, ...] = ()
    complete: bool = False
    costs: tuple[int | Fraction, ...] = ()
    budget: int | Fraction = 0

    def __post_init__(self) -> None:
        if self.method not in FORMS:
            raise ValueError(f"no such way of voting: {self.method}")
        if not 0 <= self.min_choices <= self.max_choices:
            raise ValueError("a ballot form needs 0 <= min_choices <= max_choices")
        if len(set(self.options)) != len(self.options):
            raise ValueError("an option stands twice on the ballot form")
        if self.complete and not self.min_choices <= len(self.options) <= self.max_choices:
            raise ValueError("where every option must be marked, so many may be chosen: see max_choices")
        if wrong := FORMS[self.method](self):
            raise ValueError(wrong)


def _plain(form: BallotForm) -> str:
    return "only scores and grades may be complete" if form.complete else ""


def _points(form: BallotForm) -> str:
    return _plain(form) or ("" if 1 <= form.on_one <= form.points else "points need 1 <= on_one <= points")


def _score(form: BallotForm) -> str:
    return "" if form.scale else "a score needs a scale"


def _grades(form: BallotForm) -> str:
    several = len(set(form.grades)) == len(form.grades) >= 2
    return "" if several else "grades need at least two different words"


def _budget(form: BallotForm) -> str:
    if len(form.costs) != len(form.options) or form.budget <= 0 or min(form.costs, default=1) <= 0:
        return "a budget needs a sum above 0 and the cost of every option, above 0"
    return _plain(form)


def _star(form: BallotForm) -> str:
    return _budget(form) if form.costs or form.budget else _plain(form)


FORMS: dict[str, Callable[[BallotForm], str]] = {
    "approval": _plain, "points": _points, "score": _score, "grades": _grades, "ranking": _plain, "budget": _budget,
    "star": _star}
"""For every method what is wrong with a form of it; nothing when it makes sense."""
