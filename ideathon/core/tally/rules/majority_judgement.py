"""Majority judgement: the project with the highest majority grade."""

from ideathon.core.tally.choosing import CountSettings, Run
from ideathon.core.tally.contest import contest
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.marks import MedianRace, tables


class MajorityJudgement:
    """By the lower median of the grades in words; no grade counts as `unnamed`, the worst one unless said otherwise.

    Equal majority grades part by the exact rule: one median grade is removed from each, again and again (not by the
    majority gauge, which is a shortcut for large numbers). Steps: see `MedianRace`. The threshold counts the ballots
    that grade a project above the worst grade.
    """

    name = "majority-judgement"
    source = "Balinski and Laraki 2007 (PNAS 104), 2010 (Majority Judgment, MIT Press)"
    kinds = frozenset({Kind.GRADES})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        return MedianRace(contest(given, settings), tables(given)).run
