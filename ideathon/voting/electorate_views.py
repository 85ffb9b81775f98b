"""Doors of the list of names, the one-time links and the tick about plain http."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext

from ideathon.core.acts import Act
from ideathon.errors import Refused
from ideathon.gatherings.doors import Here, find_gathering
from ideathon.people import voter_lines, voter_names
from ideathon.web import address
from ideathon.web.cells import sheet
from ideathon.web.guard import afterwards, requires
from ideathon.web.words import sentence

from . import electorate as verbs, electorate_queries as reading, honesty, queries, sealing, sheet_words, sheets
from .electorate_forms import GIVEN, LinksForm, ListForm, SearchForm, TickForm
from .slip_views import printed

bp = Blueprint("voting_electorate", __name__, url_prefix="/e/<code>")
LIST_BYTES = 1 << 20        # five thousand lines
TICK_TOLD = frozenset({"already_given", "link_given", "no_such_name"})


@bp.url_value_preprocessor
def _room_for_a_list(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form: a list of names is longer than what any other form holds."""
    if endpoint == f"{bp.name}.add_names":
        request.max_content_length = request.max_form_memory_size = LIST_BYTES


def _page(here: Here, status: int = 200, *, q: str = "", problem: str = "", names: ListForm | None = None,
          ticked: int = 0) -> tuple[str, int]:
    found, n = voter_names.find(here.gathering.id, q)
    return render_template("voting/voters.html", found=found, n=n, q=q, problem=problem, ticked=ticked, given=GIVEN,
                           names=names or ListForm(formdata=None), most=voter_lines.MOST,
                           **reading.desk(here.gathering.id)), status


@bp.get("/voters")
@requires(Act.VOTER_SEE, find_gathering)
def voters(here, code):
    """The list's figures and the field to search it."""
    return _page(here)


@bp.post("/voters/find")
@requires(Act.VOTER_SEE, find_gathering)
def find(here, code):
    """The names with these letters; what was searched for stands in no address and in no log."""
    return _page(here, q=SearchForm().q.data or "")


@bp.post("/voters/tick")
@requires(Act.VOTER_TICK, find_gathering)
def tick(here, code):
    """Something was handed out, or it was a mistake. Answered at once, so that no address or answer names anybody."""
    form = TickForm()
    q, number = form.q.data or "", form.voter.data if form.validate() else 0
    try:
        if form.what.data:
            voter_names.tick(here.gathering.id, number, form.what.data, verbs.by(here))
        else:
            voter_names.untick(here.gathering.id, number, verbs.by(here))
    except Refused as error:
        if error.code not in TICK_TOLD:
            raise
        return _page(here, error.status, q=q, problem=sentence(error.code), ticked=number)
    return _page(here, q=q, ticked=number)


@bp.post("/voters")
@requires(Act.VOTER_LIST, find_gathering)
def add_names(here, code):
    """More names; a line that is none is told by its number, and everything that was typed stays."""
    form = ListForm()
    if not form.take(request.files.get("file")):
        return _page(here, 422, names=form)
    lines, bad = voter_lines.read(form.names.data, reading.called(queries.round_of(here.gathering.id)))
    form.tell(bad, empty=not lines)
    if form.names.errors:
        return _page(here, 422, names=form)
    made = voter_names.add(here.gathering.id, lines, verbs.by(here))
    flash(ngettext("%(num)s name added.", "%(num)s names added.", made.n))
    for told in form.left_out(made):
        flash(told)
    return redirect(url_for(".voters", code=here.gathering.code), 303)


@bp.post("/voters/delete")
@requires(Act.VOTER_LIST, find_gathering)
def delete(here, code):
    """The whole list is gone, also from the disk."""
    verbs.forget_list(here)
    afterwards(sealing.clear_names)
    flash(_("The list of names is deleted."))
    return redirect(url_for(".voters", code=here.gathering.code), 303)


def _links_page(here: Here, form: LinksForm | None = None, status: int = 200) -> tuple[str, int]:
    vote = queries.round_of(here.gathering.id)
    return render_template("voting/links.html", form=form or links_form(here, formdata=None, n=10), vote=vote,
                           made=reading.links_told(vote), waiting=voter_names.waiting(here.gathering.id),
                           by_link=honesty.BY_LINK), status


def links_form(here: Here, **given: Any) -> LinksForm:
    """The form, with the vote's classes."""
    form = LinksForm(**given)
    form.offer(reading.labels(queries.round_of(here.gathering.id)))
    return form


@bp.get("/links")
@requires(Act.VOTER_INVITE, find_gathering)
def links(here, code):
    """How many links there are, and how many more can be made."""
    return _links_page(here)


@bp.post("/links")
@requires(Act.VOTER_INVITE, find_gathering)
def make_links(here, code):
    """Fresh links, this once: as a table for a mail merge, or as letters to print."""
    form, for_names = links_form(here), "names" in request.form
    if for_names:
        del form.n
    if not form.validate():
        return _links_page(here, form, 422)
    made = verbs.make_links(here, None if for_names else form.n.data, "" if for_names else form.chosen)
    base, name = address.base(), f"{here.gathering.code}-links"
    if form.kind.data == "csv":
        return _table(f"{name}.csv", made, base)
    words = sheet_words.letter_words(queries.round_of(here.gathering.id), here.gathering, base)
    every = sheet_words.letters([(one.token, one.to) for one in made], base)
    return printed(f"{name}.pdf", lambda: sheets.letters(words, every))


def _table(name: str, made: list[verbs.Letter], base: str) -> Response:
    rows = [[_("Name"), _("Address"), _("Link")]]
    rows += [[one.to.name, one.to.address, f"{base}/b/link#{one.token}"] for one in made]
    return Response(sheet(rows), mimetype="text/csv",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.post("/links/withdraw")
@requires(Act.VOTER_INVITE, find_gathering)
def withdraw(here, code):
    """No link that was made works any more; only before the first was used."""
    verbs.withdraw_links(here)
    flash(_("The links are withdrawn. None of them works any more."))
    return redirect(url_for(".links", code=here.gathering.code), 303)


@bp.get("/vote/warning")
@requires(Act.PLAIN_ALLOW, find_gathering)
def warning(here, code):
    """What plain http means, and the tick."""
    return render_template("voting/warning.html", lacks=reading.lacks_plain(here.gathering.id),
                           plain=address.is_plain())


@bp.post("/vote/warning")
@requires(Act.PLAIN_ALLOW, find_gathering)
def allow(here, code):
    """The host knows; it stands on the board when the vote opens."""
    verbs.allow_plain(here, "known" in request.form)
    flash(_("Noted. It will stand on the public board.") if "known" in request.form else _("Noted."))
    return redirect(url_for("stage.desk" if "known" in request.form else ".warning", code=here.gathering.code), 303)
