"""Doors of the slips: drawn and printed in one request, classes of residents, a slip made void."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.web import address
from ideathon.web.guard import afterwards, requires
from ideathon.web.words import sentence

from . import codes, electorate as verbs, electorate_queries as reading, queries, service, sheet_words, sheets, steps
from .electorate_forms import CLASSES, LABEL, DrawForm, VoidForm, class_labels
from .models import Round
from .sheets import Words

bp = Blueprint("voting_slips", __name__, url_prefix="/e/<code>")
VOID_TOLD = frozenset({"wrong_slip", "slip_voted", "void_too_late"})


def draw_form(vote: Round, **given: Any) -> DrawForm:
    """The form, with the vote's classes."""
    form = DrawForm(**given)
    form.offer(reading.labels(vote))
    return form


def room(words: Words, *, large: bool) -> int:
    """How many slips stand on an A4; 0 when not even one has room for its ballot."""
    try:
        return sheets.fitting(words, large=large).each
    except Refused:
        return 0


def _page(here: Here, status: int = 200, form: DrawForm | None = None, void: VoidForm | None = None,
          **typed: Any) -> tuple[str, int]:
    vote = queries.round_of(here.gathering.id)
    words = sheet_words.words(vote, here.gathering, address.base())
    return render_template(
        "voting/slips.html", form=form or draw_form(vote, formdata=None, n=24), vote=vote,
        counts=steps.slip_counts(vote), phrase=words.phrase, fits=room(words, large=False),
        fits_large=room(words, large=True),
        ideas=len(words.options), void=void or VoidForm(formdata=None), labels=reading.labels(vote),
        by_class=reading.by_class(vote), classes=CLASSES, label=LABEL, plain=address.is_plain(), base=address.base(),
        **typed), status


@bp.get("/slips")
@requires(Act.SLIP_PRINT, find_gathering)
def slips(here, code):
    """How many slips were drawn, and everything to print and settle about them."""
    return _page(here)


@bp.post("/slips")
@requires(Act.SLIP_PRINT, find_gathering)
def draw(here, code):
    """The new slips, this once: nothing keeps their codes."""
    vote = queries.round_of(here.gathering.id)
    form = draw_form(vote)
    if not form.validate():
        return _page(here, 422, form)
    base, large = address.base(), form.kind.data == "large"
    words = sheet_words.words(vote, here.gathering, base, form.chosen)
    if form.kind.data != "page":
        sheets.fitting(words, large=large)      # refused before anything is drawn
    drawn = service.draw_slips(vote, form.n.data, here, klass=form.chosen)
    if form.kind.data == "page":
        return _to_print(words, drawn, base)
    return printed(f"{here.gathering.code}-slips.pdf",
                   lambda: sheets.slips(words, sheet_words.slips(drawn, base), large=large))


def _to_print(words: Words, drawn: list[str], base: str) -> str:
    sheet = [{"qr": address.qr(f"{base}/b#{one}"), "groups": codes.groups(codes.short(one))} for one in drawn]
    return render_template("voting/sheet.html", slips=sheet, address=words.address, phrase=words.phrase,
                           klass=words.klass)


def printed(name: str, make: Any) -> Response:
    """A PDF to save. It is made after the commit, when nobody waits for a lock of ours, and in memory only."""
    answer = Response(mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
    afterwards(lambda: answer.set_data(make()))
    return answer


@bp.post("/slips/classes")
@requires(Act.CLASS_SET, find_gathering)
def set_classes(here, code):
    """Up to five classes of residents, each with its own totals."""
    labels, fit = class_labels(request.form)
    if not fit:
        problem = _("Each class has a name of its own, of at most %(n)s letters.", n=LABEL)
        return _page(here, 422, problem=problem, typed=request.form)
    verbs.set_classes(here, labels)
    flash(_("Saved."))
    return redirect(url_for(".slips", code=here.gathering.code), 303)


@bp.post("/slips/void")
@requires(Act.SLIP_VOID, find_gathering)
def void(here, code):
    """A slip that was lost or left over votes no more."""
    form = VoidForm()
    try:
        verbs.void_slip(here, form.typed if form.validate() else "")
    except Refused as error:
        if error.code not in VOID_TOLD:
            raise
        form.code.errors = [sentence(error.code)]
        return _page(here, error.status, void=form)
    flash(_("The slip is void. Tear it up."))
    return redirect(url_for(".slips", code=here.gathering.code), 303)
