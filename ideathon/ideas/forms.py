"""What a resident writes about an idea."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import Field, FieldList, FormField, HiddenField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from ideathon.mapping.models import Challenge, MapItem
from ideathon.web.forms import CentsField, Form, LineField, ProseField, between
from ideathon.web.language import say
from ideathon.web.pages import money

from .models import Draft, Idea

MOST_COSTS = 8
USABLE = frozenset({"resource", "skill"})


class CostForm(Form):
    """One line of cost; both sides or none."""

    label = LineField(_l("What for"), [between(0, 80)])
    amount = CentsField(_l("Sum"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A sum says what for, and what for says how much."""
        fine = super().validate(extra_validators)
        amount = str(self.amount.data or "").strip()
        if amount and not self.label.data:
            self.label.errors = [*self.label.errors, _("Say what this sum is for.")]
            return False
        if self.label.data and not amount:
            self.amount.errors = [*self.amount.errors, _("Write how much it costs, or 0.")]
            return False
        return bool(fine)


class CostRows(FieldList):
    """The cost lines; what is wrong is said with the number of its row."""

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Every row is well."""
        super().validate(form, extra_validators)
        self.errors = [_("Line %(number)s: %(problem)s", number=number, problem=problem)
                       for number, row in enumerate(self.entries, 1) for side in row.form for problem in side.errors]
        return not self.errors


class IdeaForm(Form):
    """An idea: the challenge it answers, what it is, what it costs, what it uses."""

    challenge = RadioField(_l("Which challenge does it answer?"), choices=[], validate_choice=False)
    title = LineField(_l("Title"), [between(3, 80)])
    summary = ProseField(_l("What is the idea?"), [between(20, 600)])
    costs = CostRows(FormField(CostForm), _l("What does it cost?"), min_entries=MOST_COSTS, max_entries=MOST_COSTS)
    own = CentsField(_l("Of that from your own or other money"))
    lasting = ProseField(_l("What stays when the project is over?"), [between(0, 400)])
    uses = SelectMultipleField(_l("What of the place does it use?"), choices=[], validate_choice=False)
    version = HiddenField(default="0")

    envelope_cents: int = 0

    def offer(self, challenges: Sequence[Challenge], items: Iterable[dict[str, Any]], envelope_cents: int) -> IdeaForm:
        """What there is to choose from in this gathering, and how much money it can give."""
        self.challenge.choices = [SelectChoice(challenge.ref, say(challenge.text)) for challenge in challenges]
        self.uses.choices = [SelectChoice(i["ref"], say(i["text"])) for i in items if i["kind"] in USABLE]
        self.envelope_cents = envelope_cents
        if len(challenges) == 1 and not self.challenge.data and not self.challenge.raw_data:
            self.challenge.data = challenges[0].ref
        return self

    def validate_challenge(self, field: Field) -> None:
        """Exactly one, of this gathering."""
        if field.data not in [choice.value for choice in field.choices] or len(set(field.raw_data or [])) > 1:
            raise ValidationError(_("Choose the one challenge that the idea answers."))

    def validate_own(self, field: Field) -> None:
        """What the event cannot give must come from somewhere; the writer says it."""
        missing = self.total_cents - (field.cents or 0) - self.envelope_cents
        if self.envelope_cents and missing > 0 and not self.costs.errors:
            raise ValidationError(_(
                "This is %(missing)s more than the %(envelope)s that the event can give. Where does it come from? "
                "Write it here as own or other money, or make the costs smaller.",
                missing=money(missing), envelope=money(self.envelope_cents)))

    @property
    def total_cents(self) -> int:
        """The sum of the lines that were understood."""
        return sum(row.form.amount.cents or 0 for row in self.costs)

    @property
    def seen(self) -> int:
        """The version that the writer saw."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def draft(self, challenges: Sequence[Challenge], items: Sequence[MapItem], language: str) -> Draft:
        """What was written, for the verbs. Only of a form that is valid."""
        lines = [(row.form.label.data, row.form.amount.cents or 0) for row in self.costs if row.form.label.data]
        challenge = next(c for c in challenges if c.ref == self.challenge.data)
        return Draft(challenge, language, self.title.data, self.summary.data, self.lasting.data or "", lines,
                     self.own.cents or 0, list(items))


def form_of(idea: Idea, uses: Iterable[MapItem]) -> IdeaForm:
    """The form as the idea stands, in the reader's words."""
    lines = [{"label": say(line.label), "amount": line.amount_cents} for line in idea.costs]
    return IdeaForm(formdata=None, challenge=idea.challenge.ref, title=say(idea.title), summary=say(idea.summary),
                    lasting=say(idea.lasting), costs=lines, own=idea.own_cents or "", uses=[item.ref for item in uses],
                    version=str(idea.version))
