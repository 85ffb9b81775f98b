"""Jury and residents made one outcome; sealing, reveal, the why-sheet."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind the room."""
