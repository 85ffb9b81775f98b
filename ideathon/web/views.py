"""Doors that belong to no room: language, health."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, request
from sqlalchemy import text

from ideathon.core.acts import Act
from ideathon.extensions import db

from . import language
from .guard import requires
from .pages import safe_next

bp = Blueprint("web", __name__)


@bp.post("/language")
@requires(Act.PUBLIC_SEE)               # nothing is written but the cookie: twice is as good as once
def choose_language(_here):
    """The reader's language is kept by the browser; the way leads back."""
    return language.keep(redirect(safe_next(request.form.get("next")), 303), request.form.get("lang"))


@bp.get("/healthz")
@requires(Act.PUBLIC_SEE)
def health(_here):
    """Whether the database answers."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True, database=db.engine.dialect.name)
