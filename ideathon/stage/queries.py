"""What the hall's pages show: the page of now by the kind of its stage, and the projector by its scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from ideathon.comments import queries as comments
from ideathon.core.stages import Kind, Scene
from ideathon.extensions import db
from ideathon.gatherings import queries as gatherings
from ideathon.gatherings.doors import Here
from ideathon.gatherings.models import Gathering, Stage
from ideathon.ideas import queries as ideas
from ideathon.ideas.models import GONE, Idea
from ideathon.mapping import queries as mapping
from ideathon.results import queries as results
from ideathon.voting import public as board, queries as voting

Facts = dict[str, Any]
OFF = ("withdrawn", "hidden")


def numbers(gathering_id: int) -> dict[str, int]:
    """How many ideas and comments all may see."""
    seen = select(func.count()).select_from(Idea).where(Idea.gathering_id == gathering_id, Idea.state.not_in(GONE))
    return {"ideas": db.session.scalar(seen) or 0, "comments": len(comments.comment_keys(gathering_id, ""))}


def number_slice(gathering_id: int, keys: list[str]) -> Facts:
    """The slice ``hall.numbers``; it follows ideas and comments by itself."""
    return {keys[0]: numbers(gathering_id)}


def order(gathering: Gathering) -> list[Stage]:
    """The running order, from the first stage to the last."""
    return list(db.session.scalars(select(Stage).where(Stage.gathering_id == gathering.id).order_by(Stage.position)))


def turnout(gathering_id: int) -> Facts:
    """How many have voted; an event without a vote has none."""
    return voting.turnout(gathering_id) or {"cast": 0, "issued": 0, "state": "draft", "closes_at": None}


def pitch(gathering: Gathering) -> Facts:
    """Who pitches: the idea in focus and those after it; before the first, nobody yet."""
    found = {card["ref"]: card for card in ideas.cards(gathering.id)}
    queue = [found[idea.ref] for idea in ideas.pitching(gathering.id) if idea.ref in found]
    refs = [card["ref"] for card in queue]
    at = refs.index(gathering.screen_focus) if gathering.screen_focus in refs else -1
    return {"queue": queue, "speaking": queue[at] if at >= 0 else None,
            "upcoming": queue[at + 1] if at + 1 < len(queue) else None, "turn": at + 1}


def _map(gathering: Gathering) -> Facts:
    return {"items": mapping.visible(gathering.id), "challenges": mapping.challenges(gathering.id)}


def _ideas(gathering: Gathering) -> Facts:
    return {"cards": ideas.cards(gathering.id)}


def _vote(gathering: Gathering) -> Facts:
    return {"turnout": turnout(gathering.id), "earlier": board.annulled(gathering.id),
            "vote": voting.standing_round(gathering.id)}


def _vote_scene(gathering: Gathering) -> Facts:
    return {**_vote(gathering), "marks": board.marks(gathering.id),
            "phrase": voting.phrase(gathering), "rule": results.rule(gathering.id)}


def _order(gathering: Gathering) -> Facts:
    return {"order": order(gathering)}


def _result(gathering: Gathering) -> Facts:
    return {"places": results.shown(gathering.id), "reveal": results.progress(gathering.id)}


def _podium(gathering: Gathering) -> Facts:
    return {**_result(gathering), "rule": results.rule(gathering.id)}


_NOW: dict[str, tuple[Callable[[Gathering], Facts], str]] = {
    Kind.MAPPING: (_map, "mapping.item,mapping.challenge"), Kind.CHALLENGES: (_map, "mapping.item,mapping.challenge"),
    Kind.IDEAS: (_ideas, "ideas.idea"), Kind.TEAMS: (_ideas, "ideas.idea"), Kind.WORK: (_ideas, "ideas.idea"),
    Kind.BREAK: (_ideas, "ideas.idea"), Kind.PITCH: (pitch, ""), Kind.JURY: (_vote, "voting.turnout"),
    Kind.VOTE: (_vote, "voting.turnout"), Kind.COUNT: (_vote, "voting.turnout"),
    Kind.RESULT: (_result, "results.reveal"), Kind.CLOSE: (_result, "results.reveal"),
    "over": (_result, "results.reveal"),
}
"""What each kind's page is made of, and the news that it listens to beside the stage."""

_SCREEN: dict[str, tuple[Callable[[Gathering], Facts], str]] = {
    Scene.MAP: (_map, "mapping.item"), Scene.CHALLENGES: (_map, "mapping.challenge"),
    Scene.IDEAS: (_ideas, "ideas.idea"), Scene.PITCH: (pitch, ""), Scene.VOTE: (_vote_scene, "voting.turnout"),
    Scene.COUNT: (_vote_scene, "voting.turnout"), Scene.RESULT: (_podium, "results.reveal"),
    Scene.THANKS: (_result, "results.reveal"),
}

_ALWAYS = "gathering.stage,people.count,hall.numbers"


def now_page(here: Here) -> Facts:
    """The page of now: its kind, what that kind shows, the news it wants."""
    stage = here.gathering.current_stage
    kind = stage.kind if stage else "over" if here.gathering.ended_at else "waiting"
    read, want = _NOW.get(kind, (_order, ""))
    mine = ideas.of_person(here.gathering.id, here.person.id) if here.person else set()
    return {"kind": kind, "want": f"{_ALWAYS},{want}", "mine": mine, **read(here.gathering)}


def screen(gathering: Gathering) -> Facts:
    """The projector's page: its scene, what that scene shows, the news it wants."""
    scene = gatherings.scene(gathering)
    read, want = _SCREEN.get(scene, (_order, ""))
    return {"scene": scene, "want": f"{_ALWAYS},{want}", "numbers": numbers(gathering.id), **read(gathering)}
