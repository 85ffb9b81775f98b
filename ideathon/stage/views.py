"""Doors of the hall: the page of now, what a smart village is, the snapshot and tickets for sockets."""

from __future__ import annotations

from flask import Blueprint, g, jsonify, render_template, request

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.gatherings.doors import find_gathering
from ideathon.web.guard import requires

from . import queries
from .admission import ticket_for
from .snapshot import snapshot

bp = Blueprint("stage", __name__)


@bp.get("/e/<code>")
@requires(Act.GATHERING_SEE, find_gathering)
def now(here, code):
    """The page that follows the day: what the running stage asks of this reader."""
    facts = queries.now_page(here)
    g.want = facts["want"]
    return render_template("stage/now.html", **facts)


@bp.get("/e/<code>/concept")
@requires(Act.PUBLIC_SEE, find_gathering)
def concept(here, code):
    """What a smart village is: one tap away at any time."""
    return render_template("stage/concept.html")


@bp.get("/e/<code>/news")
@requires(Act.GATHERING_SEE, find_gathering)
def news(here, code):
    """The snapshot for a page that comes back."""
    return jsonify(snapshot(here.gathering.id, here.seat, request.args.get("want", "")))


@bp.get("/e/<code>/ticket")
@requires(Act.GATHERING_SEE, find_gathering)
def ticket(here, code):
    """A fresh ticket for the socket."""
    return jsonify(ticket=ticket_for(here), rev=ledger.position(here.gathering.id))
