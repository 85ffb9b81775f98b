"""Doors of the vote at the desk: keys of the witnesses, and the file they open."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from pyrage.x25519 import Identity

from ideathon.core.acts import Act
from ideathon.errors import NotFound, Refused
from ideathon.gatherings.doors import find_gathering
from ideathon.web import address
from ideathon.web.guard import requires

from . import public, queries, service

bp = Blueprint("voting_desk", __name__, url_prefix="/e/<code>")


@bp.get("/witnesses")
@requires(Act.SLIP_PRINT, find_gathering)
def witnesses(here, code):
    """Who can open the ballots after the seal, as far as it is set."""
    vote = queries.round_of(here.gathering.id)
    return render_template("voting/witnesses.html", vote=vote, there=public.witness_numbers(vote),
                           until=public.kept_until(vote))


@bp.post("/witnesses")
@requires(Act.WITNESS_SET, find_gathering)
def make_witness(here, code):
    """A fresh key for one witness: shown this once, kept nowhere; what stays here can only lock."""
    number = request.form.get("number", type=int, default=0)
    if number not in (1, 2):
        raise Refused("no_key")
    key = Identity.generate()
    service.set_witness(here, number, str(key.to_public()))
    files = f"{here.gathering.code}-vote.zip --openings {here.gathering.code}-openings.age --key key.txt"
    return render_template("voting/witness_key.html", number=number, key=str(key), qr=address.qr(str(key)),
                           command=f"ideathon verify {files}")


@bp.get("/openings.age")
@requires(Act.OPENINGS_TAKE, find_gathering)
def openings(here, code):
    """The locked ballots, for a witness who checks the count."""
    locked = public.locked_openings(queries.round_of(here.gathering.id))
    if locked is None:
        raise NotFound("not_found")
    name = f"{here.gathering.code}-openings.age"
    return Response(locked, mimetype="application/octet-stream",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})
