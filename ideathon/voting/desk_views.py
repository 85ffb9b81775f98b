"""Doors of the vote at the desk: printing slips, entering paper ballots."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pyrage.x25519 import Identity
from wtforms.fields.choices import SelectChoice

from ideathon.core.acts import Act
from ideathon.errors import NotFound, Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web import address
from ideathon.web.guard import requires
from ideathon.web.language import say
from ideathon.web.words import sentence

from . import codes, paper as verbs, public, queries, service, slips as slip_box
from .forms import VOID_WORDS, PaperForm, SlipsForm, problem_sentence
from .models import Round

bp = Blueprint("voting_desk", __name__, url_prefix="/e/<code>")


def slips_page(here: Here, form: SlipsForm, status: int = 200) -> tuple[str, int]:
    """How many slips there are, and the field for more."""
    vote = queries.round_of(here.gathering.id)
    return render_template("voting/slips.html", form=form, vote=vote, counts=slip_box.counts(vote),
                           phrase=queries.phrase(here.gathering)), status


@bp.get("/slips")
@requires(Act.SLIP_PRINT, find_gathering)
def slips(here, code):
    """How many slips were drawn."""
    return slips_page(here, SlipsForm(formdata=None, n=24))


@bp.post("/slips")
@requires(Act.SLIP_PRINT, find_gathering)
def draw(here, code):
    """The new slips, this once: nothing keeps their codes."""
    form = SlipsForm()
    if not form.validate():
        return slips_page(here, form, 422)
    drawn = service.draw_slips(queries.round_of(here.gathering.id), form.n.data, here)
    base = address.base()
    sheet = [{"qr": address.qr(f"{base}/b#{one}"), "groups": codes.groups(one)} for one in drawn]
    phrase = queries.phrase(here.gathering)
    return render_template("voting/sheet.html", slips=sheet, address=f"{base}/b", phrase=phrase)


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


def paper_form(vote: Round, **given: Any) -> PaperForm:
    """The form for one ballot, with the ideas in the order on paper."""
    form = PaperForm(**given)
    offered = queries.options(vote)
    form.choices.choices = [SelectChoice(one["ref"], _("Taken back") if one["gone"] else say(one["title"]))
                            for one in offered]
    form.most = vote.max_choices
    return form


def paper_page(here: Here, vote: Round, form: PaperForm, status: int = 200) -> tuple[str, int]:
    """The form and what was entered so far, without its choices."""
    papers = queries.papers(vote)
    return render_template("voting/paper.html", form=form, vote=vote, papers=papers, void_words=VOID_WORDS), status


@bp.get("/paper")
@requires(Act.BALLOT_ENTER, find_gathering)
def paper(here, code):
    """Paper ballots entered so far, and the form for one more."""
    vote = queries.round_of(here.gathering.id)
    return paper_page(here, vote, paper_form(vote, formdata=None, place=request.args.get("place", ""),
                                             channel=request.args.get("channel", "paper")))


@bp.post("/paper")
@requires(Act.BALLOT_ENTER, find_gathering)
def enter(here, code):
    """One more paper ballot; a doubled serial is told, and what was typed stays."""
    vote = queries.round_of(here.gathering.id)
    form = paper_form(vote)
    if not form.validate() or not entered(here, form):
        return paper_page(here, vote, form, 422)
    return redirect(url_for(".paper", code=here.gathering.code, place=form.place.data, channel=form.channel.data), 303)


def entered(here: Here, form: PaperForm) -> bool:
    """Whether the ballot could be entered; what stands against it is written beside its field."""
    try:
        verbs.enter_paper(here, form.serial.data, form.place.data, form.choices.data or [], channel=form.channel.data,
                            void_reason=form.void_reason.data)
    except service.NotABallot as error:
        form.choices.errors = [problem_sentence(error.problems, paper=True)]
    except Refused as error:
        if error.code != "serial_taken":
            raise
        form.serial.errors = [sentence(error.code)]
    return not form.errors
