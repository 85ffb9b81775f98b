"""Live talk under an idea: questions, comments and mentors' advice."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind the room."""
