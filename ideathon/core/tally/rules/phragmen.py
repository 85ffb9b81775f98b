"""Phragmén's sequential rule: everybody earns alike, and supporters buy a project as soon as they can pay for it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ideathon.core.tally.buying import Buying, Parts, Record
from ideathon.core.tally.choosing import CountSettings, Run, Selection, Unaffordable, Verdict
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.envelope import Envelope
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.purses import Holdings, Purses
from ideathon.core.tally.support import Support


class Phragmen:
    """Every voter earns one unit of money in one unit of time, from nothing, and all pay for a project all they have.

    Whoever gives a project points or a place supports it, however much. In the standard form (`on_unaffordable` stop)
    the count ends at the first project that its supporters can pay for and the budget cannot; with skip it goes on
    without that one. A project that costs more than the whole budget ends nothing. Points are 1 by the time at which
    the supporters can pay, so votes for each unit of cost for the first one.
    """

    name = "phragmen"
    source = "Phragmén 1894; Brill, Freeman, Janson and Lackner 2017; with costs: Los, Christoff and Grossi 2022"
    kinds = frozenset({Kind.APPROVAL, Kind.POINTS, Kind.RANKING})
    shares_money = True

    def begin(self, given: Election, settings: CountSettings) -> Run:
        support = Support(given, settings)
        prices = [(Fraction(given.projects[number].cost) / support.supporters(number), number)
                  for number in support.fit]

        def run(parting: Parting) -> Selection:
            before = support.work
            record = Record(support, Envelope(given, settings, support.fit))
            parting.watch(record.chosen, record.verdicts, support.alike)
            Earning(record, parting, Loads(support), prices, settings.on_unaffordable).to_the_end()
            parting.work += support.work - before
            return record.selection()

        return run


class Loads(Holdings):
    """When each voter last paid, so that her money is the time since then; whoever begins with money paid before 0."""

    def __init__(self, support: Support, left: Purses | None = None) -> None:
        super().__init__(support, Fraction(0))
        if left is not None:
            self.parts, self.of = left.parts, list(left.of)
            self.amounts = [-amount for amount in left.amounts]

    def time(self, number: int) -> Fraction:
        """When the project's supporters can pay for it, if they buy nothing before."""
        voters, loads = 0, self.cost(number)
        for _, held in self.held(number):
            voters += held.total()
            loads += sum(self.amounts[purse] * owners for purse, owners in held.items())
        return Fraction(loads, voters * self.parts)

    def pay(self, number: int, time: Fraction) -> tuple[int, Fraction]:
        """The supporters have nothing left at this time. How many they are, and the most that one of them pays."""
        found = self.held(number)
        earliest = Fraction(min(self.amounts[purse] for _, held in found for purse in held), self.parts)
        self.finer((time * self.parts).denominator)
        self.amounts.append(int(time * self.parts))
        for alike in self.supporters[number]:
            for ballot in alike.ballots:
                self.of[ballot] = len(self.amounts) - 1
        return sum(held.total() for _, held in found), time - earliest


class Earning(Buying):
    """One run of the rule; the price of a project is the time at which its supporters can pay for it."""

    def __init__(self, record: Record, parting: Parts, loads: Loads, prices: Iterable[tuple[Fraction, int]],
                 on_unaffordable: Unaffordable, *, ranks: bool = True) -> None:
        super().__init__(record, parting, prices, ranks=ranks)
        self.loads = loads
        self.stops = on_unaffordable is Unaffordable.STOP

    def price(self, number: int, known: Fraction) -> Fraction | None:
        return self.loads.time(number)

    def apart(self, equal: Sequence[int], price: Fraction) -> bool:
        seen: set[int] = set()
        for number in equal:
            ballots = {ballot for alike in self.loads.supporters[number] for ballot in alike.ballots}
            if not seen.isdisjoint(ballots):
                return False
            seen |= ballots
        return True

    def buy(self, number: int, price: Fraction) -> None:
        voters, most = self.loads.pay(number, price)
        self.record.take("bought", number, time=price, supporters=voters, most=most)

    def unaffordable(self, refused: Sequence[int], equal: list[int], price: Fraction) -> list[int]:
        budget = self.record.budget
        ends = [number for number in refused if self.stops and self.record.projects[number].cost <= budget]
        if ends and equal:
            first = self.parting.first([*ends, *equal])
            if first in equal:
                self.wait([number for number in (*refused, *equal) if number != first], price)
                return [first]
            self.wait(equal, price)
        for number in self.parting.in_order(refused):
            self.rank(number, price)
            self.record.refuse(number, Verdict.TOO_DEAR, time=price)
        self.ended = bool(ends)
        return [] if ends else equal

    def to_the_end(self) -> None:
        """Run, and say of the rest that the count ended before their turn."""
        self.run()
        for _, number in self.waiting:
            self.rank(number, self.loads.time(number))
            self.record.verdicts[number] = Verdict.AFTER_THE_END
