"""A day that was scored and voted on through the services, ready to be sealed; and the demo's day in the same way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ideathon.core.acts import Role
from ideathon.gatherings.doors import Here, here_for
from ideathon.ideas.models import Idea
from ideathon.jury import queries as rubric, service as jury
from ideathon.people.models import Grant
from ideathon.voting import queries as votes, service as voting
from tests.houses import House
from tests.voting import papers

DEMO = json.loads(Path("ideathon/demo/engure.json").read_text())
MARKS = {"I01": 5, "I02": 4, "I03": 2}
BALLOTS = (("I02",), ("I02", "I01"), ("I02",), ("I01",), ("I01", "I03"), ("I02",))
"""I02: 4 votes and 80 jury points, 88 together; I01: 3 votes and 100, 90 together; I03: 1 vote and 40, below 65."""


def desk(house: House) -> Here:
    """The host at the desk; inside `inside()`."""
    return here_for(house.gathering(), house.person("host"))


def score(house: House, sheets: Mapping[str, Mapping[str, Sequence[int]]],
          conflicts: Iterable[tuple[str, str]] = ()) -> None:
    """Every juror declares and scores: {juror's name: {idea: points by criterion}}."""
    with house.inside() as session:
        gathering = house.gathering()
        ideas = {idea.ref: idea for idea in session.query(Idea).filter_by(gathering_id=gathering.id)}
        for name, sheet in sheets.items():
            person = house.person(name)
            grant = session.query(Grant).filter_by(person_id=person.id, role=str(Role.JUROR)).one()
            here = here_for(gathering, person)
            found = {idea: "a relative" for juror, idea in conflicts if juror == name}
            jury.declare(here, grant, list(ideas.values()), found)
            for idea, points in sheet.items():
                for criterion, given in zip(rubric.rubric(gathering.id), points, strict=True):
                    jury.score(here, grant, ideas[idea], criterion, given)


def flat(marks: Mapping[str, int], jurors: int = 5) -> dict[str, dict[str, list[int]]]:
    """All jurors give an idea the same points for every criterion."""
    return {f"Juror {n}": {idea: [points] * 5 for idea, points in marks.items()} for n in range(1, jurors + 1)}


def vote(house: House, ballots: Iterable[Sequence[str]]) -> None:
    """Each ballot by a slip of its own."""
    with house.inside():
        here, chosen = desk(house), list(ballots)
        board = votes.round_of(here.gathering.id)
        for code, choices in zip(voting.draw_slips(board, len(chosen), here), chosen, strict=True):
            voting.cast(here, board, voting.codes.tag_of(board.id, code), choices, key=code, expect=0)


def voted(house: House, marks: Mapping[str, int] = MARKS, ballots: Iterable[Sequence[str]] = BALLOTS,
          conflicts: Iterable[tuple[str, str]] = (), **day: Any) -> House:
    """The day stands at the result, nothing is sealed."""
    said, why = tuple(map(tuple, ballots)), tuple(conflicts)

    def set_up() -> None:
        house.day("vote", ideas=len(marks), **day)
        score(house, flat(marks), why)
        vote(house, said)
        house.move_to("result")

    house.as_before(("voted", tuple(marks.items()), said, why, tuple(sorted(day.items()))), set_up)
    return house


def revealed(house: House, **day: Any) -> House:
    """The outcome is sealed and every place was shown, through the doors."""
    def set_up() -> None:
        host = voted(house, **day).host()
        assert host.post(f"/e/{house.code}/seal").status_code == 303, host.text()
        for seen in range(20):
            if host.post(f"/e/{house.code}/reveal", seen=seen).status_code != 303:
                break

    house.as_before(("revealed", tuple(sorted(day.items()))), set_up)
    return house


def demo_day(house: House) -> House:
    """The demo's 295 scores and 120 ballots, three of them replaced by a later choice of the same slip."""
    house.as_before("demo day", lambda: _demo(house))
    return house


def _demo(house: House) -> None:
    house.day("vote", ideas=12)
    sheets: dict[str, dict[str, list[int]]] = {}
    for row in DEMO["scores"]:
        sheets.setdefault(f"Juror {row['juror'][1:]}", {}).setdefault(row["idea"], []).append(row["points"])
    score(house, sheets, [(f"Juror {one['juror'][1:]}", one["idea"]) for one in DEMO["conflicts"]])
    _demo_ballots(house)
    house.move_to("result")


def _demo_ballots(house: House) -> None:
    with house.inside():
        here = desk(house)
        board = votes.round_of(here.gathering.id)
        tags: dict[str, str] = {}
        for ballot in sorted(DEMO["ballots"], key=lambda one: one["state"] != "superseded"):
            if ballot["channel"] != "phone":
                papers.boxed(house, ballot["serial"], ballot["collection_point"], ballot["choices"],
                             channel=ballot["channel"], void_reason=ballot.get("void_reason") or "")
                continue
            later = ballot.get("superseded_by")
            tag = tags.get(ballot["serial"]) or voting.codes.tag_of(board.id, voting.draw_slips(board, 1, here)[0])
            held = votes.ballot(board, tag)
            voting.cast(here, board, tag, ballot["choices"], key=ballot["serial"], expect=held.seq if held else 0)
            if later:
                tags[later] = tag
        papers.add_up(house)
