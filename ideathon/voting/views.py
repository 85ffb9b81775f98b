"""Doors of the ballot: a slip's code leads in, a receipt leads out. The code travels in form bodies only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for

from ideathon.config import LANGUAGES
from ideathon.core.acts import Act
from ideathon.core.permissions import may
from ideathon.errors import Refused, Unwell
from ideathon.gatherings.doors import Here
from ideathon.web import errors
from ideathon.web.guard import requires
from ideathon.web.words import sentence

from . import codes, queries, service
from .doors import Knock, find_receipt, find_slip
from .forms import problem_sentence

bp = Blueprint("voting", __name__, url_prefix="/b")


def ballot_page(here: Here, chosen: list[str] | None = None, problem: str = "", status: int = 200) -> tuple[str, int]:
    """All options, and what this slip says at present, or what was chosen just now."""
    knock: Knock = here.thing
    held, phrase = queries.ballot(knock.vote, knock.tag), queries.phrase_of(knock.vote.id, here.gathering)
    marked = chosen if chosen is not None else (held.choices if held else [])
    return render_template(
        "voting/ballot.html", vote=knock.vote, options=queries.options(knock.vote), chosen=marked, problem=problem,
        held=held, expect=held.seq if held else 0, code=knock.code, phrase=phrase,
        voted=queries.voted(knock.vote, knock.tag) if knock.vote.state == "sealed" else 0,
        open=may(Act.BALLOT_CAST, here.seat), paused=knock.vote.state == "open" and here.seat.paused), status


@bp.get("")
@requires(Act.PUBLIC_SEE)
def knock(_here):
    """The field for a code; the QR of a slip fills it in and sends it."""
    return render_template("voting/code.html")


@bp.post("")
@requires(Act.BALLOT_SEE, find_slip)
def show(here):
    """The ballot behind a code."""
    if request.args.get("lang") in LANGUAGES:
        session["lang"] = request.args["lang"]
    return ballot_page(here)


@bp.post("/cast")
@requires(Act.BALLOT_CAST, find_slip)
def cast(here):
    """The choice is stored, or said why not with the choice kept."""
    sent = request.form
    chosen, expect = sent.getlist("choice"), sent.get("expect", type=int, default=-1)
    if not 0 <= expect < 2**31:
        raise Unwell("no_key")
    try:
        got = service.cast(here, here.thing.vote, here.thing.tag, chosen, key=sent.get("key", ""), expect=expect)
    except service.Changed as error:
        return ballot_page(here, None, sentence(error.code), error.status)
    except service.NotABallot as error:
        return ballot_page(here, chosen, problem_sentence(error.problems), error.status)
    return redirect(url_for(".done", seq=got.seq, mark=got.mark), 303)


@bp.get("/done/<int(max=2000000000):seq>/<mark>")
@requires(Act.PUBLIC_SEE, find_receipt)
def done(here, seq, mark):
    """The receipt: that the vote stands, never what it says."""
    phrase = queries.phrase_of(here.thing, here.gathering)
    return render_template("voting/done.html", seq=seq, mark=codes.spaced(mark), phrase=phrase,
                           open=here.seat.round_open and here.seat.in_time)


@bp.errorhandler(Refused)
def refused(error: Refused) -> Any:
    """A refusal is said where the voter stands: on the ballot when the slip is good, else at the code field."""
    if error.status >= 500 or request.accept_mimetypes.best == "application/json":
        return errors.answer(error.code, error.status, **error.facts)
    current_app.logger.info("refused %s %s: %s", request.method, request.endpoint, error.code)
    here, words = g.get("here"), sentence(error.code, **error.facts)
    if isinstance(getattr(here, "thing", None), Knock):
        kept = request.form.getlist("choice") if error.code in ("paused", "no_key") else None
        return ballot_page(here, kept, words, error.status)
    return render_template("voting/code.html", problem=words), error.status
