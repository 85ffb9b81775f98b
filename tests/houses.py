"""A whole house for a test: the real program on its own fresh database, a day in it, and people at its doors."""

from __future__ import annotations

import copy
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine, select
from sqlalchemy.pool import QueuePool
from werkzeug.routing import Map

from ideathon import app as program, create_app
from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.extensions import db, writing
from ideathon.gatherings.doors import here_for
from ideathon.gatherings.models import Gathering
from ideathon.people import service as people, sessions
from ideathon.people.models import Grant, LoginSession, Person
from ideathon.stage import service as stage_service
from tests import builders, days
from tests.builders import KINDS, PASSWORD
from tests.databases import Builder

__all__ = ["KINDS", "PASSWORD", "Builder", "Client", "House", "house_on"]


class Client:
    """A browser without JavaScript: keeps cookies, fills in the two hidden keys of every form."""

    def __init__(self, house: House, lang: str = "en") -> None:
        self.house = house
        house.untouched = False
        self.http: FlaskClient = house.app.test_client()
        self.page: Any = None
        self.http.set_cookie("lang", lang)

    def get(self, path: str, **kwargs: Any) -> Any:
        """Open an address."""
        self.page = self.http.get(path, **kwargs)
        return self.page

    def post(self, path: str, *, key: str | None = None, follow: bool = False, **fields: Any) -> Any:
        """Send a form with a CSRF token and a fresh (or the given) idempotency key."""
        data = {"csrf_token": self._token(), "key": key or uuid.uuid4().hex, **fields}
        self.page = self.http.post(path, data=data, follow_redirects=follow)
        return self.page

    def _token(self) -> str:
        with self.http.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.house.app.secret_key, salt="wtf-csrf-token").dumps(raw))

    def text(self) -> str:
        """The last answer as text."""
        return str(self.page.text)

    def sign_in_as(self, person_id: int) -> Client:
        """This browser acts for a person, as after a real sign-in."""
        token = secrets.token_urlsafe(24)
        with self.house.app.test_request_context(), writing():
            db.session.add(LoginSession(token_hash=sessions.hash_of(token), person_id=person_id, created_at=now()))
            db.session.commit()
        with self.http.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self


class House:
    """The program, its database, and short ways to the people in it."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app = app
        self.url = url
        self.code = "ENGURE"
        self.untouched = True   # nothing was written, and nobody has come

    @contextmanager
    def inside(self) -> Iterator[Any]:
        """An application context whose writes are committed at its end."""
        self.untouched = False
        with self.app.test_request_context(), writing():
            yield db.session
            db.session.commit()

    def day(self, stage: str | None = "ideas", *, ideas: int = 3, jurors: int = 5, envelope: int = 600_000) -> int:
        """The Engure day in small, with its running stage; gives the gathering's id."""
        found: int = self.as_before(("day", stage, ideas, jurors, envelope),
                                    lambda: self._set_up(stage, ideas, jurors, envelope))
        return found

    def as_before(self, what: object, set_up: Callable[[], Any]) -> Any:
        """Set up a fresh house, or lay the same that was set up a moment ago; ``what`` names it and all it is made of.

        A house in which something was done already is set up in any case.
        """
        if not self.untouched:
            return set_up()
        with self.app.app_context():
            engine = db.engine
        found = days.as_before(engine, what, set_up)
        self.untouched = False
        return found

    def _set_up(self, stage: str | None, ideas: int, jurors: int, envelope: int) -> int:
        with self.inside() as session:
            gathering = builders.gathering(builders.project(), envelope)
            session.flush()
            challenge = builders.challenge(gathering)
            for number in range(1, ideas + 1):
                session.add(builders.idea(gathering, challenge, number))
            builders.rules(gathering)
            builders.staff(gathering, jurors)
            session.flush()
            found = gathering.id
        self.move_to(stage)
        return found

    def gathering(self) -> Gathering:
        """The gathering, inside `inside()`."""
        return db.session.scalars(select(Gathering).where(Gathering.code == self.code)).one()

    def move_to(self, kind: str | None) -> None:
        """The day stands at the first stage of this kind; earlier ones were run through (no HTTP)."""
        if kind is None:
            return
        with self.inside():
            host = self.person("host")
            for _ in KINDS:
                gathering = self.gathering()
                if gathering.current_stage and gathering.current_stage.kind == kind:
                    return
                seen = gathering.current_stage.ref if gathering.current_stage else ""
                stage_service.advance(here_for(gathering, host), seen)
                db.session.flush()
        raise AssertionError(f"no stage of kind {kind}")

    def person(self, name: str) -> Person:
        """Staff by sign-in name, or anybody by display name; inside `inside()`."""
        query = select(Person).where((Person.sign_in_name == name) | (Person.display_name == name))
        return db.session.scalars(query).one()

    def _as(self, name: str, lang: str) -> Client:
        with self.inside():
            found = self.person(name).id
        return Client(self, lang).sign_in_as(found)

    def visitor(self, lang: str = "en") -> Client:
        """A browser that has joined nothing."""
        return Client(self, lang)

    def phone(self, name: str = "Resident", lang: str = "en") -> Client:
        """A resident who joined through the door."""
        client = Client(self, lang)
        answer = client.post(f"/j/{self.code}", name=name, notice="y")
        assert answer.status_code == 303, answer.text
        return client

    def host(self, lang: str = "en") -> Client:
        """The host's browser."""
        return self._as("host", lang)

    def manager(self, lang: str = "en") -> Client:
        """The project manager's browser."""
        return self._as("manager", lang)

    def admin(self, lang: str = "en") -> Client:
        """The administrator's browser."""
        return self._as("admin", lang)

    def juror(self, number: int = 1, lang: str = "en") -> Client:
        """A juror's browser."""
        return self._as(f"Juror {number}", lang)

    def mentor(self, number: int = 1, lang: str = "en") -> Client:
        """A mentor's browser."""
        return self._as(f"Mentor {number}", lang)

    def helper(self, number: int = 1, lang: str = "en") -> Client:
        """The browser of a helper at the desk, let in as the first time she is asked for."""
        with self.inside():
            known = db.session.scalar(select(Person.id).where(Person.display_name == f"Helper {number}"))
            if known is None:
                people.add_helper(self.gathering().id, f"Helper {number}", self.person("host"), now())
        return self._as(f"Helper {number}", lang)

    def grant_id(self, name: str, role: Role) -> int:
        """The number of a person's grant."""
        with self.inside():
            person = self.person(name)
            query = select(Grant.id).where(Grant.person_id == person.id, Grant.role == role)
            return db.session.scalars(query).one()


class Compiled(BytecodeCache):
    """Templates as code, kept for all houses of a test run: each would else compile the same ones again."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code, when this very source was compiled before."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self.kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()
SERVED: list[tuple[str, Any]] = []
SERVE_STATIC = program._serve_static
DIALECTS: dict[str, Dialect] = {}
STATEMENTS: dict[Any, Any] = {}  # SQL as text, by dialect
ROUTES: list[tuple[Map, int]] = []


def _serves_as_before(app: Flask) -> None:
    """The static files that an earlier house had looked through are this one's, too: no test changes them."""
    if not SERVED:
        SERVE_STATIC(app)
        SERVED.append((str(app.static_url_path), app.wsgi_app))
        return
    app.static_url_path, found = SERVED[0]                          # type: ignore[misc]
    app.wsgi_app, inner = copy.copy(found), app.wsgi_app            # type: ignore[method-assign]
    app.wsgi_app.application = inner                                # type: ignore[attr-defined]


@contextmanager
def _leads_as_before() -> Iterator[None]:
    """The ways to all doors were put into code for an earlier house; making them anew is half of a house."""
    if not ROUTES:
        yield
        return
    with (mock.patch.object(Flask, "url_map_class", staticmethod(_known)), mock.patch.object(Map, "add", _is_there)):
        yield


def _known(**_: Any) -> Map:
    return ROUTES[0][0]


def _is_there(_routes: Map, _rule: Any) -> None:
    """It was added for an earlier house."""


def _ways(routes: Map) -> int:
    return sum(1 for _ in routes.iter_rules())


def _speaks_as_before(engine: Engine) -> None:
    """Statements that an earlier house had to put into words serve this one, too."""
    if engine.name not in DIALECTS:
        engine.connect().close()  # at its first connection a dialect asks the server what it can do
        DIALECTS[engine.name] = engine.dialect
    engine.dialect = DIALECTS[engine.name]
    engine.update_execution_options(compiled_cache=STATEMENTS)


def _let_go(engine: Engine) -> None:
    """Every connection is closed; what still works behind an answer (the pulse) gives its own back first."""
    until = time.monotonic() + 10
    while isinstance(engine.pool, QueuePool) and engine.pool.checkedout() and time.monotonic() < until:
        time.sleep(0.01)
    engine.dispose()


@contextmanager
def house_on(url: str) -> Iterator[House]:
    """The program on a database; its connections are given back at the end."""
    with mock.patch.object(program, "_serve_static", _serves_as_before), _leads_as_before():
        app = create_app(database=url, TESTING=True, WTF_CSRF_SSL_STRICT=False)
    ROUTES[:] = ROUTES or [(app.url_map, _ways(app.url_map))]
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        _speaks_as_before(db.engine)
    yield House(app, url)
    if ROUTES and _ways(ROUTES[0][0]) != ROUTES[0][1]:
        ROUTES.clear()          # a test made a door of its own
    with app.app_context():
        db.session.remove()
        _let_go(db.engine)
