"""The entry to counting an election: a rule, its settings and every way in which open ties may fall, made one count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ideathon.core.tally.choosing import CountSettings, ElectionRule, Selection, Step, Verdict
from ideathon.core.tally.election import Election, points, votes
from ideathon.core.tally.fates import Fate, Fates
from ideathon.core.tally.parting import Tie
from ideathon.core.tally.remarks import gettext
from ideathon.core.tally.settings import CountError, Number
from ideathon.core.tally.ways import Results, every_way, results

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tallied:
    """How one project did. `place` counts from 1, equal ones share it; `points` are what the rule ranked by, exact.

    `open`: how it won or what stopped it is not the same in every way in which an open tie may fall. Then `points` are
    the most that a way gives it, and `verdict` is one of those that it may have.
    """

    id: str
    name: str
    cost: Number
    votes: int
    points: Number
    place: int
    verdict: Verdict
    open: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """The whole count. `winners` are sure, in order of selection; `possible` holds every set of winners when an open
    tie makes more than one (else just the winners). Where that would be too many, `all_ways` is false, and `winners`
    are those of whom it is proven all the same. A contest with one winner has no budget and spends nothing. `work` is
    what the count looked at, the same on every machine: about 300,000 of it are a second.
    """

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
    work: int = field(default=0, compare=False)

    @property
    def decided(self) -> bool:
        """Whether no open tie leaves the winners unknown."""
        return self.all_ways and len(self.possible) == 1


def count(given: Election, rule: ElectionRule, settings: CountSettings) -> Count:
    """Count. Raises `CountError` for ballots that the rule cannot read or settings that do not fit."""
    if given.ballots.kind not in rule.kinds:
        kinds = ", ".join(sorted(rule.kinds))
        raise CountError(gettext("%(rule)s counts %(kinds)s ballots, and these are %(kind)s ballots", rule=rule.name,
                                 kinds=kinds, kind=str(given.ballots.kind)))
    if rule.shares_money and given.budget <= 0:
        raise CountError(gettext("the budget is not above 0"))
    fates = Fates(given)
    ways, every = every_way(given, rule.begin(given, settings), settings, fates.told)
    parting, selection = ways[0]
    found = results(given, ways, every)
    winners = tuple(number for number in selection.chosen if number in found.sure)
    spent = sum((given.projects[number].cost for number in winners), 0)
    return Count(
        rule=rule.name, settings=settings, budget=given.budget if rule.shares_money else 0,
        spent=spent if rule.shares_money else 0, winners=given.ids(winners),
        possible=tuple(given.ids(each) for each in found.sets), all_ways=found.complete,
        standings=_standings(given, selection, found, fates.of(parting)), ties=tuple(parting.ties),
        steps=selection.steps, work=fates.work)


def _standings(given: Election, selection: Selection, found: Results,
               fates: Mapping[int, Fate]) -> tuple[Tallied, ...]:
    """By what the rule ranked by; the order inside of a place is the list's and means nothing."""
    support = votes(given)
    value = [fates[number].points if number in fates else each for number, each in enumerate(selection.points)]
    ranked = sorted(range(len(given.projects)), key=lambda number: (-value[number], number))
    made: list[Tallied] = []
    for at, number in enumerate(ranked, 1):
        project = given.projects[number]
        verdict = (Verdict.WON if number in found.sure else Verdict.TIED if number in found.open
                   else fates[number].verdict if number in fates else selection.verdicts.get(number, Verdict.BEATEN))
        place = made[-1].place if made and made[-1].points == value[number] else at
        made.append(Tallied(project.id, project.name, project.cost, support[number], value[number], place, verdict,
                            number in fates and verdict is not Verdict.TIED))
    return tuple(made)


__all__ = ["Count", "Tallied", "count", "every_way", "points"]
