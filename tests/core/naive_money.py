"""The money rules once more, straight from their definitions: voter by voter, every tie in every way, slowly."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations, pairwise, permutations

from ideathon.core.tally.choosing import Completion, Utility
from ideathon.core.tally.election import Election, points
from tests.core.money_elections import Ballot, written_out

Outcomes = set[frozenset[str]]
Untie = Callable[[Sequence[str]], Sequence[str]]


def every(equal: Sequence[str]) -> Sequence[str]:
    """Each of the equal ones is tried first."""
    return equal


class Naive:
    """One election, with voters written out."""

    def __init__(self, election: Election, untie: Untie = every) -> None:
        self.voters = written_out(election)
        self.cost = {project.id: Fraction(project.cost) for project in election.projects}
        self.sums = dict(zip(self.cost, points(election), strict=True))
        self.budget = Fraction(election.budget)
        self.untie = untie
        self.wanted = [name for name in self.cost if self.supporters(name)]

    def supporters(self, name: str) -> list[int]:
        return [place for place, ballot in enumerate(self.voters) if name in ballot]

    def left(self, chosen: Sequence[str]) -> Fraction:
        return self.budget - sum(self.cost[name] for name in chosen)

    def sets(self) -> Iterator[frozenset[str]]:
        """Every set of wanted projects that the budget can pay for."""
        listed = chain.from_iterable(combinations(self.wanted, size) for size in range(len(self.wanted) + 1))
        return (frozenset(each) for each in listed if self.left(each) >= 0)

    def knapsack(self) -> Outcomes:
        best = max(sum(self.sums[name] for name in each) for each in self.sets())
        return {each for each in self.sets() if sum(self.sums[name] for name in each) == best}

    def greedy(self, per_cost: bool, stop: bool, begin: Sequence[str] = ()) -> Outcomes:
        """In every order that puts none before a better one."""
        value = {name: self.sums[name] / (self.cost[name] if per_cost else Fraction(1)) for name in self.wanted}
        found = set()
        for order in permutations(name for name in self.wanted if name not in begin):
            if all(value[one] >= value[next_] for one, next_ in pairwise(order)):
                found.add(self._down(order, stop, begin))
        return found

    def _down(self, order: Sequence[str], stop: bool, begin: Sequence[str]) -> frozenset[str]:
        chosen = list(begin)
        for name in order:
            if self.cost[name] <= self.left(chosen):
                chosen.append(name)
            elif stop:
                break
        return frozenset(chosen)

    def phragmen(self, stop: bool, chosen: tuple[str, ...] = (), money: Sequence[Fraction] = (), *,
                 out: frozenset[str] = frozenset()) -> Outcomes:
        """Voters' money grows by one each moment; whoever pays for a project has nothing left."""
        money = money or [Fraction(0)] * len(self.voters)
        groups = {name: self.supporters(name) for name in self.wanted if name not in chosen and name not in out}
        waits = {name: (self.cost[name] - sum(money[each] for each in group)) / len(group)
                 for name, group in groups.items()}
        equal = [name for name in waits if waits[name] == min(waits.values())]
        found: Outcomes = set()
        for name in self.untie(equal):
            if self.cost[name] > self.left(chosen):
                ends = stop and self.cost[name] <= self.budget
                found |= {frozenset(chosen)} if ends else self.phragmen(stop, chosen, money, out=out | {name})
                continue
            later = [Fraction(0) if name in ballot else each + waits[name]
                     for ballot, each in zip(self.voters, money, strict=True)]
            found |= self.phragmen(stop, (*chosen, name), later, out=out)
        return found or {frozenset(chosen)}

    def shares(self, utility: Utility, completion: Completion, *, more: int = 0) -> Outcomes:
        """Each voter begins with her part of the budget."""
        each = self.budget / len(self.voters) + more
        return self._shared(utility, completion, (), [each] * len(self.voters))

    def add_one(self, utility: Utility) -> frozenset[str]:
        """With ties that `untie` decides."""
        more, stands = 0, next(iter(self.shares(utility, Completion.NONE)))
        while any(self.cost[name] <= self.left(list(stands)) for name in self.wanted if name not in stands):
            more += 1
            tried = next(iter(self.shares(utility, Completion.NONE, more=more)))
            if self.left(list(tried)) < 0:
                break
            stands = tried
        return stands

    def _shared(self, utility: Utility, completion: Completion, chosen: tuple[str, ...],
                money: list[Fraction]) -> Outcomes:
        rho = {name: found for name in self.wanted
               if name not in chosen and (found := self._rho(name, utility, money)) is not None}
        if not rho:
            return self._completed(completion, chosen, money)
        found: Outcomes = set()
        for name in self.untie([name for name in rho if rho[name] == min(rho.values())]):
            paid = [held - min(held, rho[name] * self._gain(ballot, name, utility))
                    for ballot, held in zip(self.voters, money, strict=True)]
            found |= self._shared(utility, completion, (*chosen, name), paid)
        return found

    def _completed(self, completion: Completion, chosen: tuple[str, ...], money: list[Fraction]) -> Outcomes:
        if completion is Completion.GREEDY:
            return self.greedy(per_cost=False, stop=False, begin=chosen)
        if completion is Completion.PHRAGMEN:
            return self.phragmen(stop=False, chosen=chosen, money=money)
        return {frozenset(chosen)}

    def _gain(self, ballot: Ballot, name: str, utility: Utility) -> Fraction:
        return ballot.get(name, 0) * (self.cost[name] if utility is Utility.COST else Fraction(1))

    def _rho(self, name: str, utility: Utility, money: list[Fraction]) -> Fraction | None:
        """The least rho at which they pay: some of them, those with the least for their utility, pay all they have."""
        gains = sorted((held / self._gain(ballot, name, utility), held, self._gain(ballot, name, utility))
                       for ballot, held in zip(self.voters, money, strict=True) if name in ballot)
        for poor in range(len(gains)):
            missing = self.cost[name] - sum(held for _, held, _ in gains[:poor])
            rho = missing / sum(gain for _, _, gain in gains[poor:])
            if rho <= gains[poor][0]:
                return rho
        return None
