"""Run-off between the first two: of a ranking's first places, or of scores (STAR)."""

from ideathon.core.tally.choosing import CountSettings, Run, Selection, Step
from ideathon.core.tally.contest import Contest, contest, preferred, standing_only
from ideathon.core.tally.election import Election, Kind, points
from ideathon.core.tally.parting import Parting
from ideathon.core.tally.settings import Number


class Runoff:
    """The two with the most first places (scores: the highest sums) meet; more ballots put the winner above the other.

    Equal in the run-off, the one with more in the first round wins; still equal ones part by the declared breakers, as
    do those at the edge of the first two. `points` are the votes in the last round in which a project stood; with
    scores they are the sums, so that the run-off can be won by the second. Steps: `first_round` with the `points` of
    each, `finalist` for the two, `final` with the `votes` of each and how many ballots put neither above (`equal`). The
    threshold counts the ballots that name a project; with scores, the sum.
    """

    name = "runoff"
    source = "contingent vote (Queensland 1892); scores: STAR, Equal Vote Coalition 2014"
    kinds = frozenset({Kind.RANKING, Kind.POINTS})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        race = contest(given, settings)
        if given.ballots.kind is Kind.POINTS:
            return _Final(race, points(given)).run
        firsts: list[Number] = [0] * len(given.projects)
        for choice, count in standing_only(given, race.standing).items():
            if choice:
                firsts[choice[0]] += count
        return _Final(race, firsts).run


class _Final:
    """What all runs share: the first round, and run-offs that were counted already."""

    def __init__(self, race: Contest, first_round: list[Number]) -> None:
        self.race, self.first_round = race, first_round
        self.known: dict[tuple[int, int], tuple[int, int]] = {}

    def run(self, parting: Parting) -> Selection:
        """One count."""
        race, ids = self.race, [project.id for project in self.race.given.projects]
        steps = [Step("first_round", "", {"points": race.by_name({n: self.first_round[n] for n in race.standing})})]
        two = self._first_two(parting)
        steps += [Step("finalist", ids[number], {"points": self.first_round[number]}) for number in two]
        if len(two) < 2:
            return race.end(parting, two, steps, self.first_round)
        one, other = two
        if (one, other) not in self.known:
            self.known[one, other] = preferred(race.given, one, other)
        found = self.known[one, other]
        steps.append(Step("final", "", {"votes": {ids[one]: found[0], ids[other]: found[1]},
                                        "equal": race.given.ballots.cast - sum(found)}))
        strong = [(found[at], self.first_round[number]) for at, number in enumerate(two)]
        best = [number for at, number in enumerate(two) if strong[at] == max(strong)]
        ranked_by = list(self.first_round)
        if race.given.ballots.kind is Kind.RANKING:
            ranked_by[one], ranked_by[other] = found
        return race.end(parting, best, steps, ranked_by)

    def _first_two(self, parting: Parting) -> list[int]:
        left = list(self.race.standing)
        found: list[int] = []
        while left and len(found) < 2:
            top = max(self.first_round[number] for number in left)
            equal = [number for number in left if self.first_round[number] == top]
            found += parting.in_order(equal) if len(equal) + len(found) <= 2 else [parting.first(equal)]
            left = [number for number in left if number not in found]
        return sorted(found)
