"""The method of equal shares: the budget is shared out to the voters, and supporters buy with their own shares."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil

from ideathon.core.tally.buying import Buying, Parts, Record
from ideathon.core.tally.choosing import Completion, CountSettings, Run, Selection, Utility, Verdict
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.envelope import Envelope
from ideathon.core.tally.parting import Alike, Parting
from ideathon.core.tally.purses import Purses
from ideathon.core.tally.rules.leftover import by_points
from ideathon.core.tally.rules.phragmen import Earning, Loads
from ideathon.core.tally.support import Support


class EqualShares:
    """Each voter gets the same part of the budget, and again and again the project is bought that costs its supporters
    least for what they gain: the one with the lowest rho such that they can pay for it when each pays rho for each unit
    of her utility, or all that she has left.

    A voter's utility is her mark (1, points or Borda points), times the project's cost with `Utility.COST`. Points are
    1 / rho: with approvals and `Utility.COST` the effective number of votes. What supporters cannot pay for has 0, also
    when the completion funds it.
    """

    name = "equal-shares"
    source = ("Peters and Skowron 2020; Peters, Pierczyński and Skowron 2021 (method of equal shares); completions: "
              "equalshares.net, and Phragmén's as in Lackner and Skowron 2023")
    kinds = frozenset({Kind.APPROVAL, Kind.POINTS, Kind.RANKING})
    shares_money = True

    def begin(self, given: Election, settings: CountSettings) -> Run:
        support = Support(given, settings)
        prices = [(Fraction(support.unit, support.weight(number)) * (
            1 if settings.utility is Utility.COST else Fraction(given.projects[number].cost)), number)
            for number in support.fit]

        def run(parting: Parting) -> Selection:
            if settings.completion is not Completion.ADD_ONE:
                return completed(parting)
            parting.watch((), support.stopped, support.alike)
            return Raising(support, settings, parting, prices).found()

        def completed(parting: Parting) -> Selection:
            shares = _shared(support, settings, parting, prices)
            rest = [number for number in support.fit if number not in shares.record.verdicts]
            if settings.completion is Completion.NONE:
                shares.too_poor(rest)
            elif settings.completion is Completion.GREEDY:
                by_points(shares.record, parting, support.points, rest)
            else:
                loads = Loads(support, shares.purses)
                Earning(shares.record, parting, loads, [(loads.time(number), number) for number in rest],
                        settings.on_unaffordable, ranks=False).to_the_end()
            return shares.record.selection()

        def measured(parting: Parting) -> Selection:
            before = support.work
            try:
                return run(parting)
            finally:
                parting.work += support.work - before

        return measured


class Shares(Buying):
    """One run of the shares alone. `over`: a project was to be bought that the budget cannot pay for, because voters
    were given more than it holds; then the run ended."""

    def __init__(self, record: Record, parting: Parts, purses: Purses, prices: Iterable[tuple[Fraction, int]],
                 utility: Utility) -> None:
        super().__init__(record, parting, prices)
        self.purses = purses
        self.per_cost = utility is Utility.COST
        self.over = False
        self.highest = Fraction(0)      # the last price
        self.short = 0                  # how often a supporter had less than her part

    def rate(self, number: int, rho: Fraction) -> Fraction:
        """The most that a supporter pays for each unit of her mark."""
        utility = self.purses.costs[number] if self.per_cost else Fraction(1)
        return rho * utility / self.purses.support.unit

    def price(self, number: int, known: Fraction) -> Fraction | None:
        rate = self.purses.rate(number, self.rate(number, known))
        return None if rate is None else rate / self.rate(number, Fraction(1))

    def apart(self, equal: Sequence[int], price: Fraction) -> bool:
        return self.purses.can_all({number: self.rate(number, price) for number in equal})

    def buy(self, number: int, price: Fraction) -> None:
        paid = self.purses.pay(number, self.rate(number, price))
        self.highest, self.short = price, self.short + paid.short
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


def _shared(support: Support, settings: CountSettings, parting: Parts, prices: Iterable[tuple[Fraction, int]],
            more: int = 0) -> Shares:
    """The shares' own outcome when each voter gets so much more than her part of the budget."""
    record = Record(support, Envelope(support.given, settings, support.fit))
    parting.watch(record.chosen, record.verdicts, support.alike)
    each = support.share() + more
    record.step("shared", voters=support.voters, each=each, more=more)
    shares = Shares(record, parting, Purses(support, each), prices, settings.utility)
    shares.run()
    return shares


class _Once:
    """Equal projects are parted once for all tries of a completion, as one order of all projects would do it."""

    def __init__(self, parting: Parting) -> None:
        self.parting = parting
        self.after: dict[int, set[int]] = {}        # who comes after whom in that order, as far as it is known

    def first(self, equal: Sequence[int], _state: Hashable = None) -> int:
        behind = {other for number in equal for other in self.after.get(number, ())}
        found = self.parting.first([number for number in equal if number not in behind])
        later = set(equal) - {found}
        later.update(*(self.after.get(number, ()) for number in later))
        for known in self.after.values():
            if found in known:
                known.update(later)
        self.after.setdefault(found, set()).update(later)
        return found

    def watch(self, chosen: Sequence[int], verdicts: Mapping[int, Verdict], alike: Alike | None = None) -> None:
        """What one try gives is not for good."""

    def in_order(self, equal: Sequence[int]) -> list[int]:
        return self.parting.in_order(equal)


class Raising:
    """Completion by raised shares: the last outcome that the budget can pay for stands.

    It ends also where nothing more fits into what is left, as at equalshares.net: with every project that fits funded,
    more money for the voters could only exchange winners.
    """     # tries that are sure to change nothing are left out: with small units of money there are very many

    def __init__(self, support: Support, settings: CountSettings, parting: Parting,
                 prices: Sequence[tuple[Fraction, int]]) -> None:
        self.support, self.settings, self.prices = support, settings, prices
        self.parting = _Once(parting)

    def found(self) -> Selection:
        more, stands = 0, self._at(0)
        while self._fits_more(stands.record):
            before, more = more, more + self.next_change(stands)
            tried = self._at(more)
            if tried.over:
                stands = self._at(more - 1) if more - 1 > before else stands
                break
            stands = tried
        stands.too_poor([number for number in self.support.fit if number not in stands.record.verdicts])
        return stands.record.selection()

    def _at(self, more: int) -> Shares:
        return _shared(self.support, self.settings, self.parting, self.prices, more)

    def _fits_more(self, record: Record) -> bool:
        return any(number not in record.verdicts and record.envelope.refusal(number) is None
                   for number in self.support.fit)

    def next_change(self, shares: Shares) -> int:
        """After how many more units for each voter the outcome may be another; before, it is not.

        When every supporter had her part of each purchase, these prices are the lowest that there can be and stay with
        more money; and what nobody bought is no rival to them when its lowest price is above theirs. Then the first
        change comes when its supporters together have its cost.
        """
        chosen = set(shares.record.chosen)
        waiting = [number for number in self.support.fit if number not in shares.record.verdicts]
        if shares.short or any(price <= shares.highest for price, number in self.prices if number not in chosen):
            return 1
        purses = shares.purses
        return max(1, min(ceil((purses.costs[number] - purses.together(number)) / self.support.supporters(number))
                          for number in waiting))
