"""Doors before the vote: what the ballot asks, and its rehearsal with slips that count for nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act
from ideathon.errors import Unwell
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web import address
from ideathon.web.guard import requires

from . import codes, queries, rounds, service
from .forms import SlipsForm
from .profiles import OWN, PROFILES, columns
from .rule_forms import BallotRuleForm, form_of

bp = Blueprint("voting_rule", __name__, url_prefix="/e/<code>")


def _page(here: Here, form: BallotRuleForm, status: int = 200) -> tuple[str, int]:
    return render_template("voting/rule.html", form=form, vote=queries.round_of(here.gathering.id),
                           profiles=PROFILES), status


@bp.get("/vote")
@requires(Act.SLIP_PRINT, find_gathering)
def vote(here, code):
    """What the ballot asks, to be set before the opening."""
    return _page(here, form_of(queries.round_of(here.gathering.id)))


@bp.post("/vote")
@requires(Act.VOTE_SET, find_gathering)
def set_vote(here, code):
    """The ballot asks what its host would have it ask."""
    form = BallotRuleForm()
    if not form.validate():
        return _page(here, form, 422)
    stands = queries.round_of(here.gathering.id)
    same = stands.profile != OWN and all(
        getattr(stands, name) == value for name, value in form.wanted().items() if name not in {"profile", "publish"})
    rounds.set_rules(here, form.wanted() | ({"profile": stands.profile} if same else {}))
    flash(_("Saved. This is what the ballot will ask."))
    return redirect(url_for(".vote", code=here.gathering.code), 303)


@bp.post("/vote/profile")
@requires(Act.VOTE_SET, find_gathering)
def take_profile(here, code):
    """All fields as a profile has them, to go on from."""
    ref = request.form.get("profile", "")
    if ref not in PROFILES:
        raise Unwell("no_key")
    rounds.set_rules(here, columns(ref, here.gathering.envelope_cents))
    return redirect(url_for(".vote", code=here.gathering.code), 303)


def _rehearsal_page(here: Here, form: SlipsForm, status: int = 200) -> tuple[str, int]:
    stands: Any = queries.round_of(here.gathering.id)
    running = stands.state == "rehearsal"
    return render_template(
        "voting/rehearsal.html", vote=stands, form=form, running=running, phrase=queries.phrase(here.gathering),
        test=queries.test_count(stands) if running else None, options=queries.options(stands)), status


@bp.get("/rehearsal")
@requires(Act.SLIP_PRINT, find_gathering)
def rehearsal(here, code):
    """How a rehearsal goes, and what its test slips have said so far."""
    return _rehearsal_page(here, SlipsForm(formdata=None, n=3))


@bp.post("/rehearsal")
@requires(Act.VOTE_REHEARSE, find_gathering)
def rehearse(here, code):
    """A rehearsal begins, or begins anew."""
    rounds.rehearse(here)
    return redirect(url_for(".rehearsal", code=here.gathering.code), 303)


@bp.post("/rehearsal/slips")
@requires(Act.VOTE_REHEARSE, find_gathering)
def test_slips(here, code):
    """Slips that vote in the rehearsal alone."""
    form = SlipsForm()
    if not form.validate():
        return _rehearsal_page(here, form, 422)
    drawn = service.draw_slips(queries.round_of(here.gathering.id), form.n.data, here, test=True)
    base = address.base()
    sheet = [{"qr": address.qr(f"{base}/b#{one}"), "groups": codes.groups(codes.short(one))} for one in drawn]
    return render_template("voting/sheet.html", slips=sheet, address=f"{base}/b",
                           phrase=queries.phrase(here.gathering), test=True)
