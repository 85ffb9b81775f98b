"""Doors of the desk: now and next, time, the big screen, personal links."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act, Lock, Role
from ideathon.errors import Refused, Unwell
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.ideas import queries as ideas
from ideathon.people import service as people
from ideathon.web import address
from ideathon.web.guard import requires
from ideathon.web.words import sentence

from . import desk_queries, service
from .forms import HelperForm, MinutesForm, SceneForm
from .views import bp


def _desk(here: Here, status: int = 200, helper: HelperForm | None = None):
    base = address.base()
    way_in = base + url_for("gatherings.join_page", code=here.gathering.code)
    return render_template("stage/desk.html", qr=address.qr(way_in), way_in=way_in, base=base,
                           screen=url_for("stage.screen", key=here.gathering.screen_key),
                           follows=here.gathering.screen_scene is None,
                           helper_form=helper or HelperForm(formdata=None),
                           **desk_queries.desk(here)), status


def _back_to_desk(here: Here):
    return redirect(url_for("stage.desk", code=here.gathering.code), 303)


def _too_late(here: Here, refusal: Refused):
    """Another hand was quicker: told, and shown what is on now. An unticked warning is shown with its tick."""
    if refusal.code == "http_not_ticked":
        flash(sentence(refusal.code), "error")
        return redirect(url_for("voting_electorate.warning", code=here.gathering.code), 303)
    if refusal.code != "already_started":
        raise refusal
    flash(sentence(refusal.code), "error")
    return _desk(here, refusal.status)


def find_link(lock: Lock, code: str, grant: int) -> Here:
    """The grant of somebody in this event who comes in by a link."""
    here = find_gathering(lock, code)
    here.thing = desk_queries.link(here.gathering.id, grant)
    return here


def find_helper(lock: Lock, code: str, grant: int) -> Here:
    """The grant of a helper of this event; a juror's seat is not ended here, for sheets may hang on it."""
    here = find_gathering(lock, code)
    here.thing = desk_queries.link(here.gathering.id, grant, {Role.HELPER})
    return here


@bp.get("/e/<code>/desk")
@requires(Act.DESK_SEE, find_gathering)
def desk(here, code):
    """The host's desk."""
    return _desk(here)


@bp.post("/e/<code>/desk/next")
@requires(Act.STAGE_MOVE, find_gathering)
def next_stage(here, code):
    """The amber button: the next stage starts for everybody."""
    try:
        service.advance(here, request.form.get("seen", ""), plain=address.is_plain())
    except Refused as refusal:
        return _too_late(here, refusal)
    return _back_to_desk(here)


@bp.post("/e/<code>/desk/back")
@requires(Act.STAGE_BACK, find_gathering)
def previous_stage(here, code):
    """The stage before runs again."""
    try:
        service.back(here, request.form.get("seen", ""), plain=address.is_plain())
    except Refused as refusal:
        return _too_late(here, refusal)
    return _back_to_desk(here)


@bp.post("/e/<code>/desk/time")
@requires(Act.STAGE_TIME, find_gathering)
def shift(here, code):
    """A minute less, five minutes more."""
    form = MinutesForm()
    if not form.validate():
        raise Unwell("no_key")
    service.shift(here, form.minutes.data)
    return _back_to_desk(here)


@bp.post("/e/<code>/desk/pause")
@requires(Act.STAGE_PAUSE, find_gathering)
def pause(here, code):
    """The clock stands still, or runs again."""
    service.pause(here, request.form.get("wanted") == "paused")
    return _back_to_desk(here)


@bp.post("/e/<code>/desk/screen")
@requires(Act.SCREEN_SET, find_gathering)
def set_screen(here, code):
    """What the big screen shows."""
    form = SceneForm([idea.ref for idea in ideas.pitching(here.gathering.id)])
    if not form.validate():
        raise Unwell("no_key")
    service.show(here, form.scene.data, form.idea.data if "idea" in request.form else None)
    return _back_to_desk(here)


@bp.post("/e/<code>/links/<int:grant>/renew")
@requires(Act.LINK_RENEW, find_link)
def renew_link(here, code, grant):
    """A fresh personal link, shown this once; the old one opens nothing any more."""
    secret = people.renew_link(here.thing, here.person, here.now)
    flash(_("The new link is made. The old one no longer works."), "ok")
    return _link(here.thing, secret)


@bp.post("/e/<code>/helpers")
@requires(Act.HELPER_ADD, find_gathering)
def add_helper(here, code):
    """One helper more; the link is shown this once."""
    form = HelperForm()
    if not form.validate():
        return _desk(here, 422, form)
    return _link(*people.add_helper(here.gathering.id, form.name.data, here.person, here.now))


@bp.post("/e/<code>/helpers/<int:grant>/end")
@requires(Act.HELPER_END, find_helper)
def end_helper(here, code, grant):
    """A helper fewer; what was entered stays."""
    people.end_helper(here.thing, here.person, here.now)
    flash(_("%(name)s helps no more. What was entered stays.", name=here.thing.person.display_name), "ok")
    return _back_to_desk(here)


def _link(holder, secret):
    link = address.base() + url_for("people.link_page", secret=secret)
    return render_template("stage/link.html", holder=holder, link=link, qr=address.qr(link))
