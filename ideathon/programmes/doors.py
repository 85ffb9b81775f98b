"""Whose projects a member of the office sees; and how a room above shows a project's events here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import abort, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select

from ideathon.core.acts import Lock, Role
from ideathon.core.permissions import Seat
from ideathon.extensions import db
from ideathon.people.models import Grant, Person

from . import queries
from .models import Project

Events = Callable[[list[int]], list[dict[str, Any]]]
_events: list[Events] = []
_OFFICE = (Role.MANAGER, Role.ADMIN)


@dataclass
class Office:
    """Who sits in the office: the person, the seat, the projects in reach."""

    person: Person | None
    seat: Seat
    projects: list[Project] = field(default_factory=list)
    place: None = None

    @property
    def me(self) -> dict[str, Any] | None:
        """The reader's name, for the page's header."""
        return {"name": self.person.display_name} if self.person else None


def shows_events(events: Events) -> Events:
    """A room above tells of the events of projects (given by number); called at start only."""
    if events not in _events:
        _events.append(events)
    return events


def events_of(projects: list[Project]) -> list[dict[str, Any]]:
    """The events of these projects, as the room above tells of them."""
    numbers = [project.id for project in projects]
    return [event for tell in _events for event in tell(numbers)]


def find_office(_lock: Lock, **_address: str) -> Office:
    """The reader's own office; who is not signed in is led to sign in first."""
    if not current_user.is_authenticated:
        abort(redirect(url_for("people.sign_in_page", next=request.path)))
    person = current_user.person
    query = select(Grant).where(Grant.person_id == person.id, Grant.revoked_at.is_(None), Grant.role.in_(_OFFICE),
                                Grant.scope.in_(("system", "project")))
    grants = list(db.session.scalars(query))
    seat = Seat(roles=frozenset(Role(grant.role) for grant in grants) | {Role.VISITOR})
    return Office(person, seat, _in_reach(grants))


def _in_reach(grants: list[Grant]) -> list[Project]:
    if any(grant.scope == "system" for grant in grants):
        return queries.projects()
    return queries.projects([grant.scope_id for grant in grants]) if grants else []
