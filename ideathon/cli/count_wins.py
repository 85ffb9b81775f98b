"""Why a winner won, and the number that a rule ranks by, each rule in its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from ideathon.core.tally.choosing import Utility
from ideathon.core.tally.counting import Count, Tallied

from .count_say import Speech

TAKEN = ("taken", "bought", "packed")       # the steps that fund a project
PRICED = ("phragmen", "greedy-per-cost", "equal-shares")
Facts = Mapping[str, Any]


def won(words: Speech, each: Tallied, counted: Count) -> str:
    """What carried a winner, from the step in which it won."""
    say = words.say
    taken = {step.project: step for step in counted.steps if step.kind in TAKEN}
    if each.id not in taken:
        alone = ALONE.get(counted.rule)
        return alone(words) if alone else say.gettext("It won.")
    step = taken[each.id]
    if step.kind == "packed":
        return say.gettext("It is among the projects that fit together and have the most votes or points in all.")
    left = step.facts["left"]
    if step.kind == "bought":
        first = _earned(words, step.facts) if "time" in step.facts else _shared(words, step.facts)
    elif counted.rule == "equal-shares":
        first = say.gettext("It was funded from the money that the shares left over.")
    else:
        equal = [other.id for other in counted.standings if other.place == each.place]
        shared = len(equal) > 1
        first = (say.gettext("It shares place %(place)s.") if shared else say.gettext("It has place %(place)s.")) % {
            "place": each.place}
        left = max(taken[name].facts["left"] for name in equal if name in taken)    # their order means nothing
    return " ".join([first, say.gettext("%(left)s was left when its turn came, and it costs %(cost)s.") % {
        "left": words.number(left), "cost": words.number(step.facts["cost"])}])


def _earned(words: Speech, facts: Facts) -> str:
    """Phragmén: everybody earns alike."""
    return words.say.ngettext(
        "%(num)s voter for it could pay when each voter had earned %(sum)s.",
        "%(num)s voters for it could pay when each voter had earned %(sum)s.", int(facts["supporters"])) % {
            "num": words.number(facts["supporters"]), "sum": words.number(facts["time"])}


def _shared(words: Speech, facts: Facts) -> str:
    """Equal shares: supporters pay with their own."""
    return words.say.ngettext(
        "%(num)s voter for it paid with her share, %(sum)s.",
        "%(num)s voters for it paid with their shares, each %(sum)s at most.", int(facts["supporters"])) % {
            "num": words.number(facts["supporters"]), "sum": words.number(facts["most"])}


def measured(words: Speech, each: Tallied, counted: Count) -> str:
    """What the rule ranks by, where it is something else than votes; nothing for who has none of it.

    Where the rule's points are one by a sum of money (Phragmén's time, a price), that sum is shown.
    """
    say, value = words.say, each.points
    if value == each.votes or (not value and counted.rule in PRICED):
        return ""
    if counted.rule == "equal-shares" and counted.settings.utility is Utility.COST:
        return say.gettext("%(points)s effective votes") % {"points": words.number(value)}
    priced = {"phragmen": say.gettext("payable when each voter has earned %(sum)s"),
              "greedy-per-cost": say.gettext("%(sum)s of cost for each vote or point"),
              "equal-shares": say.gettext("%(sum)s from each voter for it")}
    if counted.rule in priced:
        return priced[counted.rule] % {"sum": words.number(1 / Fraction(value))}
    return say.gettext("%(points)s points") % {"points": words.number(value)}


ALONE: dict[str, Callable[[Speech], str]] = {
    "plurality": lambda w: w.say.gettext("No other project is the first choice on more ballots."),
    "approval": lambda w: w.say.gettext("No other project stands on more ballots."),
    "score": lambda w: w.say.gettext("No other project has a higher mean."),
    "median": lambda w: w.say.gettext("No other project has a higher median; equal medians are compared further."),
    "majority-judgement": lambda w: w.say.gettext(
        "No other project has a better majority grade; equal grades are compared further."),
    "borda": lambda w: w.say.gettext("No other project stands above others more often, added up over all ballots."),
    "irv": lambda w: w.say.gettext("In the last round more than half of the ballots that still count were for it."),
    "runoff": lambda w: w.say.gettext("It came among the first two, and no fewer ballots prefer it to the other one."),
    "schulze": lambda w: w.say.gettext("No other project beats it by a stronger path of wins."),
    "ranked-pairs": lambda w: w.say.gettext(
        "With the clearest wins of one over another settled first, none stands above it."),
}
"""Rules with one winner."""
