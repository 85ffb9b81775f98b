"""Paper in a test: two people at the desk read it, and the accounts of the places add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ideathon.clock import now
from ideathon.extensions import db
from ideathon.gatherings.doors import Here, here_for
from ideathon.people import service as people
from ideathon.people.models import Person
from ideathon.voting import paper, paper_count, paper_queries, queries
from ideathon.voting.paper_queries import Step
from tests.houses import Client, House


def helper_here(house: House, number: int = 1) -> Here:
    """A helper at the desk; inside `inside()`."""
    name, gathering = f"Helper {number}", house.gathering()
    found = db.session.query(Person).filter_by(display_name=name).one_or_none()
    if found is None:
        people.add_helper(gathering.id, name, house.person("host"), now())
        found = house.person(name)
    return here_for(gathering, found)


def host_here(house: House) -> Here:
    """The host at the desk; inside `inside()`."""
    return here_for(house.gathering(), house.person("host"))


def boxed(house: House, serial: str, place: str, choices: Sequence[str], *, channel: str = "paper",
          void_reason: str = "") -> Step:
    """One ballot was read by the host and by a helper, both the same; inside `inside()`."""
    reading = paper.Reading(place, list(choices), channel, void_reason)
    hosts, helpers = host_here(house), helper_here(house)
    paper.enter(hosts, paper_queries.PAPER + serial, reading)
    return paper.enter(helpers, paper_queries.PAPER + serial, reading)


def add_up(house: House) -> None:
    """The accounts of all places are typed, and right: nothing spoiled, nothing unused; inside `inside()`."""
    vote = queries.round_of(house.gathering().id)
    for place, cast in paper_queries.cast_by_place(vote.id).items():
        paper_count.set_account(host_here(house), place, issued=cast)


def read(desk: Client, serial: str, *choices: str, void: str = "", place: str = "Hall", channel: str = "paper") -> Any:
    """One reading typed in."""
    return desk.post("/e/ENGURE/paper", serial=serial, place=place, channel=channel, choices=list(choices),
                     void_reason=void)
