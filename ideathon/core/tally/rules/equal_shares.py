"""The method of equal shares: the budget is shared out to the voters, and supporters buy with their own shares."""

from fractions import Fraction

from ideathon.core.tally.choosing import Completion, CountSettings, Run, Selection, Utility
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.rules.leftover import by_points
from ideathon.core.tally.rules.phragmen import Earning, Loads
from ideathon.core.tally.rules.raising import Raising
from ideathon.core.tally.sharing import shared
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
            shares = shared(support, settings, parting, prices)
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
