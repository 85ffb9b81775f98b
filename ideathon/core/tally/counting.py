"""The entry to counting an election: a rule, its settings and every way in which open ties may fall, made one count."""

from collections.abc import Callable
from dataclasses import dataclass

from ideathon.core.tally.choosing import CountSettings, ElectionRule, Run, Selection, Step, Verdict
from ideathon.core.tally.election import Election, points, votes
from ideathon.core.tally.parting import Parting, Tie
from ideathon.core.tally.remarks import gettext
from ideathon.core.tally.settings import CountError, Number

MOST_WAYS = 4_000           # runs that are tried for open ties, at most
MOST_WORK = 3_000_000       # kept ballots that those runs may go through together

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tallied:
    """How one project did. `place` counts from 1, equal ones share it; `points` are what the rule ranked by, exact."""

    id: str
    name: str
    cost: Number
    votes: int
    points: Number
    place: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Count:
    """The whole count. `winners` are sure, in order of selection; `possible` holds every set of winners when an open
    tie makes more than one (else just the winners), `all_ways` whether all of them were found."""

    rule: str
    settings: CountSettings
    budget: Number
    spent: Number
    winners: tuple[str, ...]
    possible: tuple[tuple[str, ...], ...]
    all_ways: bool
    standings: tuple[Tallied, ...]
    ties: tuple[Tie, ...]
    steps: tuple[Step, ...]

    @property
    def decided(self) -> bool:
        """Whether no open tie leaves the winners unknown."""
        return len(self.possible) == 1


def count(given: Election, rule: ElectionRule, settings: CountSettings) -> Count:
    """Count. Raises `CountError` for ballots that the rule cannot read or settings that do not fit."""
    if given.ballots.kind not in rule.kinds:
        kinds = ", ".join(sorted(rule.kinds))
        raise CountError(gettext("%(rule)s counts %(kinds)s ballots, and these are %(kind)s ballots", rule=rule.name,
                                 kinds=kinds, kind=str(given.ballots.kind)))
    if rule.shares_money and given.budget <= 0:
        raise CountError(gettext("the budget is not above 0"))
    ways, all_ways = every_way(given, rule.begin(given, settings), settings)
    parting, selection = ways[0]
    sets = dict.fromkeys(frozenset(each.chosen) for _, each in ways)
    sure = frozenset.intersection(*sets)
    winners = tuple(number for number in selection.chosen if number in sure)
    possible = {frozenset(each.chosen): given.ids(each.chosen) for _, each in reversed(ways)}
    return Count(
        rule=rule.name, settings=settings, budget=given.budget,
        spent=sum((given.projects[number].cost for number in winners), 0), winners=given.ids(winners),
        possible=tuple(possible[each] for each in sets), all_ways=all_ways,
        standings=_standings(given, selection, sure, frozenset.union(*sets)), ties=tuple(parting.ties),
        steps=selection.steps)


def every_way(given: Election, run: Run, settings: CountSettings) -> tuple[list[tuple[Parting, Selection]], bool]:
    """The run for every way in which open ties may fall, the one of the list's order first; and whether these are all.

    Ways that end in the same winners stay apart here. Large elections try fewer (see `MOST_WORK`).
    """
    most = min(MOST_WAYS, max(2, MOST_WORK // max(1, len(given.ballots.choices))))
    found: list[tuple[Parting, Selection]] = []
    waiting: list[tuple[int, ...]] = [()]
    while waiting and len(found) < most:
        script = waiting.pop()
        parting = Parting(given, settings.ties, settings.seed, script)
        found.append((parting, run(parting)))
        for place in range(len(script), len(parting.open)):
            waiting.extend((*parting.taken[:place], way) for way in range(1, parting.open[place]))
    return found, not waiting


def _standings(given: Election, selection: Selection, sure: frozenset[int],
               maybe: frozenset[int]) -> tuple[Tallied, ...]:
    """By what the rule ranked by; the order inside of a place is the list's and means nothing."""
    support = votes(given)
    ranked = sorted(range(len(given.projects)), key=lambda number: (-selection.points[number], number))
    better = {number: sum(value > selection.points[number] for value in selection.points) for number in ranked}
    made = []
    for number in ranked:
        project = given.projects[number]
        verdict = (Verdict.WON if number in sure else Verdict.TIED if number in maybe
                   else selection.verdicts.get(number, Verdict.BEATEN))
        made.append(Tallied(project.id, project.name, project.cost, support[number], selection.points[number],
                            better[number] + 1, verdict))
    return tuple(made)


__all__ = ["MOST_WAYS", "Count", "Tallied", "count", "every_way", "points"]
