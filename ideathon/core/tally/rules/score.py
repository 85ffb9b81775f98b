"""Score: the project with the highest mean of all ballots' scores."""

from fractions import Fraction

from ideathon.core.tally.choosing import CountSettings, Run, Step
from ideathon.core.tally.contest import contest
from ideathon.core.tally.election import Election, Kind, points, simple
from ideathon.core.tally.marks import in_words, tables


class Score:
    """By the mean over all ballots, blank ones too; a project that a ballot does not name has `unnamed` from it.

    With points to share out (cumulative voting) the order is the same as by sums. Steps: `mean` for each project: how
    often each mark was given (`marks`), their `sum`, the `ballots` and the `mean`. The threshold counts the sum.
    """

    name = "score"
    source = "range voting: Smith 2000; evaluative voting: Hillinger 2005, Baujard and Igersheim 2007"
    kinds = frozenset({Kind.POINTS})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        race, sums, of, cast = contest(given, settings), points(given), tables(given), max(1, given.ballots.cast)
        means = [simple(Fraction(each) / cast) for each in sums]
        steps = [Step("mean", given.projects[number].id, {"marks": in_words(given, of[number]), "sum": sums[number],
                                                          "ballots": cast, "mean": means[number]})
                 for number in race.standing]
        return lambda parting: race.end_by(parting, steps, means)
