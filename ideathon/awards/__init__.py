"""The funding decision, the award and its milestones."""

from __future__ import annotations

from flask import Flask

from ideathon.gatherings import doors

from . import queries, views


def init_app(app: Flask) -> None:
    """Bind the room; every seat knows whether a decision is recorded."""
    app.register_blueprint(views.bp)
    doors.contributes(queries.seat_facts)
