"""The demo's data as they lie in engure.json, and small ways into them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Row = dict[str, Any]

ISSUED = "credentials_issued"
MILESTONE = "Līgums parakstīts, vitrīna pasūtīta"
MILESTONE_DUE, MILESTONE_CENTS = "2020-04-22", 290_000      # the first cost line of the winner
BODY = "Pasākuma žūrija"
HELPER = "Palīgs"
PACK = 5                # ballots on paper are issued in packs of so many
PLACES = {"tautas_nams": "Tautas nams", "biblioteka": "Bibliotēka"}     # what a host writes at the desk


@cache
def engure() -> Row:
    """The whole file; read once and not to be changed."""
    found: Row = json.loads((Path(__file__).parent / "engure.json").read_text(encoding="utf-8"))
    return found


def in_pitch_order() -> list[Row]:
    """The ideas as they are pitched, first to last."""
    return sorted(engure()["ideas"], key=lambda idea: int(idea["pitch_order"]))


def phone_ballots() -> list[tuple[str, Row]]:
    """Ballots by phone in the order in which they were cast, each with the name of its slip: whoever changes a vote
    uses the same slip again, so a superseded ballot stands with the slip of the one that replaced it."""
    ballots = [ballot for ballot in engure()["ballots"] if ballot["channel"] == "phone"]
    return [(str(ballot.get("superseded_by", ballot["serial"])), ballot) for ballot in ballots]


def paper_ballots() -> list[Row]:
    """Ballots on paper and with help, void ones too, in the order of their serials."""
    return [ballot for ballot in engure()["ballots"] if ballot["channel"] != "phone"]


def place_of(ballot: Row) -> str:
    """The name of the place where a paper ballot was collected."""
    return PLACES.get(ballot["collection_point"], ballot["collection_point"])


def accounts() -> dict[str, tuple[int, int]]:
    """Of each place with paper how many papers were issued, and how many of them are unused; packs hold five."""
    found: dict[str, int] = {}
    for ballot in paper_ballots():
        found[place_of(ballot)] = found.get(place_of(ballot), 0) + 1
    return {place: (-(-cast // PACK) * PACK, -cast % PACK) for place, cast in found.items()}


def scores_of(juror: str) -> dict[str, dict[str, int]]:
    """A juror's points: {idea: {criterion: points}}."""
    found: dict[str, dict[str, int]] = {}
    for score in engure()["scores"]:
        if score["juror"] == juror:
            found.setdefault(score["idea"], {})[score["criterion"]] = score["points"]
    return found


def conflicts_of(juror: str) -> dict[str, str]:
    """The ideas that a juror may not score: {idea: reason in English}."""
    return {row["idea"]: row["reason"]["en"] for row in engure()["conflicts"] if row["juror"] == juror}


def headcount() -> int:
    """How many residents come."""
    return int(engure()["event"]["planned_headcount"])


def language(number: int) -> str:
    """The language of a resident's phone: every fourth reads English."""
    return "en" if number % 4 == 0 else "lv"


def resident(number: int) -> str:
    """The display name of a resident; nobody's real one."""
    return f"{'Resident' if language(number) == 'en' else 'Iedzīvotājs'} {number}"


def kind_of(comment: Row) -> str:
    """A question or a comment."""
    return "question" if comment["text"]["lv"].endswith("?") else "comment"


def teams() -> dict[str, tuple[int, list[int]]]:
    """Who is in which team, by residents' numbers: {idea: (author, others)}; nobody is in two."""
    spare = iter(range(len(engure()["ideas"]) + 1, headcount() + 1))
    return {idea["id"]: (number, [next(spare) for _ in range(int(idea["team"]["size"]) - 1)])
            for number, idea in enumerate(in_pitch_order(), 1)}


def mentor_of(comment: Row) -> str | None:
    """The mentor who gives the advice, which is the idea's; None when a resident speaks."""
    if comment["author_role"] != "mentor":
        return None
    return next(str(idea["mentor"]) for idea in engure()["ideas"] if idea["id"] == comment["idea"])
