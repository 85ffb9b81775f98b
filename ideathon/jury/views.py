"""Doors of the jury: list, declaration, one sheet per idea, the lock. Pages hold the reader's own points only."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale

from ideathon.core.acts import Act, Lock, Role
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.ideas import queries as ideas
from ideathon.people.models import Grant
from ideathon.web.guard import requires
from ideathon.web.words import sentence

from . import queries, service
from .forms import DeclarationForm
from .models import Criterion

bp = Blueprint("jury", __name__, url_prefix="/e/<code>/jury")


def find_sheet(lock: Lock, code: str, ref: str) -> Here:
    """The idea behind an address; the seat knows whether its juror has declared, and a conflict."""
    here = find_gathering(lock, code)
    here.thing = queries.idea_to_score(here.gathering.id, ref)
    if Role.JUROR in here.seat.roles:
        said = queries.declarations(me(here).id).get(here.thing.id)
        here.seat = replace(here.seat, declared=said is not None, recused=said is not None and said.conflict)
    return here


def me(here: Here) -> Grant:
    """The juror who knocks."""
    return here.grant_as(Role.JUROR)


def criterion_of(here: Here, ref: str) -> Criterion | None:
    """The criterion that was sent."""
    return next((one for one in queries.rubric(here.gathering.id) if one.ref == ref), None)


@bp.get("")
@requires(Act.JURY_SEE, find_gathering)
def board(here, code):
    """All ideas in pitch order, each with the juror's own state."""
    lines = queries.sheet(here.gathering.id, me(here).id)
    return render_template("jury/board.html", lines=lines, juror=me(here), locked=here.seat.locked,
                           undeclared=sum(line["state"] == "undeclared" for line in lines),
                           done=sum(line["state"] == "done" for line in lines),
                           of=sum(line["state"] != "recused" for line in lines))


def shown_total(criteria: list[Criterion], given: dict[int, int]) -> tuple[str, int]:
    """A sheet's sum in the reader's digits, and out of how much: the scale when all criteria share it, else 100."""
    scales = {one.scale_max for one in criteria}
    out_of = scales.pop() if len(scales) == 1 else 100
    total = queries.total(criteria, given) * out_of / 100
    return format_decimal(Decimal(total.numerator) / total.denominator, format="0.0#", locale=get_locale()), out_of


def declaration_page(form: DeclarationForm, status: int = 200) -> tuple[str, int]:
    """Every idea with a tick and a reason."""
    return render_template("jury/declare.html", form=form), status


@bp.get("/declare")
@requires(Act.JURY_SEE, find_gathering)
def declaration(here, code):
    """What the juror has declared, to be said or changed."""
    listed, held = ideas.pitching(here.gathering.id), queries.declarations(me(here).id)
    said = {idea.ref: held[idea.id].reason for idea in listed if idea.id in held and held[idea.id].conflict}
    return declaration_page(DeclarationForm(listed, set(said), said))


@bp.post("/declare")
@requires(Act.JURY_DECLARE, find_gathering)
def declare(here, code):
    """Conflicts with reasons, or none for all; scoring opens."""
    form = DeclarationForm.typed(ideas.pitching(here.gathering.id), request.form)
    if not form.validate():
        return declaration_page(form, 422)
    service.declare(here, me(here), form.ideas, form.conflicts)
    return redirect(url_for(".board", code=here.gathering.code), 303)


@bp.post("/lock")
@requires(Act.JURY_LOCK, find_gathering)
def lock(here, code):
    """No sheet changes any more; the way leads back to the desk."""
    service.lock(here)
    return redirect(f"/e/{here.gathering.code}/desk", 303)


def sheet_page(here: Here, errors: dict[str, str] | None = None, status: int = 200, **typed: Any) -> tuple[str, int]:
    """One idea's sheet, with the juror's own points."""
    criteria, given = queries.rubric(here.gathering.id), queries.points(me(here).id, here.thing.id)
    lines = queries.sheet(here.gathering.id, me(here).id)
    at = next(n for n, line in enumerate(lines) if line["ref"] == here.thing.ref)
    onward = next((line for line in lines[at + 1:] if line["state"] != "recused"), None)
    return render_template(
        "jury/sheet.html", idea=here.thing, criteria=criteria, given=given, line=lines[at], number=at + 1,
        of=len(lines), onward=onward, total=shown_total(criteria, given), errors=errors or {}, typed=typed), status


@bp.get("/<ref>")
@requires(Act.JURY_SEE, find_sheet)
def sheet(here, code, ref):
    """One idea: a tap for each criterion, each saved at once. Before the declaration the way leads there."""
    if not here.seat.declared:
        return redirect(url_for(".declaration", code=here.gathering.code))
    return sheet_page(here)


@bp.post("/<ref>/score")
@requires(Act.JURY_SCORE, find_sheet)
def score(here, code, ref):
    """One criterion's points."""
    criterion = criterion_of(here, request.form.get("criterion", ""))
    try:
        if criterion is None:
            raise service.OffScale("off_scale")
        service.score(here, me(here), here.thing, criterion, request.form.get("points", type=int))
    except service.OffScale as error:
        return sheet_page(here, {criterion.ref if criterion else "": sentence(error.code)}, error.status)
    return redirect(url_for(".sheet", code=here.gathering.code, ref=ref), 303)


@bp.post("/<ref>/declare")
@requires(Act.JURY_DECLARE, find_sheet)
def recuse(here, code, ref):
    """A conflict that was found later: the juror's own points for the idea are void. Or none, for a new idea."""
    form = DeclarationForm.typed([here.thing], request.form)
    if not form.validate():
        problem = {"conflict": next(iter(form.errors.values()))}
        return sheet_page(here, problem, 422, reason=form.reasons[here.thing.ref])
    service.declare(here, me(here), form.ideas, form.conflicts)
    return redirect(url_for(".board", code=here.gathering.code), 303)
