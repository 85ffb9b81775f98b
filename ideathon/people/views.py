"""Doors of people: the first page, sign-in, personal links."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request
from flask_babel import gettext as _

from ideathon.clock import now
from ideathon.core.acts import Act
from ideathon.extensions import db
from ideathon.web.guard import requires
from ideathon.web.pages import safe_next

from . import passwords, service, sessions
from .forms import SignInForm

bp = Blueprint("people", __name__)


@bp.get("/sign-in")
@requires(Act.SESSION_OPEN)
def sign_in_page(_here):
    """The form for staff."""
    return render_template("people/sign_in.html", form=SignInForm(), next=safe_next(request.args.get("next")))


@bp.post("/sign-in")
@requires(Act.SESSION_OPEN)
def sign_in(_here):
    """Name and password open a session; a wrong pair is counted and says nothing about which was wrong."""
    form = SignInForm()
    if not form.validate():
        return render_template("people/sign_in.html", form=form, next=safe_next(request.form.get("next"))), 422
    name, moment = form.name.data.casefold(), now()
    passwords.check_throttle(name, request.remote_addr or "", moment, current_app.config["LOGIN_TRIES_PER_MINUTE"])
    person = service.staff_named(name)
    if not passwords.fits(form.password.data, person.password_hash if person else None):
        return _wrong(form, name, moment)
    sessions.sign_in(person)
    return redirect(current_app.extensions["after_sign_in"](person, safe_next(request.form.get("next"))), 303)


def _wrong(form, name, moment):
    db.session.rollback()
    passwords.note_failure(name, request.remote_addr or "", moment)
    db.session.commit()
    form.password.errors = [_("The name or the password is not right.")]
    return render_template("people/sign_in.html", form=form, next=safe_next(request.form.get("next"))), 422


@bp.post("/sign-out")
@requires(Act.SESSION_OPEN)
def sign_out(_here):
    """The session is gone."""
    sessions.sign_out()
    return redirect("/", 303)


@bp.get("/i/<secret>")
@requires(Act.LINK_USE)
def link_page(_here, secret):
    """A personal link shows for whom it is; a mail scanner that opens it signs nobody in."""
    return render_template("people/link.html", holder=service.holder_of(secret), secret=secret)


@bp.post("/i/<secret>")
@requires(Act.LINK_USE)
def use_link(_here, secret):
    """The browser acts for the holder of the link."""
    holder = service.holder_of(secret)
    sessions.sign_in(holder.person)
    return redirect(current_app.extensions["after_link"](holder), 303)
