"""Doors of the map and of the challenges that grow from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act, Lock, Role
from ideathon.errors import NotFound
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web.errors import answer
from ideathon.web.guard import requires
from ideathon.web.language import current
from ideathon.web.pages import safe_next
from ideathon.web.reasons import ReasonForm

from . import queries, service
from .forms import KIND_WORDS, THEME_WORDS, ChallengeForm, MapItemForm
from .models import KINDS

bp = Blueprint("mapping", __name__, url_prefix="/e/<code>")


def find_item(lock: Lock, code: str, ref: str) -> Here:
    """The item behind an address; the seat knows whether it is the reader's own.

    Raises:
        NotFound: there is none, or it is a private skill or a hidden item of somebody else (the host sees those).
    """
    here = find_gathering(lock, code)
    here.thing = item = queries.item(here.gathering.id, ref)
    owns = here.person is not None and item.author_id == here.person.id
    if (item.private or item.state == "hidden") and not owns and Role.HOST not in here.seat.roles:
        raise NotFound("not_found")
    here.seat = replace(here.seat, owns=owns)
    return here


def board(here: Here, form: MapItemForm | None = None, status: int = 200) -> Any:
    """The map's page, with the form as it was typed."""
    gathering, person = here.gathering.id, here.person.id if here.person else -1
    chosen = request.args.get("kind", "")
    chosen = chosen if chosen in KINDS else ""
    whose = None if Role.HOST in here.seat.roles else person
    return render_template(
        "mapping/board.html", form=form or MapItemForm(formdata=None, kind=chosen or "need"), chosen=chosen,
        items=[item for item in queries.visible(gathering) if chosen in {"", item["kind"]}],
        private=queries.private_of(gathering, whose), hidden=queries.hidden_of(gathering, whose),
        challenges=queries.challenges(gathering), behind=queries.behind, kinds=KIND_WORDS, themes=THEME_WORDS,
        supported=queries.supported_by(gathering, person), own=queries.owned_by(gathering, person)), status


def _back(here: Here, kind: str = "", ref: str | None = None) -> Any:
    address = url_for("mapping.show", code=here.gathering.code, kind=kind or None, _anchor=ref)
    return redirect(safe_next(request.form["next"]) if request.form.get("next") else address, 303)


@bp.get("/map")
@requires(Act.GATHERING_SEE, find_gathering)
def show(here, code):
    """Needs, resources, skills and values of the place."""
    return board(here)


@bp.post("/map")
@requires(Act.MAP_ADD, find_gathering)
def add(here, code):
    """One more item, in the writer's language."""
    form = MapItemForm()
    if not form.validate():
        return board(here, form, 422)
    item = service.add_item(here, form.kind.data, {current(): form.text.data}, form.theme.data,
                            quantity=form.quantity.data, unit=form.unit.data or "", private=form.private.data)
    flash(_("Thank you, it is on the map.") if not item.private else _("Kept. Only you and the host see it."))
    return _back(here, request.args.get("kind", ""))


@bp.post("/map/<ref>/support")
@requires(Act.MAP_SUPPORT, find_item)
def support(here, code, ref):
    """Me too."""
    service.support(here, here.thing, {"1": True, "0": False}.get(request.form.get("on", "")))
    return _back(here, request.args.get("kind", ""), ref)


@bp.post("/map/<ref>/withdraw")
@requires(Act.MAP_WITHDRAW, find_item)
def withdraw(here, code, ref):
    """The author takes it back."""
    service.withdraw(here, here.thing)
    flash(_("It has left the map."))
    return _back(here, request.args.get("kind", ""))


@bp.post("/map/<ref>/hide")
@requires(Act.MAP_HIDE, find_item)
def hide(here, code, ref):
    """The host takes it out of sight, with a reason."""
    form = ReasonForm()
    if not form.validate():
        return answer("needs_a_reason", 422)
    service.hide(here, here.thing, form.reason.data)
    return _back(here, request.args.get("kind", ""))


@bp.post("/map/<ref>/restore")
@requires(Act.MAP_HIDE, find_item)
def restore(here, code, ref):
    """The host brings it back."""
    service.restore(here, here.thing)
    return _back(here, request.args.get("kind", ""), ref)


def builder(here: Here, form: ChallengeForm | None = None, status: int = 200) -> Any:
    """The page on which the host builds challenges; needs with the most support first."""
    items = sorted(queries.visible(here.gathering.id), key=lambda item: (item["kind"] != "need", -item["supports"]))
    return render_template("mapping/challenges.html", form=form or ChallengeForm(formdata=None), items=items,
                           challenges=queries.challenges(here.gathering.id), behind=queries.behind,
                           next=request.values.get("next", ""), kinds=KIND_WORDS), status


@bp.get("/challenges")
@requires(Act.CHALLENGE_BUILD, find_gathering)
def challenges(here, code):
    """Needs to tick and words to find."""
    return builder(here)


@bp.post("/challenges")
@requires(Act.CHALLENGE_BUILD, find_gathering)
def build(here, code):
    """A challenge stands, with the needs behind it."""
    form = ChallengeForm().offer(queries.visible(here.gathering.id))
    if not form.validate():
        return builder(here, form, 422)
    service.build_challenge(here, form.text(), queries.items_named(here.gathering.id, form.items.data))
    flash(_("The challenge stands. Ideas can answer it now."))
    onward = request.form.get("next")
    return redirect(safe_next(onward) if onward else url_for(".challenges", code=here.gathering.code), 303)
