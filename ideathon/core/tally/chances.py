"""What further votes would have done: exact numbers, whatever the blend, the thresholds and the breakers."""

from bisect import insort
from dataclasses import replace
from fractions import Fraction

from ideathon.core.tally.blend import Measure, blended, measure
from ideathon.core.tally.outcome import Outcome, Standing
from ideathon.core.tally.settings import Blend, Settings
from ideathon.core.tally.ties import breaking_key, rank_key


def votes_to_win(outcome: Outcome, idea: str) -> int | None:
    """The least number of further votes, at least 1, with which the idea would have won alone, all else unchanged.

    Each further vote comes on a further ballot that names this idea only; so the ballots grow with the votes, and may
    reach the quorum. None when it won, cannot win by votes, or no number is enough. Raises `KeyError` for an unknown
    idea. Exact: pairs of ideas are counted again with the same functions as the outcome. Against each rival more votes
    never hurt, under any blend: own points and own order never fall, the rival's never rise. So the least number is the
    largest of those over the rivals, and each of them is found by halving.
    """
    own = outcome.standing(idea)
    if outcome.winner == idea or not _can_win_by_votes(outcome.settings, own):
        return None
    search = _Search(outcome, own)
    more = _least_to_be_eligible(outcome, own)
    for rival in _rivals(outcome, own):
        least = search.votes_to_pass(rival, more)
        if least is None:
            return None
        more = least
    return more


def votes_to_audience(outcome: Outcome, idea: str) -> int | None:
    """The least number of further votes, at least 1, with which the idea alone would have had the audience prize.

    None when it has it alone, cannot win by votes, or there is no such prize. Ballots grow as for `votes_to_win`.
    """
    own = outcome.standing(idea)
    if outcome.settings.blend is not Blend.SEPARATE or outcome.audience == (idea,):
        return None
    if not _can_win_by_votes(outcome.settings, own):
        return None
    rivals = _rivals(outcome, own)
    most = max((rival.votes for rival in rivals), default=0)
    more = max(_least_to_be_eligible(outcome, own), most - own.votes)
    there = replace(own, votes=own.votes + more)
    equal = [rival for rival in rivals if rival.votes == there.votes]
    key = breaking_key(outcome.settings, there)
    return more if all(key > breaking_key(outcome.settings, rival) for rival in equal) else more + 1


def _can_win_by_votes(settings: Settings, standing: Standing) -> bool:
    """Whether nothing but votes or ballots stands in the way."""
    return standing.place is not None and standing.jury >= settings.threshold_jury


def _rivals(outcome: Outcome, own: Standing) -> list[Standing]:
    """The others that can win once there is a quorum: then the count of further votes is made with one."""
    rule = outcome.settings
    return [other for other in outcome.standings if other.idea != own.idea and _can_win_by_votes(rule, other)
            and other.votes >= rule.threshold_votes]


def _least_to_be_eligible(outcome: Outcome, own: Standing) -> int:
    rule = outcome.settings
    return max(1, rule.threshold_votes - own.votes, rule.quorum - (outcome.ballots or 0))


class _Search:
    """The search for one idea's missing votes; what further votes do to the measure is worked out once a number."""

    def __init__(self, outcome: Outcome, own: Standing) -> None:
        self.settings, self.own = outcome.settings, own
        self.held = measure(outcome.standings, outcome.ballots)
        self.later: dict[int, Measure] = {}

    def votes_to_pass(self, rival: Standing, start: int) -> int | None:
        """The least number of votes, at least `start`, that puts own above the rival; None when none does."""
        if self.passes(rival, start):
            return start
        low, high = start, self.surely_enough(rival)
        if high <= low or not self.passes(rival, high):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.passes(rival, middle) else (middle, high)
        return high

    def passes(self, rival: Standing, more: int) -> bool:
        """Whether own stands above the rival when it gets so many more votes."""
        if more not in self.later:
            self.later[more] = self._with(more)
        keys = [
            rank_key(self.settings, blended(self.settings, self.later[more], standing))
            for standing in (replace(self.own, votes=self.own.votes + more), rival)
        ]
        return keys[0] > keys[1]

    def _with(self, more: int) -> Measure:
        votes = self.own.votes + more
        ordered = list(self.held.votes)
        if self.settings.blend is Blend.RANK:
            ordered.remove(self.own.votes)
            insort(ordered, votes)
        return Measure(
            most=max(self.held.most, votes),
            ballots=None if self.held.ballots is None else self.held.ballots + more,
            jury=self.held.jury,
            votes=tuple(ordered),
        )

    def surely_enough(self, rival: Standing) -> int:
        """Votes beyond which nothing changes between the two: own has the most votes and has passed if it ever can.

        With V own votes, V > most, own gets all 100 resident points and the rival 100 * v / V. Own passes when
        v / V < 1 - lead, where lead is the jury's lead of the rival in parts of all resident points. By shares, with
        n further votes on n further ballots, own passes when (V + n - v) / (ballots + n) > lead. By ranks, and where
        the votes only break ties, nothing changes once own has the most votes.
        """
        own, rule = self.own, self.settings
        alone = self.held.most + 1 - own.votes
        if rule.blend not in (Blend.POINTS, Blend.SHARE) or not rule.resident_weight:
            return alone
        lead = rule.jury_weight * (rival.jury - own.jury) / Fraction(100 * rule.resident_weight)
        if lead >= 1:
            return alone
        if rule.blend is Blend.POINTS:
            return max(alone, (rival.votes / (1 - lead)).__floor__() + 1 - own.votes)
        lacking = lead * (self.held.ballots or 0) + rival.votes - own.votes
        return max(alone, (lacking / (1 - lead)).__floor__() + 1)
