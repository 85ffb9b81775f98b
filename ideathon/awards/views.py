"""Doors of funding: the manager's page, the decision with its award, further milestones."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act
from ideathon.core.money import format_plain
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.results import queries as results
from ideathon.web.guard import requires

from . import queries, service, words
from .forms import DecisionForm, MilestoneForm, attach

bp = Blueprint("awards", __name__, url_prefix="/e/<code>/award")


def _prefilled(here: Here) -> DecisionForm:
    """The form as it will mostly be sent: the winner, what it asked for, a first step two months on."""
    outcome, gathering = results.outcome(here.gathering.id), here.gathering
    winner = queries.idea(gathering.id, outcome.winner) if outcome and outcome.winner else None
    asked = min(winner.requested_cents, queries.purse(gathering).most) if winner else 0
    due = min(gathering.held_on + timedelta(days=60), gathering.project.ends_on)
    return DecisionForm(formdata=None, idea=winner.ref if winner else None, body=_("Jury of the event"),
                        amount=format_plain(asked) if asked else "", milestone_due=due,
                        milestone_title=_("The agreement is signed and the work has begun"))


def _page(here: Here, form: DecisionForm | None = None, step: MilestoneForm | None = None, status: int = 200):
    gathering = here.gathering
    made, places = queries.decision(gathering.id), results.shown(gathering.id) if here.seat.revealed else []
    open_form = form or (_prefilled(here) if places and not made else None)
    able = [place["ref"] for place in places if not place["bar"]]
    return render_template(
        "awards/page.html", form=open_form, step=step or MilestoneForm(formdata=None), places=places, decision=made,
        chosen=queries.idea_of(made) if made else None, purse=queries.purse(gathering), sentences=words,
        problems=queries.problems_by_idea(gathering.id, able), criteria=results.criteria_words(gathering.id),
        milestones=queries.milestones(made, gathering.project)), status


def _refused(here: Here, refused: Refused, *forms):
    """Nothing of the half-done act stays; the page says why, with the form as it was typed."""
    db.session.rollback()
    form = next(form for form in forms if form is not None)
    attach(form, refused.code, words.refusal(refused))
    return _page(here, *forms, status=422)


@bp.get("")
@requires(Act.AWARD_SEE, find_gathering)
def show(here, code):
    """The ranking, the decision, the award and its milestones."""
    return _page(here)


@bp.post("")
@requires(Act.AWARD_DECIDE, find_gathering)
def decide(here, code):
    """Decision, award and first milestone in one act."""
    form = DecisionForm()
    if not form.validate():
        return _page(here, form, status=422)
    try:
        service.decide(here, queries.idea(here.gathering.id, form.idea.data), form.body.data, form.reason.data or "")
        service.grant(here, form.amount.cents or 0, form.conditions.data or "")
        if form.milestone_title.data:
            service.add_milestone(here, *form.step())
    except Refused as refused:
        return _refused(here, refused, form)
    return redirect(url_for(".show", code=here.gathering.code), 303)


@bp.post("/milestones")
@requires(Act.MILESTONE_ADD, find_gathering)
def add_milestone(here, code):
    """One milestone more."""
    form = MilestoneForm()
    if not form.validate():
        return _page(here, step=form, status=422)
    try:
        service.add_milestone(here, *form.step())
    except Refused as refused:
        return _refused(here, refused, None, form)
    return redirect(url_for(".show", code=here.gathering.code), 303)
