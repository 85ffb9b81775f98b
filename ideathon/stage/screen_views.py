"""Doors of the projector: opened with its key, it captures nothing and shows what the hall may see."""

from __future__ import annotations

from flask import g, jsonify, render_template, request, url_for

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.gatherings.doors import find_by_screen_key
from ideathon.web import address
from ideathon.web.guard import requires

from . import queries
from .admission import ticket_for
from .snapshot import snapshot
from .views import bp


@bp.get("/s/<key>")
@requires(Act.SCREEN_SEE, find_by_screen_key)
def screen(here, key):
    """The big screen in its scene."""
    facts = queries.screen(here.gathering)
    g.want = facts["want"]
    base = address.base()
    way_in = base + url_for("gatherings.join_page", code=here.gathering.code)
    return render_template("stage/screen.html", qr=address.qr(way_in), vote_qr=address.qr(f"{base}/b"),
                           address=base.partition("://")[2], **facts)


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
