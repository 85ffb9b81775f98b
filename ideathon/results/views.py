"""Doors of the result: seal, reveal, the why-sheet."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import find_gathering
from ideathon.web.guard import requires
from ideathon.web.pages import safe_next

from . import queries, service

bp = Blueprint("results", __name__, url_prefix="/e/<code>")


def _back(here):
    """The desk, unless the form names another way back."""
    return redirect(safe_next(request.form.get("next") or f"/e/{here.gathering.code}/desk"), 303)


@bp.post("/seal")
@requires(Act.RESULT_SEAL, find_gathering)
def seal(here, code):
    """The vote is over: count, seal."""
    service.seal(here)
    return _back(here)


@bp.post("/reveal")
@requires(Act.RESULT_REVEAL, find_gathering)
def reveal(here, code):
    """One place more for the hall."""
    seen = request.form.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) <= 4):
        raise Refused("already_shown")
    service.reveal_next(here, int(seen))
    return _back(here)


@bp.get("/result")
@requires(Act.RESULT_SEE, find_gathering)
def sheet(here, code):
    """Why each idea won or did not; public once every place has been shown."""
    gathering, row = here.gathering, queries.sealed(here.gathering.id)
    return render_template(
        "results/sheet.html", places=queries.shown(gathering.id), rule=queries.formula(gathering.id), sealed=row,
        figures=row.outcome["figures"], criteria=queries.criteria_words(gathering.id),
        ties=queries.parted(gathering.id), recusals=queries.recusals(gathering.id))
