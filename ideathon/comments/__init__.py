"""Live talk under an idea: questions, comments and mentors' advice."""

from __future__ import annotations

from flask import Flask

from . import views


def init_app(app: Flask) -> None:
    """Bind the room; an idea's page, of the room below, asks it for the talk."""
    app.register_blueprint(views.bp)
    app.context_processor(lambda: {"talk": views.talk})
