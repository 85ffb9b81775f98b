"""What would have carried each project that lost, as far as so many recounts reach."""

from __future__ import annotations

from collections.abc import Callable

from ideathon.core.tally.choosing import Verdict
from ideathon.core.tally.counting import Count, Tallied
from ideathon.core.tally.election import Election
from ideathon.core.tally.remarks import Remark, ngettext
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.what_if import Effort, SpentError, highest_cost, voters_needed, work

from .count_words import Change

QUICK = 20_000          # kept ballots, once for each project that lost: so much is recounted without being asked
EFFORT = 3_000_000      # work of all recounts that nobody asked for, about ten seconds
FEWEST = 8              # where not even so many recounts are within that, none is begun


def changes(given: Election, found: Count, wanted: bool | None,
            told: Callable[[float], None]) -> tuple[dict[str, Change], list[Remark]]:
    """What would have carried each project that lost, the nearest to winning first, and a note where that is not known
    for all; for None only where that is no long work. `told` hears which part is done."""
    lost = sorted((each for each in found.standings if each.verdict not in (Verdict.WON, Verdict.TIED)), key=_nearness)
    if wanted is False or (wanted is None and len(lost) * len(given.ballots.choices) > QUICK):
        return {}, []
    effort = Effort(found, None if wanted else EFFORT)
    if effort.left is not None and FEWEST * work(given, found) > effort.left:
        return {}, _untold(len(lost))
    sought = _sought(given, effort, [each.id for each in lost], told)
    return sought, _untold(len(lost) - sum(each.voters_sought and each.cost_sought for each in sought.values()))


def _sought(given: Election, effort: Effort, lost: list[str], told: Callable[[float], None]) -> dict[str, Change]:
    """First so many more voters for all of these, with half of the effort; then the costs, with what is left of it."""
    rule, settings = ELECTION_RULES[effort.counted.rule], effort.counted.settings
    sought: dict[str, Change] = {}
    spare = 0 if effort.left is None else effort.left // 2
    if effort.left is not None:
        effort.left -= spare
    try:
        for number, name in enumerate(lost):
            told(number / len(lost) / 2)
            voters = voters_needed(given, rule, settings, name, recounts=0, effort=effort).number
            sought[name] = Change(voters, None, cost_sought=False)
    except SpentError:
        pass
    if effort.left is not None:
        effort.left += spare
    try:
        for number, name in enumerate(lost):
            told((1 + number / len(lost)) / 2)
            cost = highest_cost(given, rule, settings, name, recounts=0, effort=effort).number
            known = sought.get(name)
            sought[name] = Change(known.votes if known else None, cost, voters_sought=known is not None)
    except SpentError:
        pass
    return sought


def _nearness(each: Tallied) -> tuple[object, ...]:
    """Those that the rule ranked higher first; never the order of the file."""
    return -each.points, -each.votes, each.id


def _untold(many: int) -> list[Remark]:
    return [ngettext(
        "What would have carried it was not looked for to the end for %(num)s project that lost: the recounts would "
        "take long. With --why it is.",
        "What would have carried them was not looked for to the end for %(num)s projects that lost: the recounts would "
        "take long. With --why it is.", many)] if many else []
