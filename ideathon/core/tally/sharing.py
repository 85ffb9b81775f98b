"""Voters buy with equal shares of the budget: one run of the shares alone, without what completes it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ideathon.core.tally.buying import Buying, Parts, Record
from ideathon.core.tally.choosing import CountSettings, Utility
from ideathon.core.tally.envelope import Envelope
from ideathon.core.tally.purses import Purses
from ideathon.core.tally.support import Support
from ideathon.core.tally.verdicts import Verdict


class Shares(Buying):
    """One run of the shares alone. `over`: a project was to be bought that the budget cannot pay for, because voters
    were given more than it holds; then the run ended."""

    def __init__(self, record: Record, parting: Parts, purses: Purses, prices: Iterable[tuple[Fraction, int]],
                 utility: Utility) -> None:
        super().__init__(record, parting, prices)
        self.purses = purses
        unit = purses.support.unit
        self.gains = [cost / unit if utility is Utility.COST else Fraction(1, unit) for cost in purses.costs]
        self.over = False

    def rate(self, number: int, rho: Fraction) -> Fraction:
        """The most that a supporter pays for each unit of her mark."""
        return rho * self.gains[number]

    def price(self, number: int, known: Fraction) -> Fraction | None:
        rate = self.purses.rate(number, known * self.gains[number])
        return None if rate is None else rate / self.gains[number]

    def apart(self, equal: Sequence[int], price: Fraction) -> bool:
        return self.purses.can_all({number: self.rate(number, price) for number in equal})

    def buy(self, number: int, price: Fraction) -> None:
        paid = self.purses.pay(number, self.rate(number, price))
        self.record.take("bought", number, rho=price, supporters=paid.voters, most=paid.most, short=paid.short)

    def unaffordable(self, refused: Sequence[int], equal: list[int], price: Fraction) -> list[int]:
        both = [*refused, *equal]
        if equal and not self.apart(both, price):       # after another one their supporters may lack the money
            first = self.parting.first(both)
            if first in equal:
                self.wait([number for number in both if number != first], price)
                return [first]
        self.over = self.ended = True
        return []

    def too_poor(self, rest: Iterable[int]) -> None:
        """The count is over, and these were not bought."""
        for number in rest:
            together = self.purses.together(number)
            self.record.refuse(number, Verdict.SUPPORTERS_TOO_POOR, together=together)


def shared(support: Support, settings: CountSettings, parting: Parts, prices: Iterable[tuple[Fraction, int]],
           more: int = 0) -> Shares:
    """The shares' own outcome when each voter gets so much more than her part of the budget."""
    record = Record(support, Envelope(support.given, settings, support.fit))
    parting.watch(record.chosen, record.verdicts, support.alike)
    each = support.share() + more
    record.step("shared", voters=support.voters, each=each, more=more)
    shares = Shares(record, parting, Purses(support, each), prices, settings.utility)
    shares.run()
    return shares
