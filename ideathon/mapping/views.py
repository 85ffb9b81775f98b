"""Doors of the map."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for

from ideathon.core.acts import Act, Lock
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web.guard import requires
from ideathon.web.language import current

from . import queries, service
from .forms import MapItemForm

bp = Blueprint("mapping", __name__, url_prefix="/e/<code>/map")


def find_item(lock: Lock, code: str, ref: str) -> Here:
    """The item behind an address; the seat knows whether it is the reader's own."""
    here = find_gathering(lock, code)
    here.thing = queries.item(here.gathering.id, ref)
    here.seat = replace(here.seat, owns=here.person is not None and here.thing.author_id == here.person.id)
    return here


def board(here: Here, form: MapItemForm | None = None, status: int = 200):
    """The map's page, with the form as it was typed."""
    gathering, person = here.gathering.id, here.person
    mine = queries.private_of(gathering, person.id) if person else []
    return render_template(
        "mapping/board.html", form=form or MapItemForm(formdata=None, kind=request.args.get("kind", "need")),
        items=queries.visible(gathering), private=mine, challenges=queries.challenges(gathering),
        supported=queries.supported_by(gathering, person.id) if person else set(),
        own=queries.owned_by(gathering, person.id) if person else set()), status


@bp.get("")
@requires(Act.GATHERING_SEE, find_gathering)
def show(here, code):
    """Needs, resources, skills and values of the place."""
    return board(here)


@bp.post("")
@requires(Act.MAP_ADD, find_gathering)
def add(here, code):
    """One more item, in the writer's language."""
    form = MapItemForm()
    if not form.validate():
        return board(here, form, 422)
    service.add_item(here, form.kind.data, {current(): form.text.data}, form.theme.data, quantity=form.quantity.data,
                     unit=form.unit.data or "", private=form.private.data)
    return redirect(url_for(".show", code=here.gathering.code), 303)


@bp.post("/<ref>/support")
@requires(Act.MAP_SUPPORT, find_item)
def support(here, code, ref):
    """Me too."""
    service.support(here, here.thing)
    return redirect(url_for(".show", code=here.gathering.code, _anchor=ref), 303)


@bp.post("/<ref>/withdraw")
@requires(Act.MAP_WITHDRAW, find_item)
def withdraw(here, code, ref):
    """The author takes it back."""
    service.withdraw(here, here.thing)
    return redirect(url_for(".show", code=here.gathering.code), 303)
