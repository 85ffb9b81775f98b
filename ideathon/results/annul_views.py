"""Doors of annulling: one person of the organisers asks with a reason, another confirms."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, lazy_gettext as _l

from ideathon.core.acts import Act
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.voting import public, queries as voting, service as votes
from ideathon.web.forms import Form, LineField, between
from ideathon.web.guard import requires

from . import service
from .views import bp


class AnnulForm(Form):
    """Why a vote is not to count."""

    reason = LineField(_l("Why the vote is not to count"), [between(10, 300)])


def _page(here: Here, form: AnnulForm, status: int = 200) -> Any:
    vote = voting.round_of(here.gathering.id)
    asked = public.asked(vote)
    return render_template("results/annul.html", form=form, asked=asked, vote=vote,
                           mine=asked is not None and here.person is not None and asked.asked_by == here.person.id,
                           earlier=public.annulled(here.gathering.id)), status


@bp.get("/annul")
@requires(Act.DESK_SEE, find_gathering)
def annul_page(here, code):
    """Whether somebody asks to annul the vote, and the ways to ask and to confirm."""
    return _page(here, AnnulForm(formdata=None))


@bp.post("/annul")
@requires(Act.VOTE_ANNUL, find_gathering)
def ask_annul(here, code):
    """One person asks."""
    form = AnnulForm()
    if not form.validate():
        return _page(here, form, 422)
    votes.ask_annul(here, form.reason.data)
    flash(_("Asked. Somebody else of the organisers must confirm it, on a device of their own."))
    return redirect(url_for(".annul_page", code=here.gathering.code), 303)


@bp.post("/annul/confirm")
@requires(Act.VOTE_ANNUL, find_gathering)
def annul(here, code):
    """Another confirms."""
    service.annul(here)
    flash(_("The vote is annulled. A new one can be opened when the day goes back to the stage of voting."))
    return redirect(url_for(".annul_page", code=here.gathering.code), 303)


@bp.post("/annul/drop")
@requires(Act.VOTE_ANNUL, find_gathering)
def drop_annul(here, code):
    """The question is taken back."""
    votes.drop_annul(here)
    return redirect(url_for(".annul_page", code=here.gathering.code), 303)
