"""Rounds, slips, ballots, paper and the public board."""

from __future__ import annotations

from flask import Flask

from ideathon.gatherings.doors import contributes

from . import board_views, codes, complaint_views, desk_views, paper_models, queries, views  # noqa: F401  # models: the tables are there before their verbs


def init_app(app: Flask) -> None:
    """Bind the room; every seat knows whether the round is open."""
    app.register_blueprint(views.bp)
    app.register_blueprint(desk_views.bp)
    app.register_blueprint(board_views.bp)
    app.register_blueprint(complaint_views.bp)
    app.jinja_env.filters["mark"] = codes.spaced
    contributes(queries.facts)
