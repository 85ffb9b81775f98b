"""Loading the demo: the event as it stands in the morning, all stages waiting; or the day already at a later stage."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from ideathon.clock import now
from ideathon.errors import Misconfigured
from ideathon.extensions import db, writing
from ideathon.gatherings.doors import here_for
from ideathon.gatherings.models import Gathering
from ideathon.people.models import Grant
from ideathon.people.sessions import hash_of

from .data import engure
from .day import Day
from .happenings import draw_slips, play_to
from .links import Links, keep, kept
from .project import add_gathering
from .staff import add_staff
from .village import add_village


def is_empty() -> bool:
    """Whether the database holds no event at all."""
    return db.session.scalar(select(Gathering.id).limit(1)) is None


def is_there() -> bool:
    """Whether the demo's event is in the database."""
    code = engure()["event"]["join_code"]
    return db.session.scalar(select(Gathering.id).where(Gathering.code == code)) is not None


def load(path: Path, at: str | None = None, *, slips: bool = False) -> Links:
    """The demo day stands in the database, at a stage of this kind (None: before the first), and its links in the file.

    All or nothing: the links are kept before the one commit, since nobody could make them anew from their hashes.
    With ``slips`` the codes for the vote are drawn, too. Counts on being the only process that prepares the database.
    """
    with writing():
        gathering = add_gathering()
        links = Links(code=gathering.code, screen=gathering.screen_key)
        host = add_staff(gathering, links, now())
        day = Day(gathering, host, links, add_village(here_for(gathering, host)))
        if slips or at:
            draw_slips(day)
        if at:
            play_to(day, at)
        keep(links, path)
        db.session.commit()
    return links


def open_secrets(links: Links) -> set[str]:
    """Which of the personal links still open a door; others were renewed since or taken back."""
    by_hash = {hash_of(secret): secret
               for group in (links.staff, links.jurors, links.mentors) for secret in group.values()}
    query = select(Grant.link_hash).where(Grant.link_hash.in_(by_hash), Grant.revoked_at.is_(None))
    return {by_hash[found] for found in db.session.scalars(query) if found}


def links_of(path: Path) -> Links:
    """The links of the demo that is there.

    Raises:
        Misconfigured: their file is gone.
    """
    found = kept(path)
    if found is None:
        raise Misconfigured(f"The demo day is in the database, but {path}, which kept its links, is gone. "
                            "Make a new link for the host with: ideathon link host")
    return found
