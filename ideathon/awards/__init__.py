"""The funding decision, the award and its milestones."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind the room."""
