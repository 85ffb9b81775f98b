"""Programme, project, partners, territories and budget lines: whose money it is."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind the room."""
