"""The public register, the record of the day and printed pages."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind the room."""
