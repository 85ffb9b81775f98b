"""The demo's staff, jurors, mentors and helper: known by their office, let in by links of their own."""

from __future__ import annotations

from datetime import datetime

from ideathon.core.acts import Role
from ideathon.gatherings.models import Gathering
from ideathon.people import passwords, service as people
from ideathon.people.models import Person
from ideathon.types import Text, new_ref

from .data import HELPER, Row, engure
from .links import Links

OFFICES: dict[Role, Text] = {
    Role.HOST: {"lv": "Moderators", "en": "Facilitator"},
    Role.MANAGER: {"lv": "Projekta vadītājs", "en": "Project manager"},
    Role.ADMIN: {"lv": "Sistēmas administrators", "en": "System administrator"},
}


def add_staff(gathering: Gathering, links: Links, now: datetime) -> Person:
    """Everybody holds their role, and the links hold what opens their doors; gives the host."""
    scopes = {Role.HOST: ("gathering", gathering.id), Role.MANAGER: ("project", gathering.project_id),
              Role.ADMIN: ("system", 0)}
    hosts = [_add_signed_in(role, *scope, links, now) for role, scope in scopes.items()]
    for row in engure()["jurors"]:
        links.jurors[row["id"]] = _add_invited(Role.JUROR, gathering, now, row)
    for row in engure()["mentors"]:
        links.mentors[row["id"]] = _add_invited(Role.MENTOR, gathering, now, row)
    links.staff["helper"] = people.add_helper(gathering.id, HELPER, hosts[0], now)[1]
    return hosts[0]


def pass_phrase() -> str:
    """Sixteen signs in groups of four, 79 bits: short enough to type, too long to guess."""
    return "-".join(new_ref(4) for _ in range(4))


def _add_signed_in(role: Role, scope: str, scope_id: int, links: Links, now: datetime) -> Person:
    person = people.new_person(OFFICES[role]["lv"], "lv", now)
    name = str(role) if people.staff_named(str(role)) is None else f"{role}-{links.code.lower()}"
    links.phrases[name] = pass_phrase()
    person.sign_in_name = name
    person.password_hash = passwords.hash_password(links.phrases[name])
    granted = people.grant(person, role, scope, scope_id, now, label=OFFICES[role])
    links.staff[str(role)] = people.new_link(granted)
    return person


def _add_invited(role: Role, gathering: Gathering, now: datetime, row: Row) -> str:
    person = people.new_person(row["label"]["lv"], "lv", now)
    return people.new_link(people.grant(person, role, "gathering", gathering.id, now, label=row["label"],
                                        country=row["country"], sector=row.get("sector")))
