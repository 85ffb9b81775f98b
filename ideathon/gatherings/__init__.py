"""An event and its running order of stages; who has joined it, and what seat they hold."""

from __future__ import annotations

from flask import Flask

from . import views


def init_app(app: Flask) -> None:
    """Bind the room."""
    app.register_blueprint(views.bp)
