"""What the hall sees and the hand that moves it: snapshot, projector, host's desk."""

from __future__ import annotations

from flask import Flask

from . import admission, snapshot, views


def init_app(app: Flask) -> None:
    """Bind the room; the pulse must be bound before it."""
    app.register_blueprint(views.bp)
    app.context_processor(admission.live_context)
    snapshot.init_app(app)
