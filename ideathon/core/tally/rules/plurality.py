"""Plurality: the project that most ballots put first."""

from ideathon.core.tally.choosing import CountSettings, Run, Step
from ideathon.core.tally.contest import contest
from ideathon.core.tally.election import Election, Kind
from ideathon.core.tally.remarks import gettext
from ideathon.core.tally.settings import CountError


class Plurality:
    """One vote a ballot: its only project, or the first of a ranking. The threshold counts these votes.

    Steps: `votes` for each project, how many ballots put it first.
    """

    name = "plurality"
    source = "first past the post; as a social choice rule: Condorcet 1785 describes and criticises it"
    kinds = frozenset({Kind.APPROVAL, Kind.RANKING})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        ballots = given.ballots
        if ballots.kind is Kind.APPROVAL and any(len(choice) > 1 for choice in ballots.choices):
            raise CountError(gettext("plurality has one vote a ballot, and a ballot names more projects than one"))
        first = [0] * len(given.projects)
        for choice, count in zip(ballots.choices, ballots.counts, strict=True):
            if choice:
                first[choice[0]] += count
        race = contest(given, settings, first)
        steps = [Step("votes", given.projects[number].id, {"votes": first[number]}) for number in race.standing]
        return lambda parting: race.end_by(parting, steps, first)
