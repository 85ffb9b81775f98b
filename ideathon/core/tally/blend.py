"""The jury's and the residents' points made one number, by points, by share, by rank, or not at all."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ideathon.core.tally.outcome import NO_PLACE, Standing
from ideathon.core.tally.settings import Blend, Number, Settings


def resident_points(count: int, most: int) -> Fraction:
    """100 * votes / most votes, exact, 0 to 100; 0 when nobody voted.

    The most votes are taken over all ideas on the ballot, also those that cannot win. So a vote for the leading idea
    makes everybody else's vote weigh a little less, and may change the order of two others.
    """
    return Fraction(100 * count, most) if most else Fraction(0)


def share_points(count: int, ballots: int) -> Fraction:
    """100 * votes / counted ballots, exact, 0 to 100; 0 when nobody voted.

    Where a ballot may name several ideas the shares add up to more than 100.
    """
    return Fraction(100 * count, ballots) if ballots else Fraction(0)


def rank_points(value: Number, values: Sequence[Number]) -> Fraction:
    """100 * (n - place) / (n - 1) among n values in rising order, exact, 0 to 100: 100 for the highest, 0 for the last.

    Equal ones share the average of the places that they take up (two firsts have place 3/2); a single value gets 100.
    Source: the average rank of rank statistics, so that the sum of all points does not depend on ties.
    """
    below, up_to = bisect_left(values, value), bisect_right(values, value)
    others = len(values) - 1
    return Fraction(50 * (below + up_to - 1), others) if others else Fraction(100)


def combined_points(settings: Settings, jury: Fraction, residents: Fraction) -> Fraction:
    """The weighted mean of the two, exact, 0 to 100: 0.6 * jury + 0.4 * residents with weights 60 and 40.

    With two separate prizes the jury's points alone.
    """
    if settings.blend is Blend.SEPARATE:
        return jury
    weighed = settings.jury_weight * jury + settings.resident_weight * residents
    return weighed / Fraction(settings.jury_weight + settings.resident_weight)


@dataclass(frozen=True)
class Measure:
    """What one idea's votes and jury points are held against.

    `most` are the most votes of any idea on the ballot, `ballots` the counted ones (None: nobody said); `jury` and
    `votes` are those of the ideas that have a place, in rising order.
    """

    most: int
    ballots: int | None
    jury: tuple[Fraction, ...]
    votes: tuple[int, ...]


def measure(standings: Iterable[Standing], ballots: int | None) -> Measure:
    """The measure for these ideas; of each only the jury's points, the votes and the bar are looked at."""
    standings = tuple(standings)
    ranked = [standing for standing in standings if standing.bar not in NO_PLACE]
    return Measure(
        most=max((standing.votes for standing in standings), default=0),
        ballots=ballots,
        jury=tuple(sorted(standing.jury for standing in ranked)),
        votes=tuple(sorted(standing.votes for standing in ranked)),
    )


def blended(settings: Settings, held: Measure, standing: Standing) -> Standing:
    """The standing with its residents' and combined points; by rank an idea without a place has none of either."""
    jury_rank = None
    residents = resident_points(standing.votes, held.most)
    if settings.blend is Blend.SHARE:
        residents = share_points(standing.votes, held.ballots or 0)
    elif settings.blend is Blend.RANK:
        placed = standing.bar not in NO_PLACE
        jury_rank = rank_points(standing.jury, held.jury) if placed else Fraction(0)
        residents = rank_points(standing.votes, held.votes) if placed else Fraction(0)
    jury = standing.jury if jury_rank is None else jury_rank
    return replace(standing, jury_rank=jury_rank, residents=residents,
                   combined=combined_points(settings, jury, residents))
