"""Why each idea won or did not: facts, from which a page makes one plain sentence in its reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ideathon.core.tally.blend import combined_points, resident_points
from ideathon.core.tally.outcome import Bar, Outcome, Standing
from ideathon.core.tally.settings import Breaker, Number, Settings
from ideathon.core.tally.ties import deciding_breaker, rank_key


class Code(StrEnum):
    """The kind of reason; beside each the fields of `Reason` that it fills."""

    WON_BOTH = "won_both"  # most votes and the jury's first
    WON_MOST_VOTES = "won_most_votes"  # most votes; the jury had no single first
    WON_DESPITE_JURY_FIRST_OTHER = "won_despite_jury_first_other"  # most votes; other: the jury's first
    WON_TOP_JURY = "won_top_jury"  # the jury's first; no idea had the most votes alone
    WON_DESPITE_VOTES_FIRST_OTHER = "won_despite_votes_first_other"  # the jury's first; other: most votes
    WON_TOGETHER = "won_together"  # first with neither, but with both together
    WON_TIE = "won_tie"  # equal points; by, other
    WON_FIRST_ELIGIBLE = "won_first_eligible"  # other: stands higher but cannot win
    WON_ALONE = "won_alone"  # no other idea could win
    TIED_FOR_FIRST = "tied_for_first"  # nothing parts them; other: one of them; missing
    LOST_TIE = "lost_tie"  # equal points with the winner; by, other, missing
    MISSING_VOTES = "missing_votes"  # missing, points
    BEHIND = "behind"  # no number of votes would have been enough; points
    BELOW_THRESHOLD = "below_threshold"  # jury, threshold, points: what the jury's points lack
    ELIMINATED = "eliminated"  # criterion
    TOO_FEW_JURORS = "too_few_jurors"  # have, need


@dataclass(frozen=True)
class Reason:
    """One idea's reason. Points are exact, 0 to 100; fields that the code does not fill are None.

    `votes` is what the idea got; with `missing` more, and all else as it was, it would have won. `points` is the
    distance to the best eligible idea (or to the threshold). `other` is an idea, `by` what decided between equals.
    """

    idea: str
    code: Code
    place: int | None
    votes: int
    missing: int | None = None
    points: Fraction | None = None
    other: str | None = None
    by: Breaker | None = None
    jury: Fraction | None = None
    threshold: Fraction | None = None
    criterion: str | None = None
    have: int | None = None
    need: int | None = None


def explain(outcome: Outcome) -> tuple[Reason, ...]:
    """A reason for every idea, in the order of the standings."""
    return tuple(_reason(outcome, standing) for standing in outcome.standings)


def votes_to_win(outcome: Outcome, idea: str) -> int | None:
    """The least number of further votes, at least 1, with which the idea would have won alone, all else unchanged.

    None when it won, cannot win, or no number is enough. Exact: pairs of ideas are counted again with the same
    functions as the outcome, and the most votes rise with the idea's own. Against each rival more votes never hurt
    (own points never fall, the rival's never rise), so the least number for all is the largest over the rivals.
    """
    own = outcome.standing(idea)
    if not own.eligible or outcome.winner == idea:
        return None
    most = max(standing.votes for standing in outcome.standings)
    more = 1
    for rival in outcome.standings:
        if rival.eligible and rival.idea != idea:
            least = _votes_to_pass(outcome.settings, own, rival, most, more)
            if least is None:
                return None
            more = least
    return more


def _reason(outcome: Outcome, own: Standing) -> Reason:
    if own.bar is not None:
        return _barred(outcome.settings, own, own.bar)
    if own.idea == outcome.winner:
        return _won(outcome, own)
    best = outcome.standing(outcome.winners[0])
    plain = Reason(own.idea, Code.BEHIND, own.place, own.votes, points=best.combined - own.combined,
                   missing=votes_to_win(outcome, own.idea))
    if own.idea in outcome.winners:
        other = next(idea for idea in outcome.winners if idea != own.idea)
        return replace(plain, code=Code.TIED_FOR_FIRST, other=other)
    if (breaker := deciding_breaker(outcome.settings, best, own)) is not None:
        return replace(plain, code=Code.LOST_TIE, by=breaker, other=best.idea)
    return plain if plain.missing is None else replace(plain, code=Code.MISSING_VOTES)


def _barred(settings: Settings, own: Standing, bar: Bar) -> Reason:
    plain = Reason(own.idea, Code(bar.value), own.place, own.votes)
    if bar is Bar.TOO_FEW_JURORS:
        return replace(plain, have=own.jurors_counted, need=settings.min_jurors)
    if bar is Bar.ELIMINATED:
        return replace(plain, criterion=own.eliminated_by)
    threshold = Fraction(settings.threshold_jury)
    return replace(plain, jury=own.jury, threshold=threshold, points=threshold - own.jury)


def _won(outcome: Outcome, own: Standing) -> Reason:
    placed = [s for s in outcome.standings if s.place is not None]
    rivals = [s for s in placed if s.eligible and s.idea != own.idea]
    plain = Reason(own.idea, Code.WON_TOGETHER, own.place, own.votes)
    if not rivals:
        return replace(plain, code=Code.WON_ALONE)
    if (breaker := deciding_breaker(outcome.settings, own, rivals[0])) is not None:
        return replace(plain, code=Code.WON_TIE, by=breaker, other=rivals[0].idea)
    if placed[0].idea != own.idea:
        return replace(plain, code=Code.WON_FIRST_ELIGIBLE, other=placed[0].idea)
    return _carried(plain, _single_first(placed, lambda s: s.votes), _single_first(placed, lambda s: s.jury))


def _carried(plain: Reason, votes_first: str | None, jury_first: str | None) -> Reason:
    """Which of the two, residents or jury, carried the winner."""
    if plain.idea == votes_first == jury_first:
        return replace(plain, code=Code.WON_BOTH)
    if plain.idea == votes_first:
        code = Code.WON_DESPITE_JURY_FIRST_OTHER if jury_first else Code.WON_MOST_VOTES
        return replace(plain, code=code, other=jury_first)
    if plain.idea == jury_first:
        code = Code.WON_DESPITE_VOTES_FIRST_OTHER if votes_first else Code.WON_TOP_JURY
        return replace(plain, code=code, other=votes_first)
    return plain


def _single_first(standings: Iterable[Standing], value: Callable[[Standing], Number]) -> str | None:
    """Which of at least two ideas has the highest value alone."""
    ranked = sorted(standings, key=value, reverse=True)
    return ranked[0].idea if value(ranked[0]) > value(ranked[1]) else None


def _votes_to_pass(settings: Settings, own: Standing, rival: Standing, most: int, start: int) -> int | None:
    """The least number of votes, at least `start`, that puts own above the rival; None when none does."""
    if _passes(settings, own, rival, most, start):
        return start
    low, high = start, _surely_enough(settings, own, rival, most)
    if high <= low or not _passes(settings, own, rival, most, high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _passes(settings, own, rival, most, middle) else (middle, high)
    return high


def _passes(settings: Settings, own: Standing, rival: Standing, most: int, more: int) -> bool:
    """Whether own stands above the rival when it gets so many more votes."""
    votes = own.votes + more
    keys = [
        rank_key(settings, _recounted(settings, standing, count, max(most, votes)))
        for standing, count in ((own, votes), (rival, rival.votes))
    ]
    return keys[0] > keys[1]


def _recounted(settings: Settings, standing: Standing, votes: int, most: int) -> Standing:
    residents = resident_points(votes, most)
    return replace(standing, votes=votes, combined=combined_points(settings, standing.jury, residents))


def _surely_enough(settings: Settings, own: Standing, rival: Standing, most: int) -> int:
    """Votes beyond which nothing changes between the two: own has the most votes and has passed if it ever can.

    With V own votes, V > most, own gets all 100 resident points and the rival 100 * v / V. Own passes when
    v / V < 1 - lead, where lead is the jury's lead of the rival in parts of all resident points.
    """
    total = most + 1
    if settings.resident_weight:
        lead = settings.jury_weight * (rival.jury - own.jury) / Fraction(100 * settings.resident_weight)
        if lead < 1:
            total = max(total, (rival.votes / (1 - lead)).__floor__() + 1)
    return total - own.votes
