"""Doors of ballots on paper: read by two people, settled where they differ."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web.guard import requires
from ideathon.web.language import say
from ideathon.web.words import sentence

from . import paper, paper_queries, queries, urn
from .forms import problem_sentence
from .models import Round
from .paper_forms import CHANNEL_WORDS, VOID_WORDS, PaperForm, ReadingForm
from .paper_queries import Step, in_step, label
from .paper_words import check, entered, marked

bp = Blueprint("voting_paper", __name__, url_prefix="/e/<code>/paper")
AT_THE_SERIAL = {"serial_taken", "entered_twice", "same_person", "unknown_slip", "slip_by_phone", "slip_not_by_phone"}


def page(here: Here, vote: Round, name: str, status: int = 200, **facts: Any) -> tuple[str, int]:
    """One of the pages of the paper, with what is open before the count beside it."""
    found = paper_queries.papers(vote)
    return render_template(
        f"voting/{name}.html", vote=vote, papers=found, checks=[check(one) for one in paper_queries.still_open(vote)],
        places=paper_queries.places(vote), taking=vote.state in paper_queries.TAKES, label=label,
        titles={one["ref"]: say(one["title"]) for one in queries.options(vote)}, marked=marked,
        void_words=VOID_WORDS, channel_words=CHANNEL_WORDS, with_hands=vote.method == "approval",
        me_id=here.person.id if here.person else 0, **facts), status


def ballots_page(here: Here, vote: Round, form: PaperForm, status: int = 200) -> tuple[str, int]:
    """The form for one more, what waits, and what is in the box, without its choices."""
    waiting = in_step(paper_queries.papers(vote), Step.WAITING)
    return page(here, vote, "paper", status, form=form, waiting=waiting, boxed=paper_queries.boxed(vote),
                names=paper_queries.people(one.readings[0].by_id for one in waiting))


@bp.get("")
@requires(Act.BALLOT_ENTER, find_gathering)
def ballots(here, code):
    """The form for one ballot; place and way stay as they were for the one before."""
    vote = queries.round_of(here.gathering.id)
    return ballots_page(here, vote, PaperForm(vote, formdata=None, place=request.args.get("place", ""),
                                              channel=request.args.get("channel", "paper")))


@bp.post("")
@requires(Act.BALLOT_ENTER, find_gathering)
def enter(here, code):
    """One reading more; what stands against it is told beside its field, and what was typed stays."""
    vote = queries.round_of(here.gathering.id)
    form = PaperForm(vote)
    if not form.validate() or not entered_by(here, vote, form):
        return ballots_page(here, vote, form, 422)
    kept = {"place": form.place.data, "channel": form.channel.data}
    return redirect(url_for(".ballots", code=here.gathering.code, **kept), 303)


def entered_by(here: Here, vote: Round, form: PaperForm) -> bool:
    """Whether the reading stands; what stands against it is written beside its field."""
    try:
        tag = paper.tag_of(vote, form.serial.data)
        step = paper.enter(here, tag, form.reading())
    except urn.NotABallot as error:
        form.choices.errors = [problem_sentence(error.problems, paper=True)]
    except Refused as error:
        if error.code not in AT_THE_SERIAL:
            raise
        form.serial.errors = [sentence(error.code)]
    else:
        slip = not tag.startswith(paper_queries.PAPER)
        flash(entered(step, label(tag), label(tag) if slip and step is Step.WAITING else ""),
              "error" if step is Step.DIFFERS else "ok")
    return not form.errors


def differences_page(here: Here, vote: Round, form: ReadingForm | None = None, tag: str = "",
                     status: int = 200) -> tuple[str, int]:
    """Both readings of each ballot side by side, and a form for a third."""
    differing = in_step(paper_queries.papers(vote), Step.DIFFERS)
    hands = [rows for rows in paper_queries.hands(vote.id).values() if len(rows) == 2 and not rows[1].counts]
    people = {one.by_id for rows in [*(paper.readings for paper in differing), *hands] for one in rows}
    forms = {one.tag: form if form is not None and one.tag == tag else
             ReadingForm(vote, formdata=None, place=one.readings[0].place) for one in differing}
    by_phone = {one.tag for one in differing if paper_queries.channel_of(vote, one.tag) == "phone"}
    return page(here, vote, "differences", status, differing=differing, hands=hands, forms=forms, opened=tag,
                by_phone=by_phone, names=paper_queries.people(people))


@bp.get("/differences")
@requires(Act.PAPER_SETTLE, find_gathering)
def differences(here, code):
    """What was read in two ways."""
    return differences_page(here, queries.round_of(here.gathering.id))


@bp.post("/settle")
@requires(Act.PAPER_SETTLE, find_gathering)
def settle(here, code):
    """One of the two readings is taken, or a third that was typed with the paper in hand."""
    vote, tag = queries.round_of(here.gathering.id), request.form.get("tag", "")
    form = None if request.form.get("take") in ("1", "2") else ReadingForm(vote)
    if form is not None and not form.validate():
        return differences_page(here, vote, form, tag, 422)
    try:
        paper.settle(here, tag, form.reading() if form is not None else taken(vote, tag, int(request.form["take"])))
    except urn.NotABallot as error:
        if form is None:
            raise
        form.choices.errors = [problem_sentence(error.problems, paper=True)]
        return differences_page(here, vote, form, tag, 422)
    return redirect(url_for(".differences", code=here.gathering.code), 303)


def taken(vote: Round, tag: str, number: int) -> paper.Reading:
    """One of the readings that stand.

    Raises:
        Refused: "nothing_to_settle".
    """
    found = next((one for one in paper_queries.entries(vote, tag) if one.number == number), None)
    if found is None:
        raise Refused("nothing_to_settle")
    return paper.Reading(found.place, found.choices, found.channel, found.void_reason)


@bp.post("/take-back")
@requires(Act.BALLOT_ENTER, find_gathering)
def take_back(here, code):
    """One's own reading, while it waits."""
    paper.take_back(here, request.form.get("tag", ""))
    return redirect(url_for(".ballots", code=here.gathering.code), 303)


@bp.post("/drop")
@requires(Act.PAPER_SETTLE, find_gathering)
def drop(here, code):
    """Whatever stands outside the box under a serial that was mistyped."""
    paper.take_back(here, request.form.get("tag", ""), anybodys=True)
    return redirect(url_for(".ballots", code=here.gathering.code), 303)
