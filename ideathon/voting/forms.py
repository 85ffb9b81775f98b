"""What is typed at the vote: how many slips, a paper ballot; and the sentences for choices that are no ballot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, NumberRange, ValidationError

from ideathon.core.ballots import BallotProblem, Problem
from ideathon.web.forms import Form, LineField, between
from ideathon.web.pages import money

MOST_AT_ONCE = 480      # twenty sheets
SERIAL = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
VOID_WORDS = {"": _l("It counts"), "too_many_choices": _l("Void: too many choices"), "blank": _l("Void: blank"),
              "unreadable": _l("Void: cannot be read"), "wrong_place": _l("Void: from another place"),
              "copy": _l("Void: a copy")}
ON_THE_LIST = _l("Choose one from the list.")
CHANNEL_WORDS = {"paper": _l("On paper"), "assisted": _l("With a helper")}


class SlipsForm(Form):
    """How many slips to draw."""

    n = IntegerField(_l("How many slips"), [NumberRange(1, MOST_AT_ONCE, _l("Write a whole number from 1 to 480."))])


class PaperForm(Form):
    """One paper ballot, as it lies on the table."""

    serial = LineField(_l("Serial number on the ballot"), [between(1, 20)], render_kw={"autocomplete": "off"})
    place = LineField(_l("Voting place"), [between(1, 40)], render_kw={"autocomplete": "off"})
    channel = RadioField(_l("How it was filled in"), [AnyOf(list(CHANNEL_WORDS), ON_THE_LIST)], default="paper",
                         choices=[SelectChoice(*pair) for pair in CHANNEL_WORDS.items()], validate_choice=False)
    choices = SelectMultipleField(_l("Marked ideas"), choices=[], validate_choice=False)
    void_reason = SelectField(_l("Does it count?"), [AnyOf(list(VOID_WORDS), ON_THE_LIST)], default="",
                              choices=[SelectChoice(*pair) for pair in VOID_WORDS.items()], validate_choice=False)
    most = 3

    def validate_serial(self, field: LineField) -> None:
        """Letters, digits and dashes; small letters are the same serial."""
        field.data = (field.data or "").upper()
        if not SERIAL.fullmatch(field.data):
            raise ValidationError(_("Write the serial as it is printed: letters, digits and dashes."))

    def validate_choices(self, field: SelectMultipleField) -> None:
        """Only what the paper offers; a void ballot holds nothing else either."""
        if set(field.data or []) - {choice.value for choice in field.choices}:
            raise ValidationError(ON_THE_LIST)

    def validate_void_reason(self, field: SelectField) -> None:
        """The reason fits what was marked."""
        marked = len(self.choices.data or [])
        if field.data == "blank" and marked:
            raise ValidationError(_("Ideas are marked, so the ballot is not blank."))
        if field.data == "too_many_choices" and 0 < marked <= self.most:
            raise ValidationError(_("There are not too many choices on this ballot."))


def problem_sentence(problems: Iterable[Problem], *, paper: bool = False) -> str:
    """Why choices are no ballot and what to do, in one sentence."""
    first = next(iter(problems))
    if first.code is BallotProblem.TOO_MANY and paper:
        return _("More ideas are marked than count. Enter this ballot as void: too many choices.")
    if first.code is BallotProblem.TOO_MANY:
        return ngettext("Choose at most %(num)s idea. Take one away and send again.",
                        "Choose at most %(num)s ideas. Take one away and send again.", first.limit or 0)
    if first.code is BallotProblem.TOO_FEW and paper:
        return _("No idea is marked. Enter this ballot as void: blank.")
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
