"""A whole house for a test: the real program on its own fresh database, a day in it, and people at its doors."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select

from ideathon import create_app
from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.extensions import db, writing
from ideathon.gatherings.doors import here_for
from ideathon.gatherings.models import Gathering, Stage
from ideathon.ideas.models import CostLine, Idea
from ideathon.jury.models import Criterion
from ideathon.mapping.models import Challenge, ChallengeLink, MapItem
from ideathon.people import passwords, service as people, sessions
from ideathon.people.models import Grant, LoginSession, Person
from ideathon.programmes.models import BudgetLine, Organisation, Partner, Programme, Project, Territory
from ideathon.results.models import Formula
from ideathon.stage import service as stage_service
from ideathon.voting.models import Round

PASSWORD = "a long sentence for tests"  # of nobody
KINDS = (
    "registration",
    "intro",
    "mapping",
    "ideas",
    "teams",
    "break",
    "work",
    "pitch",
    "vote",
    "count",
    "result",
    "close",
)
WEIGHTS = (25, 20, 25, 15, 15)
SECTORS = ("civil_society", "public", "private", "private", "civil_society")


class Client:
    """A browser without JavaScript: keeps cookies, fills in the two hidden keys of every form."""

    def __init__(self, house: House, lang: str = "en") -> None:
        self.house = house
        self.http: FlaskClient = house.app.test_client()
        self.page: Any = None
        with self.http.session_transaction() as session:
            session["lang"] = lang

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

    @contextmanager
    def inside(self) -> Iterator[Any]:
        """An application context whose writes are committed at its end."""
        with self.app.test_request_context(), writing():
            yield db.session
            db.session.commit()

    def day(self, stage: str | None = "ideas", *, ideas: int = 3, jurors: int = 5, envelope: int = 600_000) -> int:
        """The Engure day in small, with its running stage; gives the gathering's id."""
        with self.inside() as session:
            gathering = _gathering(_project(), envelope)
            session.flush()
            challenge = _challenge(gathering)
            for number in range(1, ideas + 1):
                session.add(_idea(gathering, challenge, number))
            _rules(gathering)
            self._staff(gathering, jurors)
            session.flush()
            found = gathering.id
        self.move_to(stage)
        return found

    def _staff(self, gathering: Gathering, jurors: int) -> None:
        moment = now()
        for name, role, scope, scope_id in (
            ("Host", Role.HOST, "gathering", gathering.id),
            ("Manager", Role.MANAGER, "project", gathering.project_id),
            ("Admin", Role.ADMIN, "system", 0),
        ):
            person = people.new_person(name, "en", moment)
            person.sign_in_name = name.lower()
            person.password_hash = HASH
            people.grant(person, role, scope, scope_id, moment)
        for number in range(1, jurors + 1):
            person = people.new_person(f"Juror {number}", "en", moment)
            people.grant(
                person,
                Role.JUROR,
                "gathering",
                gathering.id,
                moment,
                sector=SECTORS[(number - 1) % 5],
                country="LV",
                label={"lv": f"{number}. žūrijas loceklis", "en": f"Juror {number}"},
            )
        person = people.new_person("Mentor 1", "en", moment)
        people.grant(
            person,
            Role.MENTOR,
            "gathering",
            gathering.id,
            moment,
            label={"lv": "Mentors: pārtika", "en": "Mentor: food"},
            country="IS",
        )

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


def _project() -> Project:
    programme = Programme(
        fund="EMFF",
        name={"lv": "Zivsaimniecības fonds", "en": "Fisheries Fund"},
        measure={"lv": "Sadarbība", "en": "Cooperation"},
        sentence={"lv": "Projektu finansē fonds.", "en": "The project is paid for by the fund."},
    )
    project = Project(
        programme=programme,
        number="19-00-F043.0443-000001",
        title={"lv": "Viedie ciemi", "en": "Smart villages"},
        short_title={"lv": "Viedie ciemi", "en": "Smart villages"},
        starts_on=date(2019, 8, 29),
        ends_on=date(2020, 12, 12),
        total_cents=5_000_000,
        fund_cents=5_000_000,
    )
    project.budget_lines = [BudgetLine(label={"lv": "Viss", "en": "All"}, amount_cents=5_000_000)]
    return project


def _gathering(project: Project, envelope: int) -> Gathering:
    organisation = Organisation(name="Partnerība", kind="LAG", country="LV")
    partner = Partner(project=project, organisation=organisation, role="lead")
    territory = Territory(partner=partner, name={"lv": "Engures apkaime", "en": "Engure"}, country="LV")
    gathering = Gathering(
        code="ENGURE",
        project=project,
        territory=territory,
        title={"lv": "Engures ideatons", "en": "Engure ideathon"},
        place={"lv": "Tautas nams", "en": "Community hall"},
        held_on=date(2020, 2, 22),
        envelope_cents=envelope,
        screen_key=uuid.uuid4().hex,
    )
    gathering.stages = [
        Stage(position=n, kind=kind, title={"lv": f"Posms {kind}", "en": f"Stage {kind}"}, minutes=30)
        for n, kind in enumerate(KINDS, 1)
    ]
    db.session.add_all([project, organisation, partner, territory, gathering])
    return gathering


def _challenge(gathering: Gathering) -> Challenge:
    need = MapItem(
        gathering_id=gathering.id,
        ref="N1",
        kind="need",
        theme="economy",
        created_at=now(),
        text={"lv": "Nav kur pārdot zivis.", "en": "There is nowhere to sell fish."},
    )
    skill = MapItem(gathering_id=gathering.id, ref="S1", kind="skill", created_at=now(), text={"en": "Smoking fish"})
    db.session.add_all([need, skill])
    db.session.flush()
    challenge = Challenge(
        gathering_id=gathering.id,
        ref="C1",
        created_at=now(),
        text={"lv": "Kā pārdot visu gadu?", "en": "How to sell all year?"},
        links=[ChallengeLink(item_id=need.id), ChallengeLink(item_id=skill.id)],
    )
    db.session.add(challenge)
    db.session.flush()
    return challenge


def _idea(gathering: Gathering, challenge: Challenge, number: int) -> Idea:
    return Idea(
        gathering_id=gathering.id,
        challenge_id=challenge.id,
        ref=f"I{number:02}",
        pitch_order=number,
        title={"lv": f"Ideja {number}", "en": f"Idea {number}"},
        created_at=now(),
        summary={"lv": "Īss apraksts par ideju.", "en": "A short description of the idea."},
        costs=[CostLine(position=1, label={"en": "Equipment"}, amount_cents=100_000 * number)],
    )


def _rules(gathering: Gathering) -> None:
    for position, weight in enumerate(WEIGHTS, 1):
        db.session.add(
            Criterion(
                gathering_id=gathering.id,
                ref=f"K{position}",
                position=position,
                weight=weight,
                label={"lv": f"Kritērijs {position}", "en": f"Criterion {position}"},
                eliminatory=position == 1,
            )
        )
    db.session.add(Round(gathering_id=gathering.id))
    db.session.add(
        Formula(gathering_id=gathering.id, tie_order=["jury", "first_criterion", "votes", "lot"], lot_seed="seed")
    )


HASH = passwords.hash_password(PASSWORD)


class Builder:
    """Makes fresh databases from one template per kind, and the program on each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates: dict[str, str] = {}

    def _schema(self, url: str) -> None:
        app = create_app(database=url)
        with app.app_context():
            if any(Path(app.config["MIGRATIONS"]).glob("versions/*.py")):
                flask_migrate.upgrade()
            else:
                db.create_all()
            db.engine.dispose()

    @contextmanager
    def sqlite(self) -> Iterator[str]:
        """A fresh SQLite file with the schema."""
        if "sqlite" not in self.templates:
            path = self.folder / "template.db"
            self._schema(str(path))
            with contextless(path) as raw:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.templates["sqlite"] = str(path)
        path = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self.templates["sqlite"], path)
        yield str(path)
        for left in self.folder.glob(f"{path.name}*"):
            left.unlink(missing_ok=True)

    @contextmanager
    def postgres(self, server: str) -> Iterator[str]:
        """A fresh PostgreSQL database with the schema."""
        if "postgres" not in self.templates:
            self.templates["postgres"] = _create(server, "house_template_" + uuid.uuid4().hex[:8])
            self._schema(self.templates["postgres"])
        template = self.templates["postgres"].rsplit("/", 1)[1]
        url = _create(server, "house_" + uuid.uuid4().hex[:10], f"TEMPLATE {template}")
        yield url
        _run(server, f'DROP DATABASE "{url.rsplit("/", 1)[1]}" WITH (FORCE)')


@contextmanager
def contextless(path: Path) -> Iterator[Any]:
    """A bare SQLite connection."""
    raw = sqlite3.connect(path)
    yield raw
    raw.close()


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def _create(server: str, name: str, how: str = "") -> str:
    _run(server, f'CREATE DATABASE "{name}" {how}')
    return server.rsplit("/", 1)[0] + "/" + name


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


@contextmanager
def house_on(url: str) -> Iterator[House]:
    """The program on a database; its connections are given back at the end."""
    app = create_app(database=url, TESTING=True, WTF_CSRF_SSL_STRICT=False)
    app.jinja_env.bytecode_cache = COMPILED
    yield House(app, url)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
