"""Doors of the public board: the list for the wall once the vote has closed, the whole of it after the reveal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from ideathon.core.acts import Act
from ideathon.core.permissions import may
from ideathon.errors import NotFound
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web.guard import requires

from . import board, public, queries, wall

bp = Blueprint("board", __name__, url_prefix="/e/<code>")


def _facts(here: Here) -> dict[str, Any]:
    vote = queries.round_of(here.gathering.id)
    over = vote.state in queries.OVER
    return {"over": over, "round": vote.id, "earlier": public.annulled(here.gathering.id),
            "revealed": may(Act.RESULT_SEE, here.seat) and vote.state in queries.FINAL,
            **(wall.facts(vote) if over else {"sheets": []})}


@bp.get("/board")
@requires(Act.PUBLIC_SEE, find_gathering)
def wall_list(here, code):
    """Number and mark of every vote, to be hung on a wall; from the close on."""
    return render_template("voting/board.html", **_facts(here))


@bp.get("/board.json")
@requires(Act.RESULT_SEE, find_gathering)
def public_file(here, code):
    """The public board, byte for byte the one in the bundle."""
    vote = queries.round_of(here.gathering.id)
    if vote.state not in queries.FINAL:
        raise NotFound("not_found")
    return Response(board.canonical(public.public_board(vote)), mimetype="application/json")
