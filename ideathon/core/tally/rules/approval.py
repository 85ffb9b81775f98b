"""Approval: every idea named on a ballot gets one vote."""

from collections import Counter
from collections.abc import Iterable, Sequence

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
