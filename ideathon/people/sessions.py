"""Signed-in browsers: the row in the database is the session, so that ending it ends it everywhere."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import Flask, Response, after_this_request, g, has_request_context, session
from flask_login import login_user, logout_user
from sqlalchemy import delete

from ideathon.clock import now
from ideathon.extensions import db, login
from ideathon.live.wire import disconnect_where

from .models import LoginSession, Person

LIFE = timedelta(hours=12)


def hash_of(secret: str) -> str:
    """What the database keeps of a token of 128 bits or more."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Reader:
    """Flask-Login's user: one signed-in browser and the person behind it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, person: Person) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        """The session's token, not the person's number: signing out makes it worthless."""
        return self.token


def find_reader(token: str) -> Reader | None:
    """The reader of a live session, or None."""
    row = db.session.get(LoginSession, hash_of(token))
    if row is None or row.created_at < now() - LIFE:
        return None
    return Reader(token, row.person)


def sign_in(person: Person) -> None:
    """This browser now acts for the person; whoever it acted for before is out. In the caller's transaction."""
    _forget()
    token = secrets.token_urlsafe(24)
    db.session.flush()
    db.session.add(LoginSession(token_hash=hash_of(token), person_id=person.id, created_at=now()))
    db.session.flush()
    device = session.get("device")
    login_user(Reader(token, person))
    session.permanent = True
    if device:
        session["device"] = device
    g.signed_in = person.id


def sign_out() -> None:
    """The session's row is gone; a copied cookie opens nothing any more."""
    token = session.get("_user_id")
    _forget()
    logout_user()
    if token:
        _after_commit("session", hash_of(str(token)))


def person_of(token_hash: str) -> Person | None:
    """The person of a live session, by what the database keeps of its token; for sockets."""
    row = db.session.get(LoginSession, token_hash)
    return None if row is None or row.created_at < now() - LIFE else row.person


def end_all(person_id: int) -> None:
    """Every browser of the person is signed out; after the commit its sockets are cut, too."""
    db.session.execute(delete(LoginSession).where(LoginSession.person_id == person_id))
    _after_commit("person", person_id)


def _after_commit(name: str, value: object) -> None:
    """Whoever holds such a socket is dropped once the answer leaves; outside of a request there is nobody to drop."""
    if has_request_context():
        @after_this_request
        def cut(response: Response) -> Response:
            disconnect_where(name, value)
            return response


def _forget() -> None:
    if token := session.get("_user_id"):
        db.session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_of(str(token))))


def _again(person_id: int) -> None:
    if person := db.session.get(Person, person_id):
        sign_in(person)


def init_app(app: Flask) -> None:
    """Bind Flask-Login to the rows."""
    login.session_protection = None         # phones change their address between Wi-Fi and mobile data
    login.user_loader(find_reader)
    app.extensions["sign_in_again"] = _again
