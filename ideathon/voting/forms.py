"""What is typed at the vote: how many slips; and the sentences for choices that are no ballot."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import IntegerField
from wtforms.validators import NumberRange

from ideathon.core.ballots import BallotProblem, Problem
from ideathon.web.forms import Form
from ideathon.web.pages import money

MOST_AT_ONCE = 480      # twenty sheets


class SlipsForm(Form):
    """How many slips to draw."""

    n = IntegerField(_l("How many slips"), [NumberRange(1, MOST_AT_ONCE, _l("Write a whole number from 1 to 480."))])


def problem_sentence(problems: Iterable[Problem], *, paper: bool = False) -> str:
    """Why choices are no ballot and what to do, in one sentence."""
    first = next(iter(problems))
    if paper and first.code in ON_PAPER:
        return ON_PAPER[first.code](first)
    if first.code is BallotProblem.TOO_MANY:
        return ngettext("Choose at most %(num)s idea. Take one away and send again.",
                        "Choose at most %(num)s ideas. Take one away and send again.", first.limit or 0)
    if first.code is BallotProblem.TOO_FEW:
        return ngettext("Choose at least %(num)s idea.", "Choose at least %(num)s ideas.", first.limit or 0)
    if first.code in MARK_SENTENCES:
        return MARK_SENTENCES[first.code](first)
    return _("One of the choices is not on this ballot. Load the page again and choose once more.")


def _over_points(problem: Problem) -> str:
    return ngettext("There is %(num)s point to give, and this ballot gives %(given)s. Take some away and send again.",
                    "There are %(num)s points to give, and this ballot gives %(given)s. Take some away and send again.",
                    int(problem.limit or 0), given=problem.chosen)


def _unmarked(problem: Problem) -> str:
    return ngettext("Mark every idea: %(num)s is still without a mark.",
                    "Mark every idea: %(num)s are still without a mark.", int((problem.limit or 0) - problem.chosen))


MARK_SENTENCES: dict[BallotProblem, Callable[[Problem], str]] = {
    BallotProblem.TWICE: lambda _p: _("One idea is named twice. Name each idea only once and send again."),
    BallotProblem.UNREADABLE: lambda _p: _("This ballot cannot be read. Load the page again and choose once more."),
    BallotProblem.OVER_POINTS: _over_points,
    BallotProblem.OVER_ON_ONE: lambda p: ngettext("Give one idea at most %(num)s point.",
                                                  "Give one idea at most %(num)s points.", int(p.limit or 0)),
    BallotProblem.OFF_SCALE: lambda _p: _("One of the marks is not on the scale. Choose from the marks on offer."),
    BallotProblem.UNKNOWN_GRADE: lambda _p: _("One of the grades is not known here. Choose from the grades on offer."),
    BallotProblem.UNMARKED: _unmarked,
    BallotProblem.OVER_BUDGET: lambda p: _(
        "The chosen ideas cost %(cost)s, and there is %(limit)s. Take one away and send again.",
        cost=money(int(p.chosen)), limit=money(int(p.limit or 0))),
    BallotProblem.TOO_MANY_STARS: lambda _p: _("Only one idea may have the star. Take the others away and send again."),
}
"""The sentences for rankings and for ballots of points, scores, grades, a budget or a star; costs are in cents."""

ON_PAPER: dict[BallotProblem, Callable[[Problem], str]] = {
    BallotProblem.TOO_MANY: lambda _p: _(
        "More ideas are marked than count. Enter this ballot as void: too many choices."),
    BallotProblem.TOO_FEW: lambda p: _("No idea is marked. Enter this ballot as void: blank.") if not p.chosen else _(
        "Fewer ideas are marked than count. Enter this ballot as void: too few choices."),
    BallotProblem.OVER_BUDGET: lambda p: _(
        "The marked ideas cost %(cost)s, and there is %(limit)s. Enter this ballot as void: too many choices.",
        cost=money(int(p.chosen)), limit=money(int(p.limit or 0))),
    BallotProblem.TOO_MANY_STARS: lambda _p: _(
        "Only one idea may have the star. Enter this ballot as void: too many choices."),
}
"""What whoever reads a paper is told: nobody takes a mark away from it."""

TOO_MUCH = frozenset({BallotProblem.TOO_MANY, BallotProblem.OVER_BUDGET, BallotProblem.TOO_MANY_STARS})
"""What makes a paper void for too many choices."""
