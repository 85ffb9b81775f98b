"""Ideas that answer a challenge, their costs, supporters and teams."""

from __future__ import annotations

from flask import Flask

from . import views


def init_app(app: Flask) -> None:
    """Bind the room."""
    app.register_blueprint(views.bp)
