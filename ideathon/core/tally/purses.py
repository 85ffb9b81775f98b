"""What voters hold while they buy projects together: kept once for all who hold the same, exact and in whole parts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from ideathon.core.tally.support import Support, Supporters

Held = list[tuple[int, Counter[int]]]
"""Of one project's supporters, by their mark: how many voters each purse belongs to."""


class Holdings:
    """What each voter holds, by purses: `of` says for each kept ballot which purse its voters have, `amounts` what is
    in each purse in 1/`parts` of a unit of money, `owners` how many voters have one. Purse 0 is the one with nothing.
    """

    def __init__(self, support: Support, each: Fraction) -> None:
        costs = [Fraction(project.cost) for project in support.given.projects]
        self.support = support
        self.parts = lcm(each.denominator, *(cost.denominator for cost in costs))
        self.costs = costs
        self.of = [1] * len(support.counts)
        self.amounts = [0, int(each * self.parts)]
        self.owners = [0, support.voters]
        self.supporters = list(support.of)

    def cost(self, number: int) -> int:
        """The project's cost in parts."""
        return int(self.costs[number] * self.parts)

    def held(self, number: int) -> Held:
        """Who supports the project, by mark, and how many of these each purse belongs to."""
        purse_of = self.of.__getitem__
        found = []
        for alike in self.supporters[number]:
            self.support.work += 20 + (len(alike.once) + len(alike.more)) // 10
            held = Counter(map(purse_of, alike.once))
            for purse, times in zip(map(purse_of, alike.more), alike.times, strict=True):
                held[purse] += times
            found.append((alike.mark, held))
        return found

    def finer(self, times: int) -> None:
        """So many times as many parts, so that what comes next is whole."""
        if times > 1:
            self.parts *= times
            self.amounts = [amount * times for amount in self.amounts]


@dataclass(frozen=True, slots=True)
class Payment:
    """Who paid for a project: how many voters, the most that one paid, and how many had less than their part and gave
    all of it."""

    voters: int
    most: Fraction
    short: int


class Purses(Holdings):
    """Voters' money where the budget is shared out equally and supporters pay for what they want."""

    def __init__(self, support: Support, each: Fraction) -> None:
        super().__init__(support, each)
        self.fresh: dict[int, Held] = {}        # what was found since the last payment, by project

    def rate(self, number: int, known: Fraction) -> Fraction | None:
        """What a supporter pays at most for each unit of her mark, so that they pay the cost; None when they cannot.

        `known` is a rate that is not above it, such as an earlier one: money only becomes less.
        """
        rest = [(mark, [(self.amounts[purse], voters) for purse, voters in held.items()])
                for mark, held in self._not_empty(number)]
        cost, weight = self.cost(number), sum(mark * voters for mark, held in rest for _, voters in held)
        top, bottom = known.numerator * self.parts, known.denominator
        first = True
        while weight:
            rest, paid, poor = _apart(rest, top, bottom)
            if not poor and not first:
                return Fraction(top, bottom * self.parts)
            first = False
            cost, weight = cost - paid, weight - poor
            if weight:
                top, bottom = cost, weight
        return Fraction(top, bottom * self.parts) if cost == 0 else None

    def together(self, number: int) -> Fraction:
        """What the project's supporters have left in all."""
        return Fraction(sum(self.amounts[purse] * voters for _, held in self.held(number)
                            for purse, voters in held.items()), self.parts)

    def pay(self, number: int, rate: Fraction) -> Payment:
        """Each supporter pays the rate for each unit of her mark, or all that she has left."""
        self.finer((rate * self.parts).denominator)
        each = int(rate * self.parts)
        payers = most = short = 0
        found = self._not_empty(number)
        for alike, (mark, held) in zip(self.supporters[number], found, strict=True):
            moves = {}
            for purse, voters in held.items():
                paid = min(self.amounts[purse], each * mark)
                payers, most = payers + voters, max(most, paid)
                short += voters if paid < each * mark else 0
                moves[purse] = self._purse(purse, voters, self.amounts[purse] - paid)
            self._move(alike, {old: new for old, new in moves.items() if old != new})
        self.fresh.clear()
        return Payment(payers, Fraction(most, self.parts), short)

    def can_all(self, rates: Mapping[int, Fraction]) -> bool:
        """Whether supporters of several of these have enough for all of theirs, so that the order changes nothing."""
        parts = self.parts * lcm(*((rate * self.parts).denominator for rate in rates.values()))
        due: Counter[int] = Counter()
        several: set[int] = set()
        for number, rate in rates.items():
            each = int(rate * parts)
            for alike in self.supporters[number]:
                several.update(due.keys() & set(alike.ballots))
                for ballot in alike.ballots:
                    due[ballot] += each * alike.mark
        times = parts // self.parts
        return all(due[ballot] <= self.amounts[self.of[ballot]] * times for ballot in several)

    def _not_empty(self, number: int) -> Held:
        """As `held`, without empty purses; supporters who hold nothing are forgotten once they are many."""
        if number in self.fresh:
            return self.fresh[number]
        found = self.fresh[number] = self.held(number)
        empty = sum(held.pop(0, 0) for _, held in found)
        if empty > sum(held.total() for _, held in found):
            self.supporters[number] = [alike.with_money(self.of) for alike in self.supporters[number]]
        return found

    def _purse(self, purse: int, voters: int, amount: int) -> int:
        """The purse that holds the amount for these of its owners from now on."""
        if amount and voters == self.owners[purse]:
            self.amounts[purse] = amount
            return purse
        self.owners[purse] -= voters
        if not amount:
            self.owners[0] += voters
            return 0
        self.amounts.append(amount)
        self.owners.append(voters)
        return len(self.amounts) - 1

    def _move(self, alike: Supporters, moves: dict[int, int]) -> None:
        if moves:
            purse_of = self.of
            for ballot in alike.ballots:
                purse = purse_of[ballot]
                if purse in moves:
                    purse_of[ballot] = moves[purse]


Rest = list[tuple[int, list[tuple[int, int]]]]


def _apart(rest: Rest, top: int, bottom: int) -> tuple[Rest, int, int]:
    """Those who have more than the rate top/bottom asks of them; what the others have, and their marks together."""
    kept, paid, poor = [], 0, 0
    for mark, held in rest:
        limit = top * mark // bottom
        rich = [pair for pair in held if pair[0] > limit]
        if len(rich) < len(held):
            gone = [pair for pair in held if pair[0] <= limit]
            paid += sum(amount * voters for amount, voters in gone)
            poor += mark * sum(voters for _, voters in gone)
        kept.append((mark, rich))
    return kept, paid, poor

