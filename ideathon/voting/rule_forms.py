"""What a host says of the ballot before the vote: how people choose, how much, who, and what is published of it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, ValidationError

from ideathon.core.money import format_plain
from ideathon.web.forms import CentsField, Form, WholeField

from .models import Round
from .profiles import ALL, OWN

METHOD_WORDS = {"approval": _l("So many ideas as are allowed, each counts once"),
                "budget": _l("Ideas until a sum of money is used up"),
                "star": _l("Ideas, one of which may have a star and counts double")}
PUBLISH_WORDS = {"totals": _l("Only the totals of each idea"),
                 "full": _l("The totals, and every ballot without a name, shuffled")}
ON_THE_LIST = _l("Choose one from the list.")
MOST_CENTS = 10**11


def _radio(label: Any, words: dict[str, Any]) -> RadioField:
    return RadioField(label, [AnyOf(list(words), ON_THE_LIST)], validate_choice=False,
                      choices=[SelectChoice(*pair) for pair in words.items()])


class BallotRuleForm(Form):
    """Everything that the opening freezes of the ballot."""

    method = _radio(_l("How people choose"), METHOD_WORDS)
    least = WholeField(_l("At least so many ideas"), 1, ALL)
    most = WholeField(_l("At most so many ideas"), 1, ALL)
    budget = CentsField(_l("The sum to share out, in euros"))
    age = WholeField(_l("From which age"), 0, 99)
    revote = BooleanField(_l("A vote can be changed until the close; the last one counts"))
    shuffled = BooleanField(_l("Every voter sees the ideas in another order"))
    publish = _radio(_l("What is published"), PUBLISH_WORDS)

    def validate_most(self, field: WholeField) -> None:
        """Not below the least."""
        if self.least.data and field.data and field.data < self.least.data:
            raise ValidationError(_("This must not be less than the least number of ideas."))

    def validate_budget(self, field: CentsField) -> None:
        """A sum where one is shared out."""
        if self.method.data == "budget" and not field.cents:
            raise ValidationError(_("Write the sum that the ideas have to fit in."))
        if (field.cents or 0) > MOST_CENTS:
            raise ValidationError(_("That is more money than a village has. Write a smaller sum."))

    def wanted(self) -> dict[str, Any]:
        """Columns of `Round`."""
        money = (self.budget.cents or 0) if self.method.data != "approval" else 0
        return {"profile": OWN, "method": self.method.data, "min_choices": self.least.data,
                "max_choices": self.most.data, "budget_cents": money, "age": self.age.data,
                "revote": bool(self.revote.data), "shuffled": bool(self.shuffled.data), "publish": self.publish.data}


def form_of(vote: Round) -> BallotRuleForm:
    """The form as the vote stands."""
    return BallotRuleForm(formdata=None, method=vote.method, least=vote.min_choices, most=vote.max_choices,
                          budget=format_plain(vote.budget_cents) if vote.budget_cents else "", age=vote.age,
                          revote=vote.revote, shuffled=vote.shuffled, publish=vote.publish)
