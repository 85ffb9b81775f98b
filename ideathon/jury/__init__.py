"""Rubric, declarations of interest, score sheets."""

from __future__ import annotations

from flask import Flask

from ideathon.gatherings.doors import contributes

from . import queries, views


def init_app(app: Flask) -> None:
    """Bind the room; every seat knows whether the sheets are locked."""
    app.register_blueprint(views.bp)
    contributes(queries.facts)
