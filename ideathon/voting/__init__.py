"""Rounds, slips, ballots, paper and the public board."""

from __future__ import annotations

from flask import Flask

from ideathon.gatherings.doors import contributes
from ideathon.web import nameless

from . import (
    board_views,
    codes,
    complaint_views,
    desk_views,
    electorate_views,
    link_views,
    paper_count_views,  # noqa: F401  # more doors of paper_views
    paper_views,
    paper_words,
    queries,
    rule_views,
    slip_views,
    views,
)


def init_app(app: Flask) -> None:
    """Bind the room; every seat knows whether the round is open."""
    app.register_blueprint(views.bp)
    app.register_blueprint(desk_views.bp)
    app.register_blueprint(paper_views.bp)
    app.register_blueprint(board_views.bp)
    app.register_blueprint(complaint_views.bp)
    app.register_blueprint(rule_views.bp)
    app.register_blueprint(slip_views.bp)
    app.register_blueprint(electorate_views.bp)
    app.register_blueprint(link_views.bp)
    nameless.add(app, "/b", views.bp, link_views.bp)
    app.jinja_env.filters["mark"] = codes.spaced
    app.jinja_env.globals["recheck_words"] = paper_words.draw_outcome
    contributes(queries.facts)
