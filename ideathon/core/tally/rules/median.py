"""Median: the project with the highest lower median of its scores."""

from ideathon.core.tally.choosing import CountSettings, Run
from ideathon.core.tally.contest import contest
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.marks import MedianRace, tables


class Median:
    """By the lower median of all ballots' scores; a project that a ballot does not name has `unnamed` from it.

    Equal medians part as in majority judgement: a median is removed from each, again and again; after that the declared
    breakers decide. Steps: see `MedianRace`. The threshold counts the sum of the scores.
    """

    name = "median"
    source = "Galton 1907 (one vote, one value); ties as in Balinski and Laraki 2007"
    kinds = frozenset({Kind.POINTS})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        return MedianRace(contest(given, settings), tables(given)).run
