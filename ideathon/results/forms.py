"""What an organiser says of how jury and residents become one result."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

from ideathon.core.tally import Breaker
from ideathon.web.forms import Form, LineField, WholeField, between

from .models import Formula
from .rule_words import BLENDS, MISSING, RECUSALS
from .words import BREAKERS

PLACES = tuple(f"tie_{number}" for number in range(1, len(Breaker) + 1))
ONE_OF_THESE = _l("Choose one from the list.")
MOST_JURORS, MOST_VOTES = 99, 1_000_000


def _of(words: dict[Any, Any]) -> dict[str, Any]:
    return {"choices": [SelectChoice(str(value), said) for value, said in words.items()], "validate_choice": False,
            "validators": [AnyOf([str(value) for value in words], ONE_OF_THESE)]}


def _tie(number: int) -> SelectField:
    choices = {"": _l("nothing more: they share the place"), **{str(name): said for name, said in BREAKERS.items()}}
    return SelectField(_l("Then by") if number > 1 else _l("Equal points are parted by"),
                       filters=[lambda name: name or ""], **_of(choices))


class RuleForm(Form):
    """The whole rule; what does not matter under the chosen blend is kept all the same."""

    blend = RadioField(_l("How jury and residents come together"), **_of(BLENDS))
    jury_weight = WholeField(_l("Weight of the jury, per cent"), 0, 100)
    threshold = WholeField(_l("Jury points needed to win, of 100"), 0, 100)
    min_jurors = WholeField(_l("Jurors' sheets needed for an idea"), 1, MOST_JURORS)
    threshold_votes = WholeField(_l("Votes needed to win"), 0, MOST_VOTES)
    quorum = WholeField(_l("Ballots needed for any idea to win"), 0, MOST_VOTES)
    missing = RadioField(_l("When a juror's sheet is not complete"), **_of(MISSING))
    recusal_scope = RadioField(_l("How far a conflict of interest reaches"), **_of(RECUSALS))
    tie_1, tie_2, tie_3, tie_4, tie_5, tie_6 = (_tie(number) for number in range(1, 7))
    lot_seed = LineField(_l("Number for a lot"), [between(0, 80)], render_kw={"autocomplete": "off"})
    seen = HiddenField()

    @property
    def order(self) -> list[str]:
        """The tie-breakers in their order, without the empty places."""
        return [self[name].data for name in PLACES if self[name].data]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each breaker once, none behind the lot (it parts whatever is left), and a lot has its number."""
        fine = super().validate(extra_validators)
        problem = self._order_problem()
        if problem:
            wrong = self[self._first_wrong()]
            wrong.errors = [*wrong.errors, problem]
        if str(Breaker.LOT) in self.order and not self.lot_seed.data:
            self.lot_seed.errors = [_("A lot needs a number that everybody sees before the vote.")]
        return bool(fine) and not problem and not self.lot_seed.errors

    def _first_wrong(self) -> str:
        """The place at which the order goes wrong: a breaker for the second time, or the first behind the lot."""
        before: list[str] = []
        for name in PLACES:
            if self[name].data and (self[name].data in before or str(Breaker.LOT) in before):
                return name
            before.append(self[name].data)
        return PLACES[0]

    def _order_problem(self) -> str:
        order = self.order
        if len(set(order)) < len(order):
            return _("Each way to part equal points stands in the order once.")
        if str(Breaker.LOT) in order[:-1]:
            return _("A lot parts whatever is left, so it stands last.")
        return ""

    def wanted(self) -> dict[str, Any]:
        """The columns of `Formula`; both weights together are 100."""
        names = ("blend", "jury_weight", "threshold", "min_jurors", "threshold_votes", "quorum", "missing",
                 "recusal_scope", "lot_seed")
        return {**{name: self[name].data for name in names}, "resident_weight": 100 - self.jury_weight.data,
                "tie_order": self.order}


def form_of(rule: Formula, mark: str) -> RuleForm:
    """The form as the rule stands."""
    ties = dict(zip(PLACES, rule.tie_order, strict=False))
    return RuleForm(formdata=None, obj=rule, seen=mark, **{name: ties.get(name, "") for name in PLACES})
