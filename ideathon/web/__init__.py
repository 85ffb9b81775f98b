"""What every request shares: one commit, the guard, idempotency, headers, error pages, template helpers."""

from __future__ import annotations

from flask import Flask

from . import errors, headers, language, nameless, pages, typed, views


def init_app(app: Flask) -> None:
    """Bind the shared doors, hooks and helpers."""
    typed.init_app(app)             # before anything else asks what was sent
    nameless.init_app(app)
    language.init_app(app)
    pages.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    app.register_blueprint(views.bp)
    nameless.add(app, "/language", views.choose_language)       # pages without a session have its buttons too
