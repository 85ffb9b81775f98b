"""The jury's and the residents' points made one number."""

from fractions import Fraction

from ideathon.core.tally.settings import Settings


def resident_points(count: int, most: int) -> Fraction:
    """100 * votes / most votes, exact, 0 to 100; 0 when nobody voted.

    The most votes are taken over all ideas on the ballot, also those that cannot win. So a vote for the leading idea
    makes everybody else's vote weigh a little less, and may change the order of two others.
    """
    return Fraction(100 * count, most) if most else Fraction(0)


def combined_points(settings: Settings, jury: Fraction, residents: Fraction) -> Fraction:
    """The weighted mean of the two, exact, 0 to 100: 0.6 * jury + 0.4 * residents with weights 60 and 40."""
    weighed = settings.jury_weight * jury + settings.resident_weight * residents
    return weighed / Fraction(settings.jury_weight + settings.resident_weight)
