"""Why a project lost under a rule with one winner, each rule in its own words."""

from __future__ import annotations

from ideathon.core.tally.counting import Count, Tallied

from .count_say import Speech

SUMMED = ("plurality", "approval", "score", "borda")        # the highest number wins
PAIRED = ("schulze", "ranked-pairs")                        # each two are compared


def beaten(words: Speech, each: Tallied, counted: Count) -> str:
    """Where it fell behind; only that another came first where an open tie may change that."""
    found = ""
    if counted.decided and counted.rule == "irv":
        found = _fell_out(words, each, counted)
    elif counted.decided and counted.rule == "runoff":
        finalists = {step.project for step in counted.steps if step.kind == "finalist"}
        found = (words.say.gettext("It came into the run-off, where the other one came first.")
                 if each.id in finalists else words.say.gettext("It was not among the first two, who meet in the "
                                                                "run-off."))
    elif counted.decided and counted.rule in SUMMED:
        short = max(other.points for other in counted.standings if other.id in counted.winners) - each.points
        found = words.say.gettext("By what the rule counts it is %(sum)s behind the winner.") % {
            "sum": words.number(short)} if short else ""
    elif counted.decided and counted.rule in PAIRED:
        found = _lost_to(words, each, counted)
    return found or words.say.gettext("Another came first.")


def _fell_out(words: Speech, each: Tallied, counted: Count) -> str:
    """The round of ranked choice in which it went."""
    for step in counted.steps:
        if step.kind == "eliminated" and step.project == each.id:
            return words.say.ngettext("It fell out in round %(round)s, with %(num)s ballot.",
                                      "It fell out in round %(round)s, with %(num)s ballots.",
                                      int(step.facts["votes"])) % {
                "round": step.facts["round"], "num": words.number(step.facts["votes"])}
    return words.say.gettext("It stood to the last round, where another had more than half of the ballots.")


def _lost_to(words: Speech, each: Tallied, counted: Count) -> str:
    """Those whom more ballots put above it."""
    pairs = [(step.project, step.facts) for step in counted.steps if step.kind == "pair"]
    above = [one for one, facts in pairs if facts["over"] == each.id and facts["for"] > facts["against"]]
    above += [str(facts["over"]) for one, facts in pairs if one == each.id and facts["against"] > facts["for"]]
    names = ", ".join([*(name for name in above if name in counted.winners),
                       *sorted(name for name in above if name not in counted.winners)])
    return words.say.gettext("More ballots put these above it than below it: %(names)s.") % {
        "names": names} if names else ""


__all__ = ["beaten"]
