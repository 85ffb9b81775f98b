"""The script of the demo day: who does what in which stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ideathon.core.stages import Kind

from . import data
from .actors import Actors
from .data import engure


class Doing(NamedTuple):
    """One thing that somebody does. Doings of one lane follow each other; lanes do not wait for each other."""

    lane: str
    do: Callable[[], None]


def doings(actors: Actors, kind: Kind) -> list[Doing]:
    """What is done in a stage of this kind, in the order in which it happens when there is time."""
    scenes = {Kind.REGISTRATION: _arrive, Kind.MAPPING: _support, Kind.IDEAS: _write, Kind.TEAMS: _team_up,
              Kind.WORK: _talk, Kind.PITCH: _pitch, Kind.VOTE: _vote, Kind.COUNT: _count, Kind.RESULT: _reveal,
              Kind.CLOSE: _award}
    return list(scenes[kind](actors)) if kind in scenes else []


def _arrive(actors: Actors) -> Iterator[Doing]:
    invited = [*((actors.jurors[name], secret) for name, secret in actors.links.jurors.items()),
               *((actors.mentors[name], secret) for name, secret in actors.links.mentors.items()),
               (actors.manager, actors.links.staff["manager"]), (actors.helper, actors.links.staff["helper"])]
    for who, secret in invited:
        yield Doing(secret, lambda who=who, secret=secret: actors.follow_link(who, secret))
    for number in actors.phones:
        yield Doing(f"phone {number}", lambda number=number: actors.join(number))


def _support(actors: Actors) -> Iterator[Doing]:
    needs = [need["id"] for need in engure()["needs"]]
    for number in actors.phones:
        yield Doing(f"phone {number}",
                    lambda number=number: actors.support(number, needs[number % len(needs)]))


def _write(actors: Actors) -> Iterator[Doing]:
    for number, row in enumerate(data.in_pitch_order(), 1):     # one lane: the order of ideas is the order of pitches
        yield Doing("ideas", lambda number=number, row=row: actors.add_idea(number, row))


def _team_up(actors: Actors) -> Iterator[Doing]:
    for idea, (_author, others) in data.teams().items():
        for number in others:
            yield Doing(f"phone {number}", lambda number=number, idea=idea: actors.join_team(number, idea))


def _talk(actors: Actors) -> Iterator[Doing]:
    for number, row in enumerate(engure()["comments"], 1):
        mentor = data.mentor_of(row)
        who = actors.mentors[mentor] if mentor else actors.phones[number]
        kind = "advice" if mentor else data.kind_of(row)
        yield Doing(mentor or f"phone {number}",
                    lambda who=who, row=row, kind=kind: actors.speak(who, row["idea"], kind, row["text"]["lv"]))
    for juror in actors.jurors:
        yield Doing(juror, lambda juror=juror: actors.declare(juror))


def _pitch(actors: Actors) -> Iterator[Doing]:
    sheets = {(juror, idea): points for juror in actors.jurors for idea, points in data.scores_of(juror).items()}
    for row in data.in_pitch_order():
        idea = row["id"]
        yield Doing("host", lambda idea=idea: actors.show_pitch(idea))
        for juror in actors.jurors:
            if points := sheets.get((juror, idea)):
                yield Doing(juror, lambda juror=juror, idea=idea, points=points: actors.score(juror, idea, points))


def _vote(actors: Actors) -> Iterator[Doing]:
    for slip, ballot in data.phone_ballots():
        yield Doing(slip, lambda slip=slip, ballot=ballot: actors.vote(slip, ballot))


def _count(actors: Actors) -> Iterator[Doing]:
    for who in (actors.host, actors.helper):        # one lane: the result waits for both
        for ballot in data.paper_ballots():
            yield Doing("host", lambda who=who, ballot=ballot: actors.read_paper(who, ballot))
    for place, (issued, unused) in data.accounts().items():
        yield Doing("host", lambda place=place, issued=issued, unused=unused: actors.account(place, issued, unused))
    yield Doing("host", actors.seal)


def _reveal(actors: Actors) -> Iterator[Doing]:
    for _ in engure()["expected"]["ranking"]:
        yield Doing("host", actors.reveal)


def _award(actors: Actors) -> Iterator[Doing]:
    yield Doing("manager", actors.award)
