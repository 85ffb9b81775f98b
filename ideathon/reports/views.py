"""Doors of reports: events, the winner's public page, the record of the day and its download."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from ideathon.awards import queries as awards, words as award_words
from ideathon.core.acts import Act
from ideathon.errors import NotFound
from ideathon.gatherings.doors import find_gathering
from ideathon.programmes import queries as programmes
from ideathon.results import queries as results
from ideathon.web.guard import requires

from . import queries, words

bp = Blueprint("reports", __name__)


@bp.get("/events")
@requires(Act.PUBLIC_SEE)
def events(_here):
    """Every event, newest first."""
    found = queries.events()
    projects = queries.projects_of(found)
    return render_template("reports/events.html", events=found, projects={one.id: one for one in projects},
                           project=programmes.only_facts(projects))


@bp.get("/e/<code>/winner")
@requires(Act.RESULT_SEE, find_gathering)
def winner(here, code):
    """From need to money: how the place came to this solution, and what becomes of it. Public after the reveal."""
    gathering = here.gathering
    idea, made, row = queries.winner(gathering), awards.decision(gathering.id), results.sealed(gathering.id)
    return render_template(
        "reports/winner.html", idea=idea, thread=queries.thread(gathering, idea) if idea else None, decision=made,
        money=queries.money(gathering, made), sealed=row, figures=row.outcome["figures"], states=award_words,
        places=results.shown(gathering.id), criteria=results.criteria_words(gathering.id))


@bp.get("/e/<code>/ledger")
@requires(Act.LEDGER_SEE, find_gathering)
def ledger(here, code):
    """The record of the day, page by page, and whether its chain holds."""
    of = queries.pages(here.gathering.id)
    asked = request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    if not 1 <= page <= of:
        raise NotFound("not_found")
    return render_template("reports/ledger.html", entries=queries.record(here.gathering.id, page), page=page, of=of,
                           chain=queries.chain(here.gathering.id), words=words, zone=here.gathering.zone)


@bp.get("/e/<code>/ledger.csv")
@requires(Act.LEDGER_SEE, find_gathering)
def ledger_file(here, code):
    """The whole record as a file for a spreadsheet."""
    text = words.download(queries.record(here.gathering.id), here.gathering.zone)
    return Response(text.encode(), mimetype="text/csv",
                    headers={"Content-Disposition": f'attachment; filename="{here.gathering.code}-record.csv"'})
