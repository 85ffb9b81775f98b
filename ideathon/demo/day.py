"""The demo's event while it is being loaded: who is in it, what stands already, and the hand that moves it on."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from ideathon.core.acts import Role
from ideathon.extensions import db
from ideathon.gatherings.doors import Here, here_for
from ideathon.gatherings.models import Gathering
from ideathon.ideas.models import Idea
from ideathon.people.models import Grant, Person
from ideathon.people.sessions import hash_of
from ideathon.stage import service as stage

from .links import Links
from .village import Village


@dataclass
class Day:
    """What the steps of loading share."""

    gathering: Gathering
    host: Person
    links: Links
    village: Village
    residents: list[Person] = field(default_factory=list)
    ideas: dict[str, Idea] = field(default_factory=dict)        # I01 …

    def here(self, person: Person | None = None) -> Here:
        """The seat of a person (the host's when none is named), at this moment."""
        db.session.flush()
        return here_for(self.gathering, person or self.host)

    def newcomer(self) -> Here:
        """The seat of somebody who has joined nothing yet."""
        return here_for(self.gathering, None)

    def invited(self, secret: str) -> Grant:
        """The juror or mentor behind a personal link."""
        return db.session.scalars(select(Grant).where(Grant.link_hash == hash_of(secret))).one()

    def manager(self) -> Person:
        """Who answers for the project's money."""
        query = select(Grant).where(Grant.role == Role.MANAGER, Grant.scope_id == self.gathering.project_id)
        return db.session.scalars(query).one().person

    def helper(self) -> Person:
        """Who helps at the desk."""
        query = select(Grant).where(Grant.role == Role.HELPER, Grant.scope_id == self.gathering.id)
        return db.session.scalars(query).one().person

    def advance(self) -> None:
        """The next stage runs, and all that it sets going."""
        running = self.gathering.current_stage
        stage.advance(self.here(), running.ref if running else "")
