"""What is typed of paper: a ballot, a show of hands, the account of a place, how many ballots to compare."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, NumberRange, ValidationError

from ideathon.core import ballots
from ideathon.core.ballots import BallotProblem, Problem
from ideathon.web.forms import Form, LineField, between
from ideathon.web.language import say
from ideathon.web.words import sentence

from . import codes, hands, paper, queries, slips
from .forms import TOO_MUCH, problem_sentence
from .models import Round
from .paper_queries import BY_PHONE

MOST_PAPERS = 100_000
SEVERAL = "*"           # stars on a paper: what no ballot can say
SERIAL = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")
VOID_WORDS = {"": _l("It counts"), "too_many_choices": _l("Void: too many choices"),
              "too_few_choices": _l("Void: too few choices"), "blank": _l("Void: blank"),
              "unreadable": _l("Void: cannot be read"), "wrong_place": _l("Void: from another place"),
              "copy": _l("Void: a copy"), BY_PHONE: _l("Set aside: its slip voted by phone")}
ON_THE_LIST = _l("Choose one from the list.")
WHOLE = _l("Write a whole number, 0 or more.")
CHANNEL_WORDS = {"paper": _l("On paper"), "assisted": _l("With a helper")}


class ReadingForm(Form):
    """What one person reads from one ballot, as it lies on the table."""

    place = LineField(_l("Voting place"), [between(1, 40)], render_kw={"autocomplete": "off", "list": "places"})
    channel = RadioField(_l("How it was filled in"), [AnyOf(list(CHANNEL_WORDS), ON_THE_LIST)], default="paper",
                         choices=[SelectChoice(*pair) for pair in CHANNEL_WORDS.items()], validate_choice=False)
    choices = SelectMultipleField(_l("Marked ideas"), choices=[], validate_choice=False)
    star = SelectField(_l("The star"), choices=[], default="", validate_choice=False)
    void_reason = SelectField(_l("Does it count?"), [AnyOf(list(VOID_WORDS), ON_THE_LIST)], default="",
                              choices=[SelectChoice(*pair) for pair in VOID_WORDS.items()], validate_choice=False)

    def __init__(self, vote: Round, **given: Any) -> None:
        super().__init__(**given)
        self.vote = vote
        offered = [(one["ref"], _("Taken back") if one["gone"] else say(one["title"])) for one in queries.options(vote)]
        self.choices.choices = [SelectChoice(*pair) for pair in offered]
        self.star.choices = [SelectChoice("", _("No star")), *self.choices.choices,
                             SelectChoice(SEVERAL, _("On more than one idea"))]
        if vote.method != "star":
            del self.star

    def validate_choices(self, field: SelectMultipleField) -> None:
        """Only what the paper offers; a void ballot holds nothing else either."""
        if set(field.data or []) - {choice.value for choice in field.choices}:
            raise ValidationError(ON_THE_LIST)

    def validate_star(self, field: SelectField) -> None:
        """On one of the marked ideas, or nowhere; a paper with several is void."""
        if field.data == SEVERAL:
            if not self.void_reason.data:
                raise ValidationError(problem_sentence([Problem(BallotProblem.TOO_MANY_STARS, 2, 1)], paper=True))
        elif field.data and field.data not in (self.choices.data or []):
            raise ValidationError(_("The star stands on an idea that is not marked."))

    def validate_void_reason(self, field: SelectField) -> None:
        """The reason fits what was marked."""
        marked = len(self.choices.data or [])
        if field.data == "blank" and marked:
            raise ValidationError(_("Ideas are marked, so the ballot is not blank."))
        if field.data == "too_many_choices" and marked and not self._too_much():
            raise ValidationError(_("There are not too many choices on this ballot."))
        if field.data == "too_few_choices" and not (marked and self._wrong() & {BallotProblem.TOO_FEW}):
            raise ValidationError(_("There are not too few choices on this ballot."))

    def _too_much(self) -> bool:
        """Whether what is marked is too much for one ballot: ideas, their costs, or stars."""
        several = "star" in self and self.star.data == SEVERAL
        return several or bool(self._wrong() & TOO_MUCH)

    def _wrong(self) -> set[BallotProblem]:
        return {problem.code for problem in ballots.check(queries.ballot_form(self.vote), self.reading().choices)}

    def reading(self) -> paper.Reading:
        """The values as the verbs take them."""
        names, star = self.choices.data or [], self.star.data if "star" in self else None
        marks = names if star is None else {name: 2 if name == star else 1 for name in names}
        return paper.Reading(self.place.data, marks, self.channel.data, self.void_reason.data)


class PaperForm(ReadingForm):
    """One more ballot, by its serial or by the code of the slip whose back it is."""

    serial = LineField(_l("Serial number, or the code of the slip"), [between(1, 40)],
                       render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def validate_serial(self, field: LineField) -> None:
        """Letters, digits and dashes; small letters are the same. What looks like a slip's code is one."""
        field.data = (field.data or "").upper()
        if codes.read(field.data):
            if slips.behind(self.vote, field.data) is None:
                raise ValidationError(sentence("unknown_slip"))
        elif not SERIAL.fullmatch(field.data):
            raise ValidationError(_("Write the serial as it is printed: letters, digits and dashes."))


class HandsForm(Form):
    """A show of hands in one place, idea by idea."""

    place = LineField(_l("Voting place"), [between(1, 40)], render_kw={"autocomplete": "off", "list": "places"})
    present = IntegerField(_l("People who voted by raising a hand"), [NumberRange(1, hands.MOST_PEOPLE, WHOLE)])

    def __init__(self, vote: Round, **given: Any) -> None:
        super().__init__(**given)
        self.vote = vote

    def totals(self) -> dict[str, int]:
        """Hands by idea."""
        return {ref: self[f"n-{ref}"].data for ref in self.vote.options}

    def validate_present(self, field: IntegerField) -> None:
        """So many people can have raised so many hands."""
        typed = [self[f"n-{ref}"].data for ref in self.vote.options]
        whole = isinstance(field.data, int) and all(isinstance(number, int) for number in typed)
        if whole and (wrong := hands.fits(self.vote, field.data, self.totals())):
            raise ValidationError(sentence(wrong))


def hands_form(vote: Round, **given: Any) -> HandsForm:
    """The form with a field for each idea."""
    fields = {f"n-{one['ref']}": IntegerField(_("Taken back") if one["gone"] else say(one["title"]), [
        InputRequired(WHOLE), NumberRange(0, hands.MOST_PEOPLE, WHOLE)]) for one in queries.options(vote)}
    made: HandsForm = type("HandsFormOfVote", (HandsForm,), fields)(vote, **given)
    return made


class AccountForm(Form):
    """What became of the papers of one place."""

    place = LineField(_l("Voting place"), [between(1, 40)], render_kw={"autocomplete": "off", "list": "places"})
    issued = IntegerField(_l("Papers issued"), [InputRequired(WHOLE), NumberRange(0, MOST_PAPERS, WHOLE)])
    spoiled = IntegerField(_l("Spoiled, not in the box"), [InputRequired(WHOLE), NumberRange(0, MOST_PAPERS, WHOLE)])
    unused = IntegerField(_l("Unused"), [InputRequired(WHOLE), NumberRange(0, MOST_PAPERS, WHOLE)])
    why = LineField(_l("If they do not add up: why"), [between(0, 300)])


class RecheckForm(Form):
    """How many ballots to compare with their papers."""

    n = IntegerField(_l("How many ballots to draw"), [NumberRange(1, 100, _l("Write a whole number from 1 to 100."))])
