"""Doors that belong to no room: language, health."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, request, session
from sqlalchemy import text

from ideathon.config import LANGUAGES
from ideathon.core.acts import Act
from ideathon.extensions import db

from .guard import requires
from .pages import safe_next

bp = Blueprint("web", __name__)


@bp.post("/language")
@requires(Act.PUBLIC_SEE)               # nothing is written but the cookie: twice is as good as once
def choose_language(_here):
    """The reader's language is kept in the session; the way leads back."""
    if request.form.get("lang") in LANGUAGES:
        session["lang"] = request.form["lang"]
    return redirect(safe_next(request.form.get("next")), 303)


@bp.get("/healthz")
@requires(Act.PUBLIC_SEE)
def health(_here):
    """Whether the database answers."""
    db.session.execute(text("SELECT 1"))
    return jsonify(ok=True, database=db.engine.dialect.name)
