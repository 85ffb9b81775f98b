"""Borda: the project with the most points for standing above others."""

from fractions import Fraction

from ideathon.core.tally.choosing import CountSettings, Run, Step
from ideathon.core.tally.contest import contest, pairwise
from ideathon.core.tally.election import Election, Kind, simple
from ideathon.core.tally.settings import Number


class Borda:
    """A ballot gives a project one point for each other that it puts below, half a point for each that stands equal.

    With everything ranked these are the places counted from below, from 0; what a ballot does not name shares the mean
    of the places that are left, so that a short ranking has as much weight as a long one and a project that loses to
    every other never wins. (`points` of an election counts otherwise, as cities do: nothing for what is not named.)
    Steps: `points` for each project: the `points`, and what they are made of, the points `over` each other one. The
    threshold counts the ballots that name a project.
    """

    name = "borda"
    source = "Borda 1781; equal places: Black 1976, Gärdenfors 1973"
    kinds = frozenset({Kind.RANKING})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        race, above, cast = contest(given, settings), pairwise(given), given.ballots.cast
        sums: list[Number] = [0] * len(given.projects)
        steps = []
        for one in race.standing:
            over = {other: simple(above[one][other] + Fraction(cast - above[one][other] - above[other][one], 2))
                    for other in race.standing if other != one}
            sums[one] = simple(sum(over.values(), Fraction(0)))
            steps.append(Step("points", given.projects[one].id, {"points": sums[one], "over": race.by_name(over)}))
        return lambda parting: race.end_by(parting, steps, sums)
