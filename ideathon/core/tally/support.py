"""Who supports which project, read once for all runs of a count."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import lcm

from ideathon.core.tally.choosing import CountSettings, Verdict, able
from ideathon.core.tally.election import Ballots, Election, Kind, points
from ideathon.core.tally.settings import CountError


@dataclass(frozen=True, slots=True)
class Supporters:
    """Those who gain alike from one project, as kept ballots: the ones cast once apart from those cast more often, with
    how often these were."""

    mark: int
    once: list[int]
    more: list[int]
    times: list[int]

    @property
    def voters(self) -> int:
        """How many they are."""
        return len(self.once) + sum(self.times)

    def add(self, ballot: int, count: int) -> None:
        """One more kept ballot."""
        if count == 1:
            self.once.append(ballot)
        else:
            self.more.append(ballot)
            self.times.append(count)

    def with_money(self, purse_of: Sequence[int]) -> "Supporters":
        """Those whose purse is not the empty one."""
        more = [(ballot, times) for ballot, times in zip(self.more, self.times, strict=True) if purse_of[ballot]]
        return Supporters(self.mark, [ballot for ballot in self.once if purse_of[ballot]],
                          [ballot for ballot, _ in more], [times for _, times in more])

    @property
    def ballots(self) -> Iterator[int]:
        """All of them."""
        return chain(self.once, self.more)


class Support:
    """Who supports which project, read once for all runs of a count.

    `of` has one list a project, by number, with its supporters by mark. A mark is what an approval (1), a ballot's
    points or Borda points give, times `unit`, so that it is whole; whoever gives 0 or less supports nothing. `fit` are
    the projects that may win, `stopped` says why the others may not.
    """

    def __init__(self, given: Election, settings: CountSettings) -> None:
        for project in given.projects:
            if project.cost <= 0:
                raise CountError(f"project {project.id} costs {project.cost}, and what is bought costs more than 0")
        ballots = given.ballots
        self.given = given
        self.counts = ballots.counts
        self.voters = ballots.cast
        marks = {mark for marked in {*ballots.marks, (ballots.unnamed,)} for mark in marked}
        self.unit = lcm(*(mark.denominator for mark in marks))
        self.of = _by_project(given, self.unit)
        self._kinds: list[int] = []
        self.work = 0               # how often it was looked who holds what; a measure for bounds, no time
        self.points = points(given)
        self.fit, self.stopped = able(given, settings, self.points)
        for number in [number for number in self.fit if not self.of[number]]:
            self.fit.remove(number)
            self.stopped[number] = Verdict.NO_VOTES

    def share(self) -> Fraction:
        """What each voter holds when the budget is shared out; nothing without voters."""
        return Fraction(self.given.budget) / max(1, self.voters)

    def weight(self, number: int) -> int:
        """All marks of one project together."""
        return sum(each.mark * each.voters for each in self.of[number])

    def alike(self, number: int) -> int:
        """The same for projects of the same cost, categories and district whose supporters give both alike."""
        if not self._kinds:
            known: dict[Hashable, int] = {}
            for each, project in enumerate(self.given.projects):
                who = tuple((alike.mark, tuple(alike.ballots)) for alike in self.of[each])
                self._kinds.append(known.setdefault((project.cost, project.categories, project.district, who), each))
        return self._kinds[number]

    def supporters(self, number: int) -> int:
        """How many voters support the project."""
        return sum(each.voters for each in self.of[number])


def _by_project(given: Election, unit: int) -> list[list[Supporters]]:
    return _approving(given) if given.ballots.kind is Kind.APPROVAL else _marking(given, unit)


def _approving(given: Election) -> list[list[Supporters]]:
    found = [Supporters(1, [], [], []) for _ in given.projects]
    once = [each.once for each in found]
    for ballot, (count, choice) in enumerate(zip(given.ballots.counts, given.ballots.choices, strict=True)):
        for number in choice:
            if count == 1:
                once[number].append(ballot)
            else:
                found[number].add(ballot, count)
    return [[each] if each.once or each.more else [] for each in found]


def _marking(given: Election, unit: int) -> list[list[Supporters]]:
    found: list[dict[int, Supporters]] = [{} for _ in given.projects]
    for ballot, (count, marked) in enumerate(zip(given.ballots.counts, _marked(given, unit), strict=True)):
        for number, mark in marked:
            if mark <= 0:
                continue
            alike = found[number].get(mark)
            if alike is None:
                alike = found[number][mark] = Supporters(mark, [], [], [])
            alike.add(ballot, count)
    return [[by_mark[mark] for mark in sorted(by_mark)] for by_mark in found]


def _marked(given: Election, unit: int) -> Iterator[Iterable[tuple[int, int]]]:
    """Of each kept ballot: the projects that it gives anything, with their marks in whole units."""
    ballots = given.ballots
    if ballots.kind is Kind.RANKING:
        return ([(number, ballots.places - place) for place, number in enumerate(choice)] for choice in ballots.choices)
    if unit == 1 and ballots.unnamed <= 0:
        return (zip(choice, map(int, marks), strict=True)
                for choice, marks in zip(ballots.choices, ballots.marks, strict=True))
    return (_pairs(given, ballots, number, unit) for number in range(len(ballots.choices)))


def _pairs(given: Election, ballots: Ballots, number: int, unit: int) -> list[tuple[int, int]]:
    named = ballots.choices[number]
    pairs = [(each, int(mark * unit)) for each, mark in zip(named, ballots.marks[number], strict=True)]
    if ballots.unnamed > 0:
        spoken = set(named)
        pairs += [(each, int(ballots.unnamed * unit)) for each in range(len(given.projects)) if each not in spoken]
    return pairs
