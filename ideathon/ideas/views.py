"""Doors of ideas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act, Lock, Role
from ideathon.core.words import clean
from ideathon.errors import NotFound, Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.mapping import queries as mapping
from ideathon.web.errors import answer
from ideathon.web.guard import requires
from ideathon.web.language import current, say
from ideathon.web.limits import Pace, paced
from ideathon.web.pages import safe_next
from ideathon.web.reasons import ReasonForm

from . import queries, service
from .forms import USABLE, IdeaForm, form_of
from .models import Draft, Idea

bp = Blueprint("ideas", __name__, url_prefix="/e/<code>/ideas")
PACE = Pace(seconds=200, burst=3)       # three in ten minutes


def find_idea(lock: Lock, code: str, ref: str) -> Here:
    """The idea behind an address; the seat knows whether it is the reader's own.

    Raises:
        NotFound: there is none, or it is hidden and neither the author nor a host asks.
    """
    return with_idea(find_gathering(lock, code), ref)


def with_idea(here: Here, ref: str) -> Here:
    """The same, of a gathering that was found already; raises as find_idea does."""
    here.thing = idea = queries.one(here.gathering.id, ref, hidden=True)
    owns = here.person is not None and idea.author_id == here.person.id
    if idea.state == "hidden" and not owns and Role.HOST not in here.seat.roles:
        raise NotFound("not_found")
    here.seat = replace(here.seat, owns=owns)
    return here


def find_shown(lock: Lock, code: str, ref: str) -> Here:
    """As find_idea, and only an idea that all may see."""
    return shown(find_idea(lock, code, ref))


def shown(here: Here) -> Here:
    """Nothing changes, when all may see the idea.

    Raises:
        NotFound: it is hidden.
    """
    if here.thing.state == "hidden":
        raise NotFound("not_found")
    return here


def to_idea(here: Here, idea: Idea, **more: Any) -> Any:
    """The way back to an idea's page."""
    return redirect(url_for("ideas.one", code=here.gathering.code, ref=idea.ref, **more), 303)


@bp.get("")
@requires(Act.GATHERING_SEE, find_gathering)
def show(here, code):
    """All ideas, newest first, or those that answer one challenge."""
    challenges, person = mapping.challenges(here.gathering.id), here.person.id if here.person else -1
    chosen = next((c for c in challenges if c.ref == request.args.get("challenge")), None)
    cards = [card for card in queries.cards(here.gathering.id) if not chosen or card["challenge"]["ref"] == chosen.ref]
    hidden = queries.hidden_of(here.gathering.id, None if Role.HOST in here.seat.roles else person)
    return render_template("ideas/list.html", cards=cards, challenges=challenges, chosen=chosen, hidden=hidden,
                           mine=queries.of_person(here.gathering.id, person))


def _offered(here: Here, form: IdeaForm) -> IdeaForm:
    gathering = here.gathering
    return form.offer(mapping.challenges(gathering.id), mapping.visible(gathering.id), gathering.envelope_cents)


def _draft(here: Here, form: IdeaForm) -> Draft:
    items = mapping.items_named(here.gathering.id, form.uses.data or [])
    challenges = mapping.challenges(here.gathering.id)
    return form.draft(challenges, [item for item in items if item.kind in USABLE], current())


def form_page(here: Here, form: IdeaForm, status: int = 200, *, clash: bool = False) -> Any:
    """The form as it was typed; after a clash, beside what somebody else wrote meanwhile."""
    return render_template("ideas/form.html", form=form, idea=here.thing, clash=clash), status


@bp.get("/new")
@requires(Act.IDEA_ADD, find_gathering)
def new(here, code):
    """An empty form."""
    return form_page(here, _offered(here, IdeaForm(formdata=None, challenge=request.args.get("challenge"))))


@bp.post("")
@requires(Act.IDEA_ADD, find_gathering)
def add(here, code):
    """One more idea; at most three in ten minutes from one phone. A host types for many and has no such limit."""
    form = _offered(here, IdeaForm())
    if not form.validate():
        return form_page(here, form, 422)
    if Role.HOST in here.seat.roles:
        idea = service.add_idea(here, _draft(here, form))
    else:
        with paced("idea", here.person.id, PACE):
            idea = service.add_idea(here, _draft(here, form))
    flash(_("Thank you. Everybody sees your idea now."))
    return to_idea(here, idea, posted=1)


@bp.get("/similar")
@requires(Act.GATHERING_SEE, find_gathering)
def similar(here, code):
    """Ideas that resemble what is being written, for the hint beside the form."""
    title, summary = (clean(request.args.get(name, "")[:2000]) for name in ("title", "summary"))
    but = request.args.get("but", "")
    found = queries.similar_to(here.gathering.id, title, summary, but) if len(title) >= 3 else []
    return jsonify(similar=[{"ref": one["ref"], "title": say(one["title"]), "likeness": one["likeness"],
                             "url": url_for(".one", code=here.gathering.code, ref=one["ref"])} for one in found])


def page(here: Here, status: int = 200, **more: Any) -> Any:
    """One idea's page; rooms above add what they have to say about it."""
    idea, person = here.thing, here.person.id if here.person else -1
    supporters, team = queries.supporters(idea.id), queries.team(idea.id)
    alike = request.args.get("posted") and here.seat.owns
    return render_template(
        "ideas/one.html", idea=idea, uses=queries.used_by(idea.id), supports=len(supporters),
        supported=person in supporters, team=team,
        my_part=next((who["role"] for who in team if who["person"] == person), ""),
        similar=queries.similar_to(idea.gathering_id, say(idea.title), say(idea.summary), idea.ref) if alike else [],
        **more), status


@bp.get("/<ref>")
@requires(Act.GATHERING_SEE, find_idea)
def one(here, code, ref):
    """One idea: what it is, what it costs, who is in it, what people say."""
    return page(here)


@bp.get("/<ref>/edit")
@requires(Act.IDEA_EDIT, find_idea)
def edit_page(here, code, ref):
    """The form as the idea stands."""
    return form_page(here, _offered(here, form_of(here.thing, queries.used_by(here.thing.id))))


@bp.post("/<ref>/edit")
@requires(Act.IDEA_EDIT, find_idea)
def edit(here, code, ref):
    """The idea as its author would have it now; somebody else's newer edit is shown first."""
    form = _offered(here, IdeaForm())
    if not form.validate():
        return form_page(here, form, 422)
    try:
        service.edit_idea(here, here.thing, form.seen, _draft(here, form))
    except Refused as refused:
        if refused.code != "changed_since":
            raise
        form.version.data = str(here.thing.version)
        return form_page(here, form, 409, clash=True)
    flash(_("The idea is changed."))
    return to_idea(here, here.thing)


@bp.post("/<ref>/withdraw")
@requires(Act.IDEA_WITHDRAW, find_idea)
def withdraw(here, code, ref):
    """The author takes it back."""
    service.withdraw_idea(here, here.thing)
    flash(_("The idea is withdrawn."))
    return redirect(url_for(".show", code=here.gathering.code), 303)


def _wanted() -> bool | None:
    return {"1": True, "0": False}.get(request.form.get("on", ""))


@bp.post("/<ref>/support")
@requires(Act.IDEA_SUPPORT, find_shown)
def support(here, code, ref):
    """Interest, not a vote."""
    service.support_idea(here, here.thing, _wanted())
    return to_idea(here, here.thing)


@bp.post("/<ref>/team")
@requires(Act.TEAM_JOIN, find_shown)
def team(here, code, ref):
    """In or out of the team."""
    joins = service.join_team(here, here.thing, _wanted())
    flash(_("You are in the team.") if joins else _("You have left the team."))
    return to_idea(here, here.thing)


@bp.post("/<ref>/hide")
@requires(Act.IDEA_HIDE, find_idea)
def hide(here, code, ref):
    """The host takes it out of sight, with a reason."""
    form = ReasonForm()
    if not form.validate():
        return answer("needs_a_reason", 422)
    service.hide_idea(here, here.thing, form.reason.data)
    onward = request.form.get("next")
    return redirect(safe_next(onward) if onward else url_for(".one", code=code, ref=ref), 303)


@bp.post("/<ref>/restore")
@requires(Act.IDEA_HIDE, find_idea)
def restore(here, code, ref):
    """The host brings it back."""
    service.restore_idea(here, here.thing)
    onward = request.form.get("next")
    return redirect(safe_next(onward) if onward else url_for(".one", code=code, ref=ref), 303)
