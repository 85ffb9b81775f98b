"""Doors of programmes: the public list of projects, one project, the office's page."""

from __future__ import annotations

from flask import Blueprint, render_template

from ideathon.core.acts import Act
from ideathon.web.guard import requires

from . import queries
from .doors import events_of, find_office

bp = Blueprint("programmes", __name__)


@bp.get("/projects")
@requires(Act.PUBLIC_SEE)
def index(_here):
    """Every project, newest first."""
    found = queries.projects()
    return render_template("programmes/index.html", projects=found, project=queries.only_facts(found))


@bp.get("/projects/<path:number>")
@requires(Act.PUBLIC_SEE)
def show(_here, number):
    """One project: aim, partners, dates, money to the cent, events, the fund's sentence."""
    found = queries.project(number)
    return render_template(
        "programmes/show.html", found=found, project=queries.facts(found), figures=queries.figures(found),
        countries=queries.countries(found), events=events_of([found]))


@bp.get("/manage")
@requires(Act.PROJECT_SEE, find_office)
def manage(here):
    """The office's projects and events, with the ways to desk, award, slips and record."""
    return render_template(
        "programmes/manage.html", projects=here.projects, events=events_of(here.projects),
        figures={one.id: queries.figures(one) for one in here.projects}, project=queries.only_facts(here.projects))
