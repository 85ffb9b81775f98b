"""The sentences of a count at the terminal, in English or Latvian: how it was counted, why each project won or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility, Verdict
from ideathon.core.tally.counting import Count, Tallied
from ideathon.core.tally.election import Election
from ideathon.core.tally.files.firm import Recount
from ideathon.core.tally.files.stated import FILLING
from ideathon.core.tally.parting import Tie
from ideathon.core.tally.settings import Breaker, Number

from .count_losses import beaten
from .count_say import Speech
from .count_wins import measured, won

ENDS = ("greedy", "greedy-per-cost", "phragmen")     # the rules that may end at a project that does not fit


@dataclass(frozen=True, slots=True)
class Change:
    """What would have carried a project: so many more voters for it alone, or this cost; None where nothing would, or
    where it was not looked for to the end."""

    votes: Number | None
    cost: Number | None
    voters_sought: bool = True
    cost_sought: bool = True


class Words(Speech):
    """The sentences of one count."""

    def head(self, counted: Count, given: Election) -> list[str]:
        """How it was counted, and who won."""
        say = self.say
        ballots = given.ballots.cast
        lines = [say.ngettext("%(num)s ballot, counted by the rule %(rule)s.",
                              "%(num)s ballots, counted by the rule %(rule)s.", ballots)
                 % {"num": self.number(ballots), "rule": counted.rule}]
        if counted.budget:
            lines.append(say.gettext("The budget is %(budget)s; %(spent)s are spent.")
                         % {"budget": self.number(counted.budget), "spent": self.number(counted.spent)})
        lines += self._settings(counted.settings, counted.rule)
        lines += self._limits(counted.settings) if counted.budget else []
        if counted.winners:
            names = {"names": ", ".join(counted.winners)}
            ordered = len(counted.winners) > 1 and counted.rule != "knapsack"     # a set that fits has no order
            lines.append((say.gettext("Winners, in order of selection: %(names)s.") if ordered else say.ngettext(
                "Winner: %(names)s.", "Winners: %(names)s.", len(counted.winners))) % names)
        elif counted.decided:
            lines.append(say.gettext("Nobody won."))
        if not counted.decided:
            lines.append(self._open(counted))
        return lines

    def _open(self, counted: Count) -> str:
        say, ways = self.say, len(counted.possible)
        first = say.ngettext("A tie is open: %(num)s result is possible, and no declared breaker parts it.",
                             "A tie is open: %(num)s results are possible, and no declared breaker parts them.", ways)
        shown = "; ".join(", ".join(each) or "–" for each in counted.possible[:5])
        if not counted.all_ways:
            return say.gettext("A tie is open, and no declared breaker parts it. Not every way in which it may fall "
                               "could be tried or listed: as winners only those are named who surely win. Some of the "
                               "possible results: %(results)s; …") % {"results": shown}
        return first % {"num": ways} + f" ({shown}{'; …' if ways > 5 else ''})"

    def _settings(self, settings: CountSettings, rule: str) -> list[str]:
        say = self.say
        lines = []
        if rule == "equal-shares":
            lines.append(say.gettext("A voter gains the cost of what she chose.") if settings.utility is Utility.COST
                         else say.gettext("A voter gains one for each project that she chose."))
            lines.append(self._completion(settings.completion))
        if settings.on_unaffordable is Unaffordable.STOP and (
                rule in ENDS or (rule == "equal-shares" and settings.completion is Completion.PHRAGMEN)):
            lines.append(self._end(settings, rule))
        if settings.fill and rule in FILLING:
            lines.append(say.gettext("What is then left goes in a second pass, from the top and whatever the limits, "
                                     "to each project that still fits."))
        if settings.threshold:
            lines.append(say.gettext("At least %(points)s points or votes are needed.")
                         % {"points": self.number(settings.threshold)})
        if settings.ties:
            lines.append(say.gettext("Equal projects are parted, in this order, by: %(order)s.")
                         % {"order": ", ".join(self.breaker(each) for each in settings.ties)})
        return lines

    def _limits(self, settings: CountSettings) -> list[str]:
        """What the projects of each group may cost together, and how many are wanted."""
        say, lines = self.say, []
        kinds = {say.gettext("The projects of a category may cost together at most: %(sums)s."):
                 settings.category_budgets,
                 say.gettext("The projects of a district may cost together at most: %(sums)s."):
                 settings.district_budgets}
        for sentence, limits in kinds.items():
            if limits:
                sums = "; ".join(f"{name} {self.number(most)}" for name, most in limits.items())
                lines.append(sentence % {"sums": sums})
        if settings.min_projects:
            lines.append(say.ngettext(
                "Money is kept so that at least %(num)s project can be funded, if it can at all.",
                "Money is kept so that at least %(num)s projects can be funded, or as many as can at all.",
                settings.min_projects) % {"num": self.number(settings.min_projects)})
        return lines

    def _end(self, settings: CountSettings, rule: str) -> str:
        """Where the count stops."""
        say = self.say
        if rule in ("phragmen", "equal-shares"):
            return say.gettext("The count ends at the first project whose turn comes when its cost is no longer left.")
        if settings.category_budgets or settings.district_budgets:
            return say.gettext("In each category or district the count ends at the first project that would pass its "
                               "limit, and everywhere at the first that costs more than is left of the budget.")
        if settings.last_part:
            return say.gettext("The count ends at the first project that no longer fits; that one is still funded when "
                               "%(part)s of its cost is left.") % {"part": str(settings.last_part)}
        return say.gettext("The count ends at the first project that no longer fits.")

    def _completion(self, completion: Completion) -> str:
        say = self.say
        return {
            Completion.NONE: say.gettext("Money left over stays unspent."),
            Completion.GREEDY: say.gettext("Money left over goes to whatever still fits, by votes."),
            Completion.ADD_ONE: say.gettext("Every share is raised by one unit until the budget would be passed."),
            Completion.PHRAGMEN: say.gettext("Money left over is shared out by the rule of Phragmén."),
        }[completion]

    def breaker(self, name: Breaker) -> str:
        """What parts equal projects."""
        say = self.say
        return {Breaker.VOTES: say.gettext("more votes"), Breaker.COST: say.gettext("the lower cost"),
                Breaker.EARLIER: say.gettext("the earlier submission"),
                Breaker.LOT: say.gettext("a lot from the published number")}.get(name, str(name))

    def measure(self, each: Tallied, counted: Count) -> str:
        """What stands behind the bar: votes, points where they are something else, the cost."""
        say = self.say
        parts = [say.ngettext("%(num)s vote", "%(num)s votes", each.votes) % {"num": self.number(each.votes)}]
        if not each.open and (ranked_by := measured(self, each, counted)):
            parts.append(ranked_by)
        if counted.budget:
            parts.append(say.gettext("costs %(sum)s") % {"sum": self.number(each.cost)})
        return " · ".join(parts)

    def why(self, each: Tallied, counted: Count, change: Change | None = None) -> str:
        """What carried or stopped it; and, where it was looked for, what would have changed that."""
        sentence = self._either_way(each) if each.open else _WHY[each.verdict](self, each, counted)
        if change is None or each.verdict in (Verdict.WON, Verdict.TIED):
            return sentence
        return " ".join([sentence, *self._change(each, change)])

    def _either_way(self, each: Tallied) -> str:
        """Its reason depends on how an open tie falls, which is nothing that the order of a file may say."""
        if each.verdict is Verdict.WON:
            return self.say.gettext("It wins however the open tie falls; what carries it depends on that.")
        return self.say.gettext("It does not win however the open tie falls; what stops it depends on that.")

    def _change(self, each: Tallied, change: Change) -> list[str]:
        say, found = self.say, []
        if change.votes is not None:
            found.append(say.ngettext("%(num)s more voter who chooses only it would have carried it.",
                                      "%(num)s more voters who choose only it would have carried it.",
                                      int(change.votes))
                         % {"num": self.number(change.votes)})
        if change.cost is not None:
            lower = each.cost - change.cost
            found.append(say.gettext("At a cost of %(cost)s, %(less)s lower, it would have won.")
                         % {"cost": self.number(change.cost), "less": self.number(lower)})
        return found

    def ties(self, counted: Count) -> list[str]:
        """What happened to equal ones."""
        return [self._tie(tie) for tie in counted.ties]

    def _tie(self, tie: Tie) -> str:
        names = ", ".join(tie.projects)
        if tie.by is None:
            return self.say.gettext("Equal, and nothing declared parts them: %(names)s.") % {"names": names}
        return self.say.gettext("Equal: %(names)s; %(first)s goes first by %(breaker)s.") % {
            "names": names, "first": tie.first, "breaker": self.breaker(tie.by)}

    def firm(self, counted: Count, recounts: Sequence[Recount]) -> list[str]:
        """What changes without one batch of ballots or by another rule; that nothing does is said once."""
        say, lines = self.say, []
        without, rules = [each for each in recounts if each.ballots], [each for each in recounts if not each.ballots]
        if without and all(each.same for each in without):
            lines.append(say.gettext("No way of voting and no place decided this alone: "
                                     "without any one of them the same win."))
        lines += [self._without(counted, each) for each in without if not each.same]
        if rules and all(each.same for each in rules):
            lines.append(say.gettext("By every other rule the same win."))
        else:
            lines += [self._other_rule(counted, each) for each in rules]
        return lines

    def _without(self, counted: Count, each: Recount) -> str:
        return self.say.ngettext("Without the %(num)s ballot of %(batch)s: %(change)s.",
                                 "Without the %(num)s ballots of %(batch)s: %(change)s.", each.ballots) % {
            "num": self.number(each.ballots), "batch": each.value or "–", "change": self._turned(counted, each)}

    def _other_rule(self, counted: Count, each: Recount) -> str:
        return self.say.gettext("By the rule %(rule)s: %(change)s.") % {
            "rule": each.value, "change": self._turned(counted, each)}

    def _turned(self, counted: Count, each: Recount) -> str:
        """Who would win in their place."""
        say = self.say
        if each.same:
            return say.gettext("the same win")
        lost = [name for name in counted.winners if name not in each.winners]
        more = [name for name in each.winners if name not in counted.winners]
        parts = [say.gettext("not %(names)s") % {"names": ", ".join(lost)}] if lost else []
        parts += [say.gettext("but %(names)s") % {"names": ", ".join(more)}] if more else []
        parts += [] if each.decided else [say.gettext("a tie is open")]
        return ", ".join(parts)

    def won(self, each: Tallied, counted: Count) -> str:
        """What carried a winner."""
        return won(self, each, counted)

    def below(self, _each: Tallied, counted: Count) -> str:
        """Under the threshold."""
        return self.say.gettext("It has fewer than the %(points)s that are needed.") % {
            "points": self.number(counted.settings.threshold)}

    def dear(self, _each: Tallied, counted: Count) -> str:
        """Too little was left."""
        return self._second(counted) or self.say.gettext("When its turn came, less money was left than it costs.")

    def over(self, _each: Tallied, counted: Count) -> str:
        """Its category or district had no more; and, where there is a second pass, neither had the budget."""
        first = self.say.gettext("With it, the projects of its category or district would pass their limit.")
        return " ".join(filter(None, [first, self._second(counted)]))

    def _second(self, counted: Count) -> str:
        """The second pass, in which every project has its turn again; nothing where there is none."""
        if not counted.settings.fill or counted.rule not in FILLING:
            return ""
        return self.say.gettext("When its turn came in the second pass, less money was left than it costs.")


_WHY: dict[Verdict, Callable[[Words, Tallied, Count], str]] = {
    Verdict.WON: Words.won,
    Verdict.BELOW_THRESHOLD: Words.below,
    Verdict.NO_VOTES: lambda w, _e, _c: w.say.gettext("Nobody chose it."),
    Verdict.TOO_DEAR: Words.dear,
    Verdict.OVER_LIMIT: Words.over,
    Verdict.KEPT_FOR_OTHERS: lambda w, _e, _c: w.say.gettext(
        "With it, fewer projects could be funded than the least number."),
    Verdict.AFTER_THE_END: lambda w, _e, _c: w.say.gettext("The count ended at a project before its turn."),
    Verdict.SUPPORTERS_TOO_POOR: lambda w, _e, _c: w.say.gettext(
        "Those who chose it had too little left of their shares."),
    Verdict.OUTSIDE: lambda w, _e, _c: w.say.gettext("The best that fits together does not hold it."),
    Verdict.BEATEN: beaten,
    Verdict.TIED: lambda w, _e, _c: w.say.gettext("It may win or not: nothing declared parts it from others."),
}
"""A sentence for every verdict; a test holds that none is missing."""
