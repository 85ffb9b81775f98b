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

from . import codes, groups, paper_queries, queries, service
from .doors import Knock, find_receipt, find_slip
from .forms import problem_sentence
from .models import Round

bp = Blueprint("voting", __name__, url_prefix="/b")


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
    """What was sent as the choice: names, or marks where one idea may have the star. A star alone is a choice too."""
    names, star = request.form.getlist("choice"), request.form.get("star", "")
    if vote.method != "star":
        return names
    return {name: 2 if name == star else 1 for name in [*names, *filter(None, [star])]}


@bp.get("")
@requires(Act.PUBLIC_SEE)
def knock(_here):
    """The field for a code; the QR of a slip fills it in and sends it."""
    return render_template("voting/code.html", tablet=on_tablet())


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
    sent, vote = request.form, here.thing.vote
    chosen, expect = chosen_in(vote), sent.get("expect", type=int, default=-1)
    if not 0 <= expect < 2**31:
        raise Unwell("no_key")
    if vote.age and sent.get("sure") != "y":
        return ballot_page(here, chosen, sentence("age_unsaid", age=vote.age), 422)
    try:
        got = service.cast(here, vote, here.thing.tag, chosen, key=sent.get("key", ""), expect=expect)
    except service.Changed as error:
        return ballot_page(here, None, sentence(error.code), error.status)
    except service.NotABallot as error:
        return ballot_page(here, chosen, problem_sentence(error.problems), error.status)
    return redirect(url_for(".done", seq=got.seq, mark=got.mark, tablet="1" if on_tablet() else None), 303)


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
    current_app.logger.info("refused %s %s: %s", request.method, request.endpoint, error.code)
    here, words = g.get("here"), sentence(error.code, **error.facts)
    if isinstance(getattr(here, "thing", None), Knock):
        kept = chosen_in(here.thing.vote) if error.code in ("paused", "no_key") else None
        return ballot_page(here, kept, words, error.status)
    return render_template("voting/code.html", problem=words, tablet=on_tablet()), error.status
