"""Ideathon: a village holds an ideathon and decides together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(**settings: Any) -> Flask:
    """The whole program as a WSGI application; imported late, so that ideathon.core needs no Flask."""
    from ideathon.app import build

    return build(**settings)
