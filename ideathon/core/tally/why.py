"""Why each idea won or did not: facts, from which a page makes one plain sentence in its reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ideathon.core.tally.chances import votes_to_audience, votes_to_win
from ideathon.core.tally.outcome import Bar, Outcome, Standing
from ideathon.core.tally.settings import Blend, Breaker, Number
from ideathon.core.tally.ties import breaking_key, deciding_breaker, parting_breaker


class Code(StrEnum):
    """The kind of reason; beside each the fields of `Reason` that it fills."""

    # Most votes and the jury's first: alone, and of all ideas, also of those that cannot win (but see `held_back`).
    WON_BOTH = "won_both"  # most votes and the jury's first
    WON_MOST_VOTES = "won_most_votes"  # most votes; the jury had no single first
    WON_DESPITE_JURY_FIRST_OTHER = "won_despite_jury_first_other"  # most votes; other: the jury's first
    WON_TOP_JURY = "won_top_jury"  # the jury's first; no idea had the most votes alone
    WON_DESPITE_VOTES_FIRST_OTHER = "won_despite_votes_first_other"  # the jury's first; other: most votes
    WON_TOGETHER = "won_together"  # first with neither; with both together the first that can win
    WON_TIE = "won_tie"  # equal points; by, other
    WON_FIRST_ELIGIBLE = "won_first_eligible"  # have: so many stand before it and cannot win; other: the first of them
    WON_ALONE = "won_alone"  # no other idea could win
    WON_BOTH_PRIZES = "won_both_prizes"  # the jury's and the audience's, where they stand apart; rival, rival_by
    WON_JURY_PRIZE = "won_jury_prize"  # the jury's; the audience's went elsewhere or to nobody alone
    WON_AUDIENCE_PRIZE = "won_audience_prize"  # the audience's, not the jury's; other, points or by; rival, rival_by
    SHARES_AUDIENCE_PRIZE = "shares_audience_prize"  # nothing parts the votes; rival: one of them; other, points
    BEHIND_BOTH_PRIZES = "behind_both_prizes"  # other, points to the jury's; missing votes to the audience's
    TIED_FOR_FIRST = "tied_for_first"  # nothing parts them; other: one of them; missing
    LOST_TIE = "lost_tie"  # equal points with the winner; by, other, missing
    MISSING_VOTES = "missing_votes"  # missing, points
    BEHIND = "behind"  # no number of votes would have been enough; other, points
    BELOW_THRESHOLD = "below_threshold"  # jury, threshold, points: what the jury's points lack
    BELOW_VOTES = "below_votes"  # have, need; missing where with more votes it would have won
    NO_QUORUM = "no_quorum"  # have, need: ballots
    ELIMINATED = "eliminated"  # criterion
    SHEETS_MISSING = "sheets_missing"  # have, need: sheets
    TOO_FEW_JURORS = "too_few_jurors"  # have, need: sheets


@dataclass(frozen=True)
class Reason:
    """One idea's reason. Points are exact, 0 to 100; fields that the code does not fill are None.

    `votes` is what the idea got; with `missing` more, each on a further ballot of its own and all else as it was, it
    would have won (or had the audience prize, where the code says so). `points` is the distance to the best eligible
    idea (or to the threshold). `other` is an idea, `by` what decided between equals; `rival` is one with as many votes
    for the audience prize, `rival_by` what decided between those, None when they share it. With `held_back` the jury's
    points of some idea are told to nobody: then its first is that of the ideas that can win.
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
    rival: str | None = None
    rival_by: Breaker | None = None
    held_back: bool = False


def explain(outcome: Outcome) -> tuple[Reason, ...]:
    """A reason for every idea, in the order of the standings."""
    return tuple(_sharing(outcome, _reason(outcome, standing)) for standing in outcome.standings)


def _sharing(outcome: Outcome, reason: Reason) -> Reason:
    """The reason, whatever it is, with another idea that shares the audience prize with this one."""
    if reason.idea not in outcome.audience or len(outcome.audience) < 2:
        return reason
    return replace(reason, rival=next(idea for idea in outcome.audience if idea != reason.idea))


def _reason(outcome: Outcome, own: Standing) -> Reason:
    if own.bar is not None:
        return _barred(outcome, own, own.bar)
    if own.idea == outcome.winner:
        return _won(outcome, own)
    return _not_first(outcome, own)


def _not_first(outcome: Outcome, own: Standing) -> Reason:
    best = outcome.standing(outcome.winners[0])
    plain = Reason(own.idea, Code.BEHIND, own.place, own.votes, points=best.combined - own.combined, other=best.idea,
                   missing=votes_to_win(outcome, own.idea))
    if own.idea in outcome.winners:
        other = next(idea for idea in outcome.winners if idea != own.idea)
        return replace(plain, code=Code.TIED_FOR_FIRST, other=other)
    breaker = deciding_breaker(outcome.settings, best, own)
    if outcome.audience == (own.idea,):
        return _for_votes(outcome, own, replace(plain, code=Code.WON_AUDIENCE_PRIZE, missing=None, by=breaker))
    if breaker is not None:
        return replace(plain, code=Code.LOST_TIE, by=breaker)
    if own.idea in outcome.audience:
        return replace(plain, code=Code.SHARES_AUDIENCE_PRIZE)
    if outcome.settings.blend is Blend.SEPARATE:
        return replace(plain, code=Code.BEHIND_BOTH_PRIZES, missing=votes_to_audience(outcome, own.idea))
    return plain if plain.missing is None else replace(plain, code=Code.MISSING_VOTES)


def _for_votes(outcome: Outcome, own: Standing, plain: Reason) -> Reason:
    """The reason of who alone has the audience prize, with the idea of equally many votes that a breaker put next."""
    rule = outcome.settings
    equal = [s for s in outcome.standings if s.eligible and s.votes == own.votes and s.idea != own.idea]
    if not equal:
        return plain
    rival = max(equal, key=lambda s: breaking_key(rule, s))
    return replace(plain, rival=rival.idea, rival_by=parting_breaker(rule, own, rival))


def _barred(outcome: Outcome, own: Standing, bar: Bar) -> Reason:
    rule = outcome.settings
    plain = Reason(own.idea, Code(bar.value), own.place, own.votes)
    if bar is Bar.TOO_FEW_JURORS:
        return replace(plain, have=rule.full_sheets(own.jurors_counted, own.jurors_missing), need=rule.min_jurors)
    if bar is Bar.SHEETS_MISSING:
        return replace(plain, have=own.jurors_counted, need=own.jurors_counted + own.jurors_missing)
    if bar is Bar.ELIMINATED:
        return replace(plain, criterion=own.eliminated_by)
    if bar is Bar.NO_QUORUM:
        return replace(plain, have=outcome.ballots, need=rule.quorum)
    if bar is Bar.BELOW_VOTES:
        return replace(plain, have=own.votes, need=rule.threshold_votes, missing=votes_to_win(outcome, own.idea))
    threshold = Fraction(rule.threshold_jury)
    return replace(plain, jury=own.jury, threshold=threshold, points=threshold - own.jury)


def _won(outcome: Outcome, own: Standing) -> Reason:
    rivals = [s for s in outcome.standings if s.eligible and s.idea != own.idea]
    before = [s for s in outcome.standings if (s.place or 0) < (own.place or 0) and s.place is not None]
    plain = Reason(own.idea, Code.WON_TOGETHER, own.place, own.votes)
    if not rivals:
        return replace(plain, code=Code.WON_ALONE)
    if (breaker := deciding_breaker(outcome.settings, own, rivals[0])) is not None:
        return replace(plain, code=Code.WON_TIE, by=breaker, other=rivals[0].idea)
    if before:
        return replace(plain, code=Code.WON_FIRST_ELIGIBLE, other=before[0].idea, have=len(before))
    if outcome.settings.blend is Blend.SEPARATE:
        if outcome.audience == (own.idea,):
            return _for_votes(outcome, own, replace(plain, code=Code.WON_BOTH_PRIZES))
        return replace(plain, code=Code.WON_JURY_PRIZE)
    held_back = any(s.held_back for s in outcome.standings)
    judged = [s for s in outcome.standings if s.eligible or not held_back]
    return _carried(replace(plain, held_back=held_back), _single_first(outcome.standings, lambda s: s.votes),
                    _single_first(judged, lambda s: s.jury))


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
