"""What the hall sees and the hand that moves it: snapshot, projector, host's desk."""

from __future__ import annotations

from flask import Flask

from . import admission, desk_views, screen_views, snapshot, views, ways

DOORS = (views, screen_views, desk_views)       # each hangs its doors on the one blueprint when it is imported


def init_app(app: Flask) -> None:
    """Bind the room; the pulse must be bound before it."""
    app.register_blueprint(views.bp)
    app.context_processor(admission.live_context)
    ways.init_app(app)
    snapshot.init_app(app)
