"""An election as the counting rules see it: what may be chosen, what it costs, and equal ballots kept once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from ideathon.core.tally.settings import CountError, Number


class Kind(StrEnum):
    """How people say what they want."""

    APPROVAL = "approval"       # some projects, all alike
    POINTS = "points"           # a number beside each: cumulative points, or a score on a scale
    GRADES = "grades"           # a grade in words beside each, kept as its number, 0 the worst
    RANKING = "ranking"         # from best to worst; what is not named stands below, equal


@dataclass(frozen=True, slots=True)
class Project:
    """What may be chosen. The cost is in the budget's own unit, exact, and above 0 where money is shared out."""

    id: str
    cost: Number = 1
    name: str = ""
    categories: tuple[str, ...] = ()
    district: str = ""


@dataclass(frozen=True, slots=True)
class Ballots:
    """Equal ballots are kept once, with how many were cast.

    Projects are named by their number in `Election.projects`. `choices` has one tuple a kept ballot, `marks` (points
    and grades only, else empty) the numbers beside them, `counts` how many people cast that ballot, each at least 1.
    `unnamed` is the mark of a project that a ballot of points does not name; `places` is how many a ranking may name.
    """

    kind: Kind
    choices: Sequence[tuple[int, ...]]
    counts: Sequence[int]
    marks: Sequence[tuple[Number, ...]] = ()
    unnamed: Number = 0
    places: int = 0
    grades: tuple[str, ...] = ()

    @property
    def cast(self) -> int:
        """How many ballots there are."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Election:
    """Projects in the order in which they were handed in, the ballots, and the envelope that they share."""

    projects: tuple[Project, ...]
    ballots: Ballots
    budget: Number = 0
    numbers: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = {project.id: number for number, project in enumerate(self.projects)}
        if len(numbers) != len(self.projects):
            twice = Counter(project.id for project in self.projects).most_common(1)[0][0]
            raise CountError(f"project {twice} stands twice")
        object.__setattr__(self, "numbers", numbers)

    def number(self, name: str) -> int:
        """The project's number. Raises `CountError` for one that is not on the list."""
        if name not in self.numbers:
            raise CountError(f"project {name} is not on the list")
        return self.numbers[name]

    def ids(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """The projects' names for people."""
        return tuple(self.projects[number].id for number in numbers)


def election(projects: Iterable[Project], kind: Kind, ballots: Iterable[Sequence[str] | Mapping[str, Number]],
             budget: Number = 0, *, unnamed: Number = 0, places: int = 0, grades: tuple[str, ...] = ()) -> Election:
    """An election from ballots written out: names for approvals and rankings, {name: mark} for points and grades.

    Raises `CountError` for an unknown project or one that a ballot names twice.
    """
    listed = tuple(projects)
    empty = Election(listed, Ballots(kind, (), ()), budget)
    piles: Counter[tuple[tuple[int, ...], tuple[Number, ...]]] = Counter()
    for ballot in ballots:
        named = tuple(empty.number(name) for name in ballot)
        if len(set(named)) != len(named):
            raise CountError("a ballot names a project twice")
        piles[_alike(kind, named, tuple(ballot.values()) if isinstance(ballot, Mapping) else ())] += 1
    kept = Ballots(kind, [choice for choice, _ in piles], list(piles.values()),
                   [marks for _, marks in piles] if kind in (Kind.POINTS, Kind.GRADES) else (),
                   unnamed, places or len(listed), grades)
    return Election(listed, kept, budget)


def _alike(kind: Kind, named: tuple[int, ...],
           marks: tuple[Number, ...]) -> tuple[tuple[int, ...], tuple[Number, ...]]:
    """One writing of ballots that mean the same: only in a ranking does the order speak."""
    if kind is Kind.RANKING:
        return named, ()
    if kind is Kind.APPROVAL:
        return tuple(sorted(named)), ()
    pairs = sorted(zip(named, marks, strict=True))
    return tuple(number for number, _ in pairs), tuple(mark for _, mark in pairs)


def votes(given: Election) -> list[int]:
    """How many ballots name each project (with points: give it more than 0), by its number."""
    found = [0] * len(given.projects)
    ballots = given.ballots
    if not ballots.marks:
        once = (choice for choice, count in zip(ballots.choices, ballots.counts, strict=True) if count == 1)
        for number, count in Counter(chain.from_iterable(once)).items():    # most are cast once, and counted in C
            found[number] = count
        for choice, count in zip(ballots.choices, ballots.counts, strict=True):
            if count > 1:
                for number in choice:
                    found[number] += count
        return found
    for choice, marks, count in zip(ballots.choices, ballots.marks, ballots.counts, strict=True):
        for number, mark in zip(choice, marks, strict=True):
            if mark > 0:
                found[number] += count
    return found


def points(given: Election) -> list[Number]:
    """What the ballots add up to for each project: approvals, points, or Borda points, exact.

    A ranking of up to `places` projects gives `places` to its first, one less to each next, 0 to what it does not name:
    3, 2, 1 where three may be ranked (Kraków). Source of the sums: Pabulib's format, `votes` and `score`.
    """
    ballots = given.ballots
    if ballots.kind is Kind.APPROVAL:
        return list(votes(given))
    found: list[Number] = [0] * len(given.projects)
    if ballots.kind is Kind.RANKING:
        for choice, count in zip(ballots.choices, ballots.counts, strict=True):
            for place, number in enumerate(choice):
                found[number] += count * (ballots.places - place)
        return found
    for choice, marks, count in zip(ballots.choices, ballots.marks, ballots.counts, strict=True):
        for number, mark in zip(choice, marks, strict=True):
            found[number] += count * (mark - ballots.unnamed)
    return [each + ballots.unnamed * ballots.cast for each in found] if ballots.unnamed else found


def simple(number: Number) -> Number:
    """The same number, an `int` where it is whole: sums of ints are ten times as fast as sums of fractions."""
    return int(number) if isinstance(number, Fraction) and number.denominator == 1 else number
