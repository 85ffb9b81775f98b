"""Approval: every idea named on a ballot gets one vote."""

from collections import Counter
from collections.abc import Iterable, Sequence

from ideathon.core.tally.choosing import CountSettings, Run, Step
from ideathon.core.tally.contest import contest
from ideathon.core.tally.election import Election, Kind, votes
from ideathon.core.tally.settings import CountError


class Approval:
    """Counts how many ballots name each idea; with one choice a ballot this is plurality."""

    name = "approval"
    source = "Brams and Fishburn 1978; village votes with up to three choices (Põhja-Sakala, Talsi)"

    def count(self, ideas: Sequence[str], ballots: Iterable[Sequence[str]]) -> dict[str, int]:
        """Votes of every idea, 0 included. Raises `CountError` for an unknown idea or one named twice on a ballot."""
        votes: Counter[str] = Counter()
        for ballot in ballots:
            if len(set(ballot)) != len(ballot):
                raise CountError("a ballot names an idea twice")
            votes.update(ballot)
        unknown = votes.keys() - set(ideas)
        if unknown:
            raise CountError(f"a ballot names {min(unknown)}, which is not on the list")
        return {idea: votes[idea] for idea in ideas}


class MostApproved:
    """The one project that most ballots name; an election from a file with one winner.

    Steps: `votes` for each project, how many ballots name it.
    """

    name = "approval"
    source = "Brams and Fishburn 1978"
    kinds = frozenset({Kind.APPROVAL})
    shares_money = False

    def begin(self, given: Election, settings: CountSettings) -> Run:
        named = votes(given)
        race = contest(given, settings, named)
        steps = [Step("votes", given.projects[number].id, {"votes": named[number]}) for number in race.standing]
        return lambda parting: race.end_by(parting, steps, named)
