"""What would have made a project win that lost: so many more voters for it, or a lower cost. Found by real recounts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from ideathon.core.tally.choosing import CountSettings, ElectionRule
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Ballots, Election, Kind
from ideathon.core.tally.settings import Breaker, CountError, Number

TIMES = 4                   # so many times all ballots are the most further voters that are tried
MOST_RECOUNTS = 300         # numbers that doubling and bisection leave out and that are tried after all, at most
MOST_WORK = 4_000_000       # kept ballots that those recounts may go through together
DEAR = {"knapsack": (50, 1), "borda": (1, 2), "schulze": (Fraction(1, 20), 3), "ranked-pairs": (2, 3)}
"""What a count by these rules looks at beside its steps: so many times the projects to this power."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A number with which the project surely wins, while it does not with the next one toward how things are; both were
    recounted. None when nothing that was tried helps. `nearest` says whether every nearer number was recounted too:
    under rules where more support can do harm (equal shares for one) only then no nearer one helps either.
    """

    number: Number | None
    nearest: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The least number of further voters who choose only this project (1 to 4 times all ballots), and the highest cost
    at which it wins with the ballots as they are, in the budget's unit."""

    project: str
    voters: Bound
    cost: Bound


class SpentError(Exception):
    """The work that recounts may be is done, and the answer is not known."""


@dataclass(slots=True)
class Effort:
    """How the election was counted as it is, and how much work further counts may be: `left`, None for no bound.

    Work is what counts look at, no time, so that every machine gives the same answers.
    """

    counted: Count
    left: int | None

    def spend(self, given: Election, counted: Count) -> None:
        """One more count. Raises `SpentError` when it was the last."""
        if self.left is not None:
            self.left -= work(given, counted)
            if self.left < 0:
                raise SpentError


def work(given: Election, counted: Count) -> int:
    """How much work a count was; about 300,000 are a second."""
    times, power = DEAR.get(counted.rule, (0, 1))
    many = len(given.projects)
    return counted.work + 8 * many + int(times * many ** power)


def what_if(given: Election, rule: ElectionRule, settings: CountSettings, project: str) -> WhatIf:
    """Both answers for a project that does not surely win. Raises `CountError` for one that does or is not listed."""
    return WhatIf(project, voters_needed(given, rule, settings, project), highest_cost(given, rule, settings, project))


def voters_needed(given: Election, rule: ElectionRule, settings: CountSettings, project: str, *,
                  most: Number | None = None, recounts: int = MOST_RECOUNTS, effort: Effort | None = None) -> Bound:
    """The least number of further voters with whom the project surely wins: wins however open ties fall.

    Each names only this project: on rankings first and alone, with the best grade, with as many points as a ballot
    gives one project (`most`; the highest mark cast when that is not said). None when no number up to 4 times all
    ballots helps. Doubling and bisection take about 2 * log2(4 * ballots) recounts; of the numbers that they leave out
    `recounts` are tried, fewer in large elections (`MOST_WORK`). Raises `SpentError` when the effort does not suffice.
    """
    _refuse_winner(given, rule, settings, project, effort)
    number = given.number(project)
    mark = _highest(given.ballots) if most is None else most

    def wins(more: int) -> bool:
        return _wins(replace(given, ballots=_with(given.ballots, number, mark, more)), rule, settings, project, effort)

    return _nearest(wins, TIMES * max(1, given.ballots.cast), _fewer(given, recounts))


def highest_cost(given: Election, rule: ElectionRule, settings: CountSettings, project: str, *, unit: int = 1,
                 recounts: int = MOST_RECOUNTS, effort: Effort | None = None) -> Bound:
    """The highest cost below its own at which the project surely wins, in whole units above 0.

    A unit of 100 looks for whole euro where the budget is in cents. None when no cost helps, or when neither the rule
    nor a breaker looks at costs. `recounts` and `effort` as in `voters_needed`; without further recounts the cost is
    halved at once, which finds another one of several such costs where there are any.
    """
    _refuse_winner(given, rule, settings, project, effort)
    if not rule.shares_money and Breaker.COST not in settings.ties:
        return Bound(None, True)
    number = given.number(project)
    most = -(-given.projects[number].cost // unit) - 1

    def cost(less: int) -> int:
        return (most + 1 - less) * unit

    def wins(less: int) -> bool:
        projects = list(given.projects)
        projects[number] = replace(projects[number], cost=cost(less))
        return _wins(replace(given, projects=tuple(projects)), rule, settings, project, effort)

    found = _nearest(wins, most, _fewer(given, recounts), halve=not recounts)
    return found if found.number is None else Bound(cost(int(found.number)), found.nearest)


def _wins(given: Election, rule: ElectionRule, settings: CountSettings, project: str, effort: Effort | None) -> bool:
    counted = count(given, rule, settings)
    if effort is not None:
        effort.spend(given, counted)
    return project in counted.winners


def _fewer(given: Election, recounts: int) -> int:
    return min(recounts, MOST_WORK // max(1, len(given.ballots.choices)))


def _refuse_winner(given: Election, rule: ElectionRule, settings: CountSettings, project: str,
                   effort: Effort | None) -> None:
    given.number(project)
    counted = count(given, rule, settings) if effort is None else effort.counted
    if project in counted.winners:
        raise CountError(f"project {project} has won")


def _nearest(wins: Callable[[int], bool], limit: int, recounts: int, *, halve: bool = False) -> Bound:
    """The least of 1 to `limit` that wins, next to one that does not; 0 does not. By doubling (`halve`: only where the
    limit does not win), then by halving, then, as far as so many recounts reach, by trying what was left out below it.
    """
    tried = {0: False}

    def known(at: int) -> bool:
        if at not in tried:
            tried[at] = wins(at)
        return tried[at]

    below, above = 0, limit if halve and limit > 0 and known(limit) else min(1, limit)
    while not known(above) and above < limit:
        below, above = above, min(2 * above, limit)
    found = above if known(above) else None
    while found is not None and found - below > 1:
        middle = (below + found) // 2
        below, found = (below, middle) if known(middle) else (middle, found)
    left = [at for at in range(1, limit + 1 if found is None else found) if at not in tried][:recounts + 1]
    for at in left[:recounts]:
        if known(at):
            return Bound(at, True)
    return Bound(found, len(left) <= recounts)


def _highest(ballots: Ballots) -> Number:
    """The most that a ballot gives one project, as far as the ballots show; the best grade where grades have names."""
    if ballots.kind is Kind.GRADES and ballots.grades:
        return len(ballots.grades) - 1
    return max((mark for marks in ballots.marks for mark in marks if mark > 0), default=1)


def _with(ballots: Ballots, number: int, mark: Number, more: int) -> Ballots:
    """The ballots and so many more of one kind that name only this project."""
    choices, counts, marks = list(ballots.choices), list(ballots.counts), list(ballots.marks)
    marked = ballots.kind in (Kind.POINTS, Kind.GRADES)
    places = [at for at, choice in enumerate(choices)
              if choice == (number,) and (not marked or marks[at] == (mark,))]
    if places:
        counts[places[0]] += more
    else:
        choices.append((number,))
        counts.append(more)
        if marked:
            marks.append((mark,))
    return replace(ballots, choices=choices, counts=counts, marks=marks)
