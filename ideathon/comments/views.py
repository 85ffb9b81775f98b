"""Doors of the talk: the page's, and the socket's beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from ideathon.core.acts import Act, Lock, Role
from ideathon.core.permissions import may
from ideathon.errors import Refused
from ideathon.extensions import db
from ideathon.gatherings.doors import Here, find_by_id, find_gathering
from ideathon.ideas import views as ideas
from ideathon.ideas.models import Idea
from ideathon.live.limits import count
from ideathon.live.wire import hears
from ideathon.people import sessions
from ideathon.web.errors import answer
from ideathon.web.guard import act_over_socket, ask, requires
from ideathon.web.language import current
from ideathon.web.limits import Pace, paced
from ideathon.web.pages import safe_next
from ideathon.web.reasons import ReasonForm
from ideathon.web.words import sentence

from . import queries, service
from .forms import CommentForm
from .models import Comment

bp = Blueprint("comments", __name__, url_prefix="/e/<code>")
PACE = Pace(seconds=3, burst=5)
TAKEN_BACK_WITHIN = timedelta(minutes=5)


def find_comment(lock: Lock, code: str, ref: str) -> Here:
    """The contribution behind an address; the seat knows whether it is the reader's own, and still fresh."""
    here = find_gathering(lock, code)
    here.thing = comment = queries.one(here.gathering.id, ref)
    here.seat = replace(here.seat, owns=here.person is not None and comment.author_id == here.person.id,
                        fresh=here.now - comment.created_at <= TAKEN_BACK_WITHIN)
    return here


def talk(here: Here, form: CommentForm | None = None) -> dict[str, Any]:
    """What the part of an idea's page with the talk shows to this reader."""
    idea, person = here.thing, here.person.id if here.person else -1
    whose = None if Role.HOST in here.seat.roles else person
    form = form or CommentForm(formdata=None)
    return {"form": form.offer(here.seat, ()), "said": queries.thread(idea.id),
            "own": queries.own_refs(idea.id, person), "hidden": queries.hidden(idea.gathering_id, idea.id, whose),
            "open": may(Act.COMMENT_ADD, here.seat),
            "fresh_since": int((here.now - TAKEN_BACK_WITHIN).timestamp() * 1000)}


def _store(here: Here, form: CommentForm) -> Comment:
    """The words of a valid form, within the person's pace; a mentor's advice only from a mentor."""
    ask(form.act, here.seat)
    with paced("comment", here.person.id, PACE):
        return service.add_comment(here, here.thing, form.kind.data, {current(): form.text.data},
                                   parent=form.parent.data or "")


def _place(here: Here, comment: Comment) -> str:
    return url_for("ideas.one", code=here.gathering.code, ref=here.thing.ref, _anchor=comment.ref)


@bp.post("/ideas/<ref>/comments")
@requires(Act.COMMENT_ADD, ideas.find_shown)
def add(here, code, ref):
    """A comment, a question, a mentor's advice, or an answer to one."""
    form = CommentForm().offer(here.seat, queries.open_refs(here.thing.id))
    if not form.validate():
        return ideas.page(here, 422, talk_form=form)
    return redirect(_place(here, _store(here, form)), 303)


@bp.post("/comments/<ref>/withdraw")
@requires(Act.COMMENT_WITHDRAW, find_comment)
def withdraw(here, code, ref):
    """The author takes it back within five minutes."""
    service.withdraw_comment(here, here.thing)
    flash(_("Your words are taken back."))
    return _back(here)


@bp.post("/comments/<ref>/hide")
@requires(Act.COMMENT_HIDE, find_comment)
def hide(here, code, ref):
    """The host takes it out of sight, with a reason."""
    form = ReasonForm()
    if not form.validate():
        return answer("needs_a_reason", 422)
    service.hide_comment(here, here.thing, form.reason.data)
    return _back(here)


@bp.post("/comments/<ref>/restore")
@requires(Act.COMMENT_HIDE, find_comment)
def restore(here, code, ref):
    """The host brings it back."""
    service.restore_comment(here, here.thing)
    return _back(here)


def _back(here: Here) -> Any:
    """Where the form asked to go on (the desk), else the idea."""
    if onward := request.form.get("next"):
        return redirect(safe_next(onward), 303)
    idea = db.session.get_one(Idea, here.thing.idea_id)
    return redirect(url_for("ideas.one", code=here.gathering.code, ref=idea.ref, _anchor="talk"), 303)


def _fields(data: Mapping[str, Any]) -> dict[str, str]:
    """What the page's form would hold."""
    return {name: data.get(name) or "" for name in ("text", "kind", "parent")}


def _heard(here: Here, data: Mapping[str, Any]) -> Comment:
    form = CommentForm(formdata=MultiDict(_fields(data)))
    if not form.offer(here.seat, queries.open_refs(here.thing.id)).validate():
        raise Refused("not_well", sentence=" ".join(str(problem) for field in form for problem in field.errors))
    return _store(here, form)


def _socket_finder(who: Mapping[str, Any], ref: str) -> Callable[[Lock], Here]:
    """The finder of a socket's idea: who speaks is read again, under the lock."""
    def find(lock: Lock) -> Here:
        here = find_by_id(lock, who["gathering"], sessions.person_of(who["session"]))
        return ideas.shown(ideas.with_idea(here, ref))
    return find


def _door(gathering_id: int, ref: str) -> str:
    """The address of the page's door to the same verb."""
    code = find_by_id(Lock.NONE, gathering_id, None).gathering.code
    db.session.rollback()                   # nothing read before the lock is trusted
    return url_for("comments.add", code=code, ref=ref)


@hears("comment:add", rule=Act.COMMENT_ADD,
       fields={"idea": str, "text": str, "kind": str, "parent": str | None, "key": str})
def hear(who: Mapping[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """A comment by socket: {"stored": ref} or {"error", "sentence"}. One key is one comment, whichever way it came."""
    sender = str(session.get("device") or who["session"])
    try:
        place, _twice = act_over_socket(
            Act.COMMENT_ADD, _socket_finder(who, data["idea"]), data["key"], sender,
            lambda here: _place(here, _heard(here, data)), said=_fields(data),
            door=_door(who["gathering"], data["idea"]))
    except Refused as refused:
        count(refused.code)
        return {"error": refused.code, "sentence": refused.facts.get("sentence") or sentence(refused.code)}
    return {"stored": place.rpartition("#")[2]}
