"""Doors of complaints: one for everybody, without a name, and one for those who answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l

from ideathon.core.acts import Act
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web.forms import Form, ProseField, between
from ideathon.web.guard import requires
from ideathon.web.limits import Pace, paced

from . import complaints as verbs, queries

bp = Blueprint("complaints", __name__, url_prefix="/e/<code>")
PACE = Pace(seconds=60, burst=20)       # from one address: a whole hall may stand behind it


class ComplaintForm(Form):
    """What is wrong, in the writer's own words."""

    text = ProseField(_l("What happened, and what is wrong with the vote?"), [between(10, 1000)])


class AnswerForm(Form):
    """The answer, for everybody."""

    answer = ProseField(_l("Answer"), [between(5, 1000)])


def complaint_page(here: Here, form: ComplaintForm, status: int = 200) -> Any:
    """The form, or why there is none."""
    vote = queries.round_of(here.gathering.id)
    return render_template("voting/complaint.html", form=form, **verbs.after(vote, here.now.date())), status


@bp.get("/complaint")
@requires(Act.PUBLIC_SEE, find_gathering)
def complaint(here, code):
    """Where anybody complains, within the time for it."""
    return complaint_page(here, ComplaintForm(formdata=None))


@bp.post("/complaint")
@requires(Act.COMPLAINT_MAKE, find_gathering)
def complain(here, code):
    """The complaint is taken and told its number."""
    form = ComplaintForm()
    if not form.validate():
        return complaint_page(here, form, 422)
    with paced("complaint", hash(request.remote_addr), PACE):
        number = verbs.make(here, form.text.data)
    flash(_("Your complaint is number %(number)s. Its answer will stand on this page under that number.",
            number=number))
    return redirect(url_for(".complaint", code=here.gathering.code), 303)


def desk_page(here: Here, wrong: tuple[int, AnswerForm] | None = None, status: int = 200) -> Any:
    """Every complaint with a field for its answer."""
    vote = queries.round_of(here.gathering.id)
    rows = [(one, wrong[1] if wrong and wrong[0] == one.number else _form(one)) for one in verbs.every(vote)]
    return render_template("voting/complaints.html", rows=rows, wrong=wrong and wrong[1],
                           until=verbs.until(vote)), status


def _form(one: Any) -> AnswerForm:
    return AnswerForm(formdata=None, prefix="", answer=one.answer)


@bp.get("/complaints")
@requires(Act.COMPLAINT_SEE, find_gathering)
def desk(here, code):
    """All complaints, for those who answer."""
    return desk_page(here)


@bp.post("/complaints/<int(max=100000):number>")
@requires(Act.COMPLAINT_ANSWER, find_gathering)
def answer(here, code, number):
    """One is answered."""
    form = AnswerForm()
    if not form.validate():
        return desk_page(here, (number, form), 422)
    verbs.answer(here, number, form.answer.data)
    return redirect(url_for(".desk", code=here.gathering.code), 303)
