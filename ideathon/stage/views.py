"""Doors of the hall: the page of now, the snapshot and tickets for sockets."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.gatherings.doors import find_by_screen_key, find_gathering
from ideathon.web.guard import requires

from .admission import ticket_for
from .snapshot import snapshot

bp = Blueprint("stage", __name__)


@bp.get("/e/<code>")
@requires(Act.GATHERING_SEE, find_gathering)
def now(here, code):
    """The page that follows the day: what the running stage asks of this reader."""
    return render_template("stage/now.html", **snapshot(here.gathering.id, here.seat, "gathering.stage"))


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


@bp.get("/s/<key>/news")
@requires(Act.SCREEN_SEE, find_by_screen_key)
def screen_news(here, key):
    """The snapshot for a screen."""
    return jsonify(snapshot(here.gathering.id, here.seat, request.args.get("want", "")))


@bp.get("/s/<key>/ticket")
@requires(Act.SCREEN_SEE, find_by_screen_key)
def screen_ticket(here, key):
    """A fresh ticket for a screen's socket."""
    return jsonify(ticket=ticket_for(here), rev=ledger.position(here.gathering.id))
