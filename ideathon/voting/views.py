"""Doors of the ballot: a slip's code leads in, a receipt leads out. The code travels in form bodies only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request

from ideathon.core.acts import Act, Lock
from ideathon.core.permissions import may
from ideathon.errors import Busy, Refused
from ideathon.gatherings.doors import Here
from ideathon.web import errors, language
from ideathon.web.guard import requires, requires_within
from ideathon.web.words import sentence

from . import casting, codes, groups, paper_queries, queries
from .doors import Knock, find_receipt, find_slip
from .forms import problem_sentence
from .models import Round
from .urn import NotABallot

bp = Blueprint("voting", __name__, url_prefix="/b")
KEPT = ("paused", "no_key", "age_unsaid", "came_before")     # what was chosen is not what was wrong: it stays ticked


def ballot_page(here: Here, chosen: Any = None, problem: str = "", status: int = 200) -> tuple[str, int]:
    """All options, and what this slip says at present, or what was chosen just now."""
    knock: Knock = here.thing
    vote, held = knock.vote, queries.ballot(knock.vote, knock.tag)
    shown = {one["ref"]: one for one in queries.options(vote)}
    on_paper = held is not None and paper_queries.channel_of(vote, knock.tag) != "phone"    # that stays in the box
    tells = held is not None and not on_tablet() and not on_paper       # the next person may press "back"
    marked = groups.marks(chosen if chosen is not None else (held.choices if tells else []))
    spent = held is not None and (on_paper or not vote.revote)
    return render_template(
        "voting/ballot.html", vote=vote, chosen=marked, problem=problem, held=held, expect=held.seq if held else 0,
        options=[shown[ref] for ref in queries.order_for(vote, knock.tag) or shown if ref in shown],
        code=knock.code, phrase=queries.phrase_of(vote.id, here.gathering), test=knock.test, spent=spent,
        on_paper=on_paper,
        sure=request.form.get("sure") == "y", tablet=on_tablet(), tells=tells, most=min(vote.max_choices, len(shown)),
        left=vote.budget_cents - sum(shown[ref]["cents"] for ref in marked if ref in shown),
        voted=queries.voted(vote, knock.tag) if vote.kept else 0,
        open=may(Act.BALLOT_CAST, here.seat) and not spent,
        paused=vote.state == "open" and here.seat.paused and not spent), status


def on_tablet() -> bool:
    """Whether many people vote here one after the other: then a page forgets them by itself."""
    return request.values.get("tablet") == "1"


def chosen_in(vote: Round) -> Any:
    """What was sent as the choice."""
    return casting.choices(vote.method, request.form.getlist("choice"), request.form.get("star", ""))


@bp.get("")
@requires(Act.PUBLIC_SEE)
def knock(_here):
    """The field for a code; the QR of a slip fills it in and sends it."""
    return render_template("voting/code.html", tablet=on_tablet())


@bp.post("")
@requires(Act.BALLOT_SEE, find_slip)
def show(here):
    """The ballot behind a code; with what was ticked already, where its reader has changed the language."""
    sent = request.form
    ticked = chosen_in(here.thing.vote) if sent.get("choice") or sent.get("star") else None
    return language.keep(make_response(ballot_page(here, ticked)), request.args.get("lang"))


@bp.post("/cast")
@requires_within(Act.BALLOT_CAST)
def cast():
    """The choice is stored, or said why not with the choice kept."""
    try:
        return redirect(casting.cast(casting.tap()), 303)
    except Busy:
        raise
    except Refused:
        g.here = find_slip(Lock.NONE)       # a wrong slip is counted, and said, here
        raise


@bp.get("/done/<int(max=2000000000):seq>/<mark>")
@requires(Act.PUBLIC_SEE, find_receipt)
def done(here, seq, mark):
    """The receipt: that the vote stands, never what it says."""
    vote = here.thing
    return render_template("voting/done.html", seq=seq, mark=codes.spaced(mark), vote=vote, round=vote.id,
                           phrase=queries.phrase_of(vote.id, here.gathering), tablet=on_tablet(),
                           open=here.seat.round_open and here.seat.in_time, over=here.seat.round_over)


@bp.errorhandler(Refused)
def refused(error: Refused) -> Any:
    """A refusal is said where the voter stands: on the ballot when the slip is good, else at the code field."""
    if error.status >= 500 or request.accept_mimetypes.best == "application/json":
        return errors.answer(error.code, error.status, **error.facts)
    here, words = g.get("here"), sentence(error.code, **error.facts)
    if not isinstance(getattr(here, "thing", None), Knock):
        return render_template("voting/code.html", problem=words, tablet=on_tablet()), error.status
    kept = chosen_in(here.thing.vote)
    if isinstance(error, NotABallot):
        return ballot_page(here, kept, problem_sentence(error.problems), error.status)
    return ballot_page(here, kept if error.code in KEPT else None, words, error.status)
