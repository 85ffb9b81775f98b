"""What becomes of a project in a count."""

from enum import StrEnum


class Verdict(StrEnum):
    """What carried or stopped a project; the page and the terminal have a sentence for each."""

    WON = "won"
    NO_VOTES = "no_votes"                   # nobody chose it
    BELOW_THRESHOLD = "below_threshold"
    TOO_DEAR = "too_dear"                   # when its turn came, less was left than it costs
    OVER_LIMIT = "over_limit"               # the limit of its category or district was reached
    KEPT_FOR_OTHERS = "kept_for_others"     # with it, fewer than the least number of projects could be funded
    AFTER_THE_END = "after_the_end"         # the count ended at a dearer one before its turn
    SUPPORTERS_TOO_POOR = "supporters_too_poor"     # equal shares: those who chose it had too little left
    OUTSIDE = "outside"                     # the best that fits together does not hold it
    BEATEN = "beaten"                       # a rule with one winner chose another
    TIED = "tied"                           # it may win or not: nothing parts it from others
