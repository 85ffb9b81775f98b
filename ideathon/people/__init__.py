"""Persons, the roles they hold in a scope, sign-in and personal links: the only room with personal data."""

from __future__ import annotations

from flask import Flask

from . import sessions, views


def init_app(app: Flask) -> None:
    """Bind the room."""
    sessions.init_app(app)
    app.register_blueprint(views.bp)
