"""Doors of a one-time link and of the help: a link becomes a slip by a button, so that no mail scanner uses it up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, render_template, request

from ideathon.clock import now
from ideathon.core.acts import Act, Lock, Role
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, stand_in
from ideathon.web import address, errors, language
from ideathon.web.guard import requires
from ideathon.web.words import sentence

from . import codes, electorate as verbs, electorate_queries as reading, honesty, queries, service
from .doors import wrong

bp = Blueprint("voting_link", __name__, url_prefix="/b")


def find_link(lock: Lock, **_address: str) -> Here:
    """By the token in the form; the gathering first, then the round. Whoever holds the link sits here as a voter.

    Raises:
        Forbidden: "wrong_invitation".  Throttled: too many wrong ones.
    """
    token = codes.read(request.form.get("token", "").rpartition("#")[2])
    found = reading.behind(verbs.hash_of(token)) if token else None
    if token is None or found is None:
        raise wrong("wrong_invitation")
    here, vote = stand_in(lock, found.gathering_id, queries.ROUND_AND_SEAT, {"gathering": found.gathering_id})
    moment = now()
    here.seat = replace(here.seat, roles=frozenset({Role.VISITOR, Role.VOTER}),
                        **queries.standing(vote.state, vote.closes_at, moment))
    here.thing, here.now = (vote, token), service.minute(moment)
    return here


@bp.get("/link")
@requires(Act.PUBLIC_SEE)
def link(_here):
    """The button; what a scanner of mails opens is this page, and it changes nothing."""
    return render_template("voting/link.html", by_link=honesty.BY_LINK)


@bp.post("/link")
@requires(Act.INVITATION_USE, find_link)
def use(here):
    """The link is used, and its slip is shown: once, and to the same tap again."""
    vote, token = here.thing
    code = verbs.use_link(here, vote, token, request.form.get("key", ""))
    phrase, qr = queries.phrase_of(vote.id, here.gathering), address.qr(f"{address.base()}/b#{code}")
    page = render_template("voting/link_slip.html", token=token, key=request.form["key"], code=code, qr=qr,
                           groups=codes.groups(codes.short(code)), phrase=phrase, by_link=honesty.BY_LINK)
    return language.keep(make_response(page), request.args.get("lang"))


@bp.get("/help")
@requires(Act.PUBLIC_SEE)
def help_page(_here):
    """How the vote goes, and what it does not protect from."""
    return render_template("voting/help.html", points=honesty.POINTS)


@bp.errorhandler(Refused)
def refused(error: Refused) -> Any:
    """A refusal is said beside the button; the link is still in its field, and loses nothing."""
    if error.status >= 500 or request.accept_mimetypes.best == "application/json":
        return errors.answer(error.code, error.status, **error.facts)
    kept = "" if error.code == "link_used" else request.form.get("token", "")[:80]
    words = sentence("link_early" if error.code == "vote_not_open" else error.code, **error.facts)
    return render_template("voting/link.html", problem=words, token=kept, used=error.code == "link_used",
                           by_link=honesty.BY_LINK), error.status
