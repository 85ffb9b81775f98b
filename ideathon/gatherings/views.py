"""Doors of a gathering: the first page, the code, joining."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act, Lock
from ideathon.core.permissions import may
from ideathon.errors import NotFound
from ideathon.people import sessions
from ideathon.web.guard import requires
from ideathon.web.language import current
from ideathon.web.pages import safe_next

from . import queries, service
from .doors import find_gathering
from .forms import CodeForm, JoinForm

bp = Blueprint("gatherings", __name__)


@bp.get("/")
@requires(Act.PUBLIC_SEE)
def home(_here):
    """The first page: type the code, or look at the events."""
    return render_template("gatherings/home.html", form=CodeForm(formdata=None), gatherings=queries.open_gatherings())


@bp.post("/code")
@requires(Act.PUBLIC_SEE)
def enter_code(_here):
    """A right code leads to the event; a wrong one is said on the same page, still in the field."""
    form = CodeForm()
    try:
        if form.validate():
            found = find_gathering(Lock.NONE, form.code.data).gathering
            return redirect(url_for("stage.now", code=found.code), 303)
    except NotFound:
        form.code.errors = [_("There is no event with this code. Look at the big screen and type it again.")]
    return render_template("gatherings/home.html", form=form, gatherings=queries.open_gatherings()), 422


@bp.get("/j/<code>")
@requires(Act.PUBLIC_SEE, find_gathering)
def join_page(here, code):
    """The QR leads here; who has joined already is led on."""
    if may(Act.GATHERING_SEE, here.seat):
        return redirect(url_for("stage.now", code=here.gathering.code), 303)
    onward = safe_next(request.args.get("next"))
    return render_template("gatherings/join.html", form=JoinForm(formdata=None), next=onward)


@bp.post("/j/<code>")
@requires(Act.GATHERING_JOIN, find_gathering)
def join(here, code):
    """A display name and a tick: the phone has a seat."""
    form = JoinForm()
    if not form.validate():
        return render_template("gatherings/join.html", form=form, next=safe_next(request.form.get("next"))), 422
    sessions.sign_in(service.join(here, form.name.data, current()))
    onward = safe_next(request.form.get("next"))
    return redirect(onward if onward != "/" else url_for("stage.now", code=here.gathering.code), 303)


@bp.get("/e/<code>/privacy")
@requires(Act.PUBLIC_SEE, find_gathering)
def privacy(here, code):
    """What is kept, for how long, and what is never asked."""
    return render_template("gatherings/privacy.html")
