"""The decision's form: the idea, who decided and why, how much, under which conditions, the first milestone."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import DateField, RadioField
from wtforms.validators import ValidationError

from ideathon.web.forms import CentsField, Form, LineField, ProseField, between

PLACES = {
    "not_eligible": "idea", "unknown_idea": "idea", "reason_needed": "reason", "over_envelope": "amount",
    "over_remainder": "amount", "milestones_over_award": "milestone_amount",
}
"""Beside which field of the form a refusal is said."""


class DayField(DateField):
    """A day from the browser's calendar; nothing typed is no day, and no error by itself."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day, or say how to write one."""
        if not valuelist or not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("This is not a day. Write it like 2020-04-30.")) from wrong


class StepFields(Form):
    """One milestone: what, by when, for how much."""

    milestone_title = LineField(_l("What will be done first"), [between(0, 160)])
    milestone_due = DayField(_l("By when"))
    milestone_amount = CentsField(_l("For how much"))

    def step(self) -> tuple[str, date, int]:
        """The milestone in the verb's terms."""
        return self.milestone_title.data, self.milestone_due.data, self.milestone_amount.cents or 0

    def validate_milestone_due(self, field: DayField) -> None:
        """A milestone has a day."""
        if self.milestone_title.data and field.data is None and not field.errors:
            raise ValidationError(_("Choose the day by which it will be done."))

    def validate_milestone_title(self, field: LineField) -> None:
        """A day or a sum needs words."""
        if not field.data and (self.milestone_due.data or self.milestone_amount.data):
            raise ValidationError(_("Say what will be done by then."))


class MilestoneForm(StepFields):
    """A further milestone."""

    milestone_title = LineField(_l("What will be done"), [between(3, 160)])


class DecisionForm(StepFields):
    """The decision as a body takes it."""

    idea = RadioField(_l("The idea that gets the money"), choices=[], validate_choice=False)
    body = LineField(_l("Who decided"), [between(3, 120)])
    reason = ProseField(_l("Why, if it is not the first"), [between(0, 1000)])
    amount = CentsField(_l("Award"))
    conditions = ProseField(_l("Conditions"), [between(0, 2000)])

    def validate_idea(self, field: RadioField) -> None:
        """One is chosen."""
        if not field.data:
            raise ValidationError(_("Choose an idea."))

    def validate_amount(self, field: CentsField) -> None:
        """A sum above zero."""
        if not str(field.data or "").strip():
            raise ValidationError(_("Write the sum of the award."))
        if field.cents is not None and field.cents <= 0:
            raise ValidationError(_("The award is a sum above zero."))


def attach(form: Form, code: str, sentence: str) -> None:
    """A refusal is said beside the field that it concerns."""
    field: Any = form[PLACES[code]] if PLACES.get(code) in form else None
    if field is None:
        form.form_errors.append(sentence)
    else:
        field.errors = [*field.errors, sentence]
