"""Whether the result that the public sees is the expected one, to the last digit; what differs is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .actors import Actors
from .browser import Browser, Page
from .data import Row, engure

NUMBERS = {"place": "place", "jury_score": "jury", "votes": "votes", "resident_score": "residents",
           "combined": "combined", "jurors_counted": "jurors"}
"""The names in the expected ranking, and in the facts that pages show."""

FIGURES = {"Ballots cast": "cast", "Counted": "counted", "Replaced by a later choice": "superseded",
           "Not valid": "void"}
"""The words on the public page, and the names in the expected figures."""


def differences(actors: Actors) -> list[str]:
    """One line for everything that is not as expected: ranking, ballots, winner, award."""
    public = Browser(actors.base, "en")
    names = {ref: name for name, ref in actors.refs.items()}
    places = actors.news("results.reveal")["results.reveal"]["places"]
    shown = {names[place["ref"]]: place for place in places}
    found = [*of_ranking(shown), *of_figures(public.open(f"{actors.event}/result")),
             *of_award(public.open(f"{actors.event}/winner"))]
    public.close()
    return found


def of_ranking(shown: dict[str, Row]) -> Iterator[str]:
    """What differs in the ranking; ``shown`` are the places by the names of the data."""
    ranking = engure()["expected"]["ranking"]
    if len(shown) != len(ranking):
        yield f"{len(shown)} places are shown, not {len(ranking)}"
    for row in ranking:
        place = shown.get(row["idea"], {})
        yield from (_line(f"{row['idea']} {name}", row[name], place.get(fact)) for name, fact in NUMBERS.items()
                    if row[name] != place.get(fact))
        if row["over_threshold"] != (place.get("bar") != "below_threshold"):
            yield _line(f"{row['idea']} over_threshold", row["over_threshold"], place.get("bar"))


def _line(what: str, expected: Any, found: Any) -> str:
    return f"{what}: expected {expected}, found {found}"


def of_figures(page: Page) -> Iterator[str]:
    """What differs on the public result page."""
    words = page.words
    for label, name in FIGURES.items():
        found = words[words.index(label) + 1] if label in words else "nothing"
        expected = str(engure()["expected"]["ballots"][name])
        if found != expected:
            yield _line(f"ballots {name}", expected, found)
    for row in engure()["expected"]["ranking"]:
        if row["combined"] not in page.html:
            yield f"{row['idea']}: {row['combined']} is not on the public page"


def of_award(page: Page) -> Iterator[str]:
    """What is missing on the winner's public page."""
    winner = engure()["expected"]["winner"]
    title = next(idea["title"]["lv"] for idea in engure()["ideas"] if idea["id"] == winner["idea"])
    for words in (title, f"{winner['awarded_cents'] / 100:,.2f}", engure()["project"]["number"]):
        if words not in page.html:
            yield f"{words} is not on the winner's public page"
