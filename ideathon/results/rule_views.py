"""Doors of the rule: everybody reads it before the vote, an organiser sets it before anybody scores."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.jury import queries as jury
from ideathon.web.guard import requires

from . import queries, service
from .forms import RuleForm, form_of
from .views import bp


@bp.get("/rule")
@requires(Act.PUBLIC_SEE, find_gathering)
def rule(here, code):
    """How the result of this event is made, with the rubric and the number for a lot."""
    return render_template("results/rule.html", rule=queries.rule(here.gathering.id),
                           criteria=jury.rubric(here.gathering.id))


def _form_page(here: Here, form: RuleForm, status: int = 200, *, clash: bool = False) -> Any:
    standing = queries.formula(here.gathering.id) if clash else None
    return render_template("results/rule_form.html", form=form, standing=standing), status


@bp.get("/rule/edit")
@requires(Act.RULE_SET, find_gathering)
def rule_page(here, code):
    """The form as the rule stands."""
    standing = queries.formula(here.gathering.id)
    return _form_page(here, form_of(standing, service.mark(standing)))


@bp.post("/rule/edit")
@requires(Act.RULE_SET, find_gathering)
def set_rule(here, code):
    """The rule as its writer would have it; another hand's newer one is shown first."""
    form = RuleForm()
    if not form.validate():
        return _form_page(here, form, 422)
    try:
        service.set_rule(here, form.seen.data or "", form.wanted())
    except Refused as refused:
        if refused.code != "changed_since":
            raise
        form.seen.data = service.mark(queries.formula(here.gathering.id))
        return _form_page(here, form, 409, clash=True)
    flash(_("Saved. Everybody can read the rule now."))
    return redirect(url_for(".rule", code=here.gathering.code), 303)
