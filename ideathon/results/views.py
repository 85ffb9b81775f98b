"""Doors of the result: seal, reveal, the why-sheet, and what anybody needs to count again."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import find_gathering
from ideathon.voting import complaints, public, publishing, queries as voting
from ideathon.web.guard import requires
from ideathon.web.pages import safe_next

from . import queries, recount, service

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
    gathering, row, vote = here.gathering, queries.sealed(here.gathering.id), voting.round_of(here.gathering.id)
    return render_template(
        "results/sheet.html", places=queries.shown(gathering.id), rule=queries.rule(gathering.id), sealed=row,
        figures=row.outcome["figures"], firmness=row.outcome.get("firmness"),
        lines=queries.seen_lines(gathering.id), criteria=queries.criteria_words(gathering.id),
        ties=queries.parted(gathering.id), recusals=queries.recusals(gathering.id),
        earlier=public.annulled(gathering.id), round=vote.id, bundled=vote.state in voting.FINAL,
        after=complaints.after(vote, here.now.date()), published=publishing.state(vote))


def _kept(content: bytes, mimetype: str, name: str) -> Response:
    """A file that the browser keeps and does not show: it is opened on the reader's own device."""
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.get("/result.json")
@requires(Act.RESULT_SEE, find_gathering)
def sealed_file(here, code):
    """The sealed result, to be counted again without us."""
    bundle = recount.bundle(here.gathering, queries.sealed(here.gathering.id))
    return _kept(bundle, "application/json", f"{here.gathering.code}-result.json")


@bp.get("/vote.zip")
@requires(Act.RESULT_SEE, find_gathering)
def vote_bundle(here, code):
    """The public board, the sealed result and two programs that check them."""
    made = recount.vote_bundle(here.gathering, queries.sealed(here.gathering.id))
    return _kept(made, "application/zip", f"{here.gathering.code}-vote.zip")


@bp.get("/recount.html")
@requires(Act.RESULT_SEE, find_gathering)
def recount_page(here, code):
    """The page that counts it again in any browser, without a network."""
    return _kept(recount.page(), "text/html", "recount.html")
