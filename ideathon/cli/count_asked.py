"""Whether what was asked for can be done at all: limits that name nothing, words that a rule does not hear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ideathon.core.tally.counting import Count
from ideathon.core.tally.election import Election
from ideathon.core.tally.remarks import Remark, gettext
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import CountError

STOPS = ("greedy", "greedy-per-cost", "phragmen", "equal-shares")
HEARD = {"utility": ("equal-shares",), "completion": ("equal-shares",), "on_unaffordable": STOPS}
"""Options that only these rules look at."""
FOR_MONEY = ("min_projects", "categories", "districts", "budget")
"""Options that mean nothing to a rule with one winner."""


def check_limits(given: Election, options: Mapping[str, Any]) -> None:
    """Raise `CountError`, with the names that there are, for a limit of a category or district that no project has."""
    categories = {name for project in given.projects for name in project.categories}
    districts = {project.district for project in given.projects if project.district}
    for asked, known in ((options.get("categories"), categories), (options.get("districts"), districts)):
        unknown = [name for name in asked or () if name not in known]
        if not unknown:
            continue
        if not known:
            raise CountError(gettext("no project has what the limit '%(name)s' is for: the file names no such groups",
                                     name=unknown[0]))
        raise CountError(gettext("no project belongs to '%(name)s', for which a limit is given; known are %(known)s",
                                 name=unknown[0], known=_listed(known)))


def _listed(names: set[str]) -> Remark:
    """All of them: one alone may be long, and a remark shortens foreign texts."""
    first, *rest = sorted(names)
    made = gettext("%(name)s", name=first)
    for name in rest:
        made = gettext("%(first)s, %(more)s", first=made, more=name)
    return made


def unheard(rule: str, options: Mapping[str, Any]) -> list[Remark]:
    """A sentence for each option that was given and that the rule does not look at."""
    several = ELECTION_RULES[rule].shares_money
    deaf = [name for name, rules in HEARD.items() if rule not in rules]
    deaf += [] if several else FOR_MONEY
    return [gettext("%(option)s means nothing to the rule %(rule)s, and changed nothing.",
                    option="--" + NAMES.get(name, name).replace("_", "-"), rule=rule)
            for name in deaf if options.get(name)]


NAMES = {"categories": "category-limit", "districts": "district-limit"}


def fewer(found: Count) -> list[Remark]:
    """Whether the least number of projects was not reached, in any way."""
    least = found.settings.min_projects
    most = max(len(each) for each in found.possible)
    if most >= least or not ELECTION_RULES[found.rule].shares_money:
        return []
    return [gettext("The least number of %(least)s projects is not reached: %(most)s are funded.", least=least,
                    most=most)]
