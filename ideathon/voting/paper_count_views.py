"""Doors of the count: raised hands, the account of each place, ballots compared with their papers, and the end."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web.guard import requires
from ideathon.web.words import sentence

from . import hands as verbs, paper_count, paper_queries, queries
from .models import Round
from .paper_forms import AccountForm, HandsForm, RecheckForm, hands_form
from .paper_views import bp, differences_page, page
from .paper_words import draw_outcome, hands_counted

AT_THE_PLACE = {"same_person", "hands_taken"}


def _back(here: Here, door: str):
    return redirect(url_for(f".{door}", code=here.gathering.code), 303)


def hands_page(here: Here, vote: Round, form: HandsForm, status: int = 200) -> tuple[str, int]:
    """The tally sheet of a place, and the places that were counted, without their numbers."""
    found = paper_queries.hands(vote.id)
    return page(here, vote, "hands", status, form=form, shows=found,
                names=paper_queries.people(rows[0].by_id for rows in found.values()))


@bp.get("/hands")
@requires(Act.BALLOT_ENTER, find_gathering)
def hands(here, code):
    """The tally sheet."""
    vote = queries.round_of(here.gathering.id)
    return hands_page(here, vote, hands_form(vote, formdata=None))


@bp.post("/hands")
@requires(Act.BALLOT_ENTER, find_gathering)
def count_hands(here, code):
    """One person's count of a place."""
    vote = queries.round_of(here.gathering.id)
    form = hands_form(vote)
    if not form.validate():
        return hands_page(here, vote, form, 422)
    try:
        step = verbs.count_hands(here, form.place.data, form.present.data, form.totals())
    except Refused as error:
        if error.code not in AT_THE_PLACE:
            raise
        form.place.errors = [sentence(error.code)]
        return hands_page(here, vote, form, 422)
    flash(hands_counted(step, form.place.data), "error" if step is paper_queries.Step.DIFFERS else "ok")
    return _back(here, "hands")


@bp.post("/hands/settle")
@requires(Act.PAPER_SETTLE, find_gathering)
def settle_hands(here, code):
    """One of the two counts is taken; where neither is right, both are taken back and the place is counted anew."""
    vote, place = queries.round_of(here.gathering.id), request.form.get("place", "")
    take = request.form.get("take", type=int)
    found = next((one for one in paper_queries.hands(vote.id).get(place, []) if one.number == take), None)
    if found is None:
        return differences_page(here, vote, status=422)
    verbs.settle_hands(here, place, found.present, found.totals)
    return _back(here, "differences")


@bp.post("/hands/take-back")
@requires(Act.BALLOT_ENTER, find_gathering)
def take_back_hands(here, code):
    """One's own count, while it waits."""
    verbs.take_back_hands(here, request.form.get("place", ""))
    return _back(here, "hands")


@bp.post("/hands/drop")
@requires(Act.PAPER_SETTLE, find_gathering)
def drop_hands(here, code):
    """Both counts of a place that is counted anew."""
    verbs.take_back_hands(here, request.form.get("place", ""), anybodys=True)
    return _back(here, "hands")


def accounts_page(here: Here, vote: Round, form: AccountForm, status: int = 200) -> tuple[str, int]:
    """What is told of the papers of each place, and the form for one place."""
    aside = paper_queries.aside_by_place(paper_queries.papers(vote))
    told = [{**one, "missing": paper_queries.missing(one), "aside": aside[one["place"]]}
            for one in paper_queries.told(vote.id)]
    cast = paper_queries.cast_by_place(vote.id)
    untold = sorted((set(cast) | set(aside)) - {one["place"] for one in told})
    return page(here, vote, "accounts", status, form=form, told=told, untold=untold, cast=cast, aside=aside)


@bp.get("/accounts")
@requires(Act.BALLOT_ENTER, find_gathering)
def accounts(here, code):
    """The accounts; the form is for the place that the address names."""
    vote = queries.round_of(here.gathering.id)
    place = request.args.get("place", "")
    known: Any = paper_queries.accounts(vote.id).get(place)
    return accounts_page(here, vote, AccountForm(formdata=None, obj=known, **({} if known else {"place": place})))


@bp.post("/accounts")
@requires(Act.BALLOT_ENTER, find_gathering)
def set_account(here, code):
    """What became of the papers of one place."""
    vote, form = queries.round_of(here.gathering.id), AccountForm()
    if not form.validate():
        return accounts_page(here, vote, form, 422)
    paper_count.set_account(here, form.place.data, issued=form.issued.data, spoiled=form.spoiled.data,
                            unused=form.unused.data, why=form.why.data)
    return _back(here, "accounts")


def recheck_page(here: Here, vote: Round, form: RecheckForm, status: int = 200) -> tuple[str, int]:
    """What is drawn, with what is recorded of it; and what was found earlier."""
    every = paper_queries.rechecks(vote.id)
    waiting = next((one for one in every if one.differing is None), None)
    done = [draw_outcome(len(one.tags), len(one.differing)) for one in every if one.differing is not None]
    return page(here, vote, "recheck", status, form=form, done=done, big="big" in request.args,
                drawn=paper_queries.drawn(vote, waiting) if waiting else [], picked=request.form,
                there=len(paper_queries.countable(vote.id)))


@bp.get("/recheck")
@requires(Act.PAPER_SETTLE, find_gathering)
def recheck(here, code):
    """Ballots drawn at random beside what is recorded of them."""
    return recheck_page(here, queries.round_of(here.gathering.id), RecheckForm(formdata=None, n=5))


@bp.post("/recheck")
@requires(Act.PAPER_SETTLE, find_gathering)
def draw_recheck(here, code):
    """A fresh draw."""
    form = RecheckForm()
    if not form.validate():
        return recheck_page(here, queries.round_of(here.gathering.id), form, 422)
    paper_count.draw_recheck(here, form.n.data)
    return _back(here, "recheck")


@bp.post("/recheck/done")
@requires(Act.PAPER_SETTLE, find_gathering)
def finish_recheck(here, code):
    """Each drawn ballot agrees with its paper, or differs."""
    vote, said = queries.round_of(here.gathering.id), request.form
    waiting = next((one for one in paper_queries.rechecks(vote.id) if one.differing is None), None)
    if waiting and any(said.get(tag) not in ("agrees", "differs") for tag in waiting.tags):
        flash(_("Say of each ballot whether it agrees with its paper."), "error")
        return recheck_page(here, vote, RecheckForm(formdata=None, n=5), 422)
    paper_count.finish_recheck(here, [tag for tag in (waiting.tags if waiting else ()) if said[tag] == "differs"])
    return _back(here, "recheck")


@bp.post("/count")
@requires(Act.VOTE_COUNT, find_gathering)
def count(here, code):
    """No more paper is taken."""
    paper_count.count(here)
    flash(_("The paper is done. The result can be sealed."), "ok")
    return _back(here, "ballots")
