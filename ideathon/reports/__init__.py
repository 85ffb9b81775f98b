"""What leaves the house: the winner's public page, the list of events, the record of the day and its download."""

from __future__ import annotations

from flask import Flask

from ideathon.programmes.doors import shows_events

from . import queries, views


def init_app(app: Flask) -> None:
    """Bind the room; the pages of projects show the events."""
    app.register_blueprint(views.bp)
    shows_events(queries.events)
