"""The kinds of stage: what each opens to the many, what the hall sees, and what its start and end set going."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .acts import Act


class Kind(StrEnum):
    """The kinds of stage of one day (product.md 2.1)."""

    REGISTRATION = "registration"
    INTRO = "intro"
    MAPPING = "mapping"
    CHALLENGES = "challenges"
    IDEAS = "ideas"
    TEAMS = "teams"
    BREAK = "break"
    WORK = "work"
    PITCH = "pitch"
    JURY = "jury"
    VOTE = "vote"
    COUNT = "count"
    RESULT = "result"
    CLOSE = "close"


class Effect(StrEnum):
    """What the start of a stage sets going; the rooms above carry it out."""

    OPEN_ROUND = "open_round"        # residents' vote opens with the stage and closes when it is left
    LOCK_JURY = "lock_jury"          # sheets are locked when the stage is entered


class Scene(StrEnum):
    """What the big screen shows; a stage proposes one, the desk may choose another."""

    WELCOME = "welcome"
    CONCEPT = "concept"
    MAP = "map"
    CHALLENGES = "challenges"
    IDEAS = "ideas"
    BREAK = "break"
    PITCH = "pitch"
    VOTE = "vote"
    COUNT = "count"
    RESULT = "result"
    THANKS = "thanks"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class StageKind:
    """One declaration: the acts it opens, the scene it proposes, what it sets going."""

    kind: Kind
    opens: frozenset[Act]
    shows: Scene
    sets_going: frozenset[Effect] = frozenset()


_TALK = (Act.COMMENT_ADD, Act.COMMENT_ADVISE, Act.COMMENT_WITHDRAW)
_SHAPE = (Act.IDEA_EDIT, Act.IDEA_WITHDRAW, Act.IDEA_SUPPORT, Act.TEAM_JOIN)
_MAP = (Act.MAP_ADD, Act.MAP_SUPPORT)
_SCORE = (Act.JURY_DECLARE, Act.JURY_SCORE)


def _kind(kind: Kind, shows: Scene, opens: Iterable[Act] = (), *effects: Effect) -> StageKind:
    return StageKind(kind, frozenset(opens), shows, frozenset(effects))


KINDS: dict[Kind, StageKind] = {k.kind: k for k in (
    _kind(Kind.REGISTRATION, Scene.WELCOME),
    _kind(Kind.INTRO, Scene.CONCEPT),
    _kind(Kind.MAPPING, Scene.MAP, (*_MAP, Act.CHALLENGE_BUILD)),
    _kind(Kind.CHALLENGES, Scene.CHALLENGES, (*_MAP, Act.CHALLENGE_BUILD)),
    _kind(Kind.IDEAS, Scene.IDEAS, (Act.IDEA_ADD, *_SHAPE, *_TALK, Act.MAP_SUPPORT, Act.CHALLENGE_BUILD)),
    _kind(Kind.TEAMS, Scene.IDEAS, (*_SHAPE, *_TALK, Act.JURY_DECLARE)),
    _kind(Kind.BREAK, Scene.BREAK, (*_SHAPE, *_TALK, Act.JURY_DECLARE)),
    _kind(Kind.WORK, Scene.IDEAS, (*_SHAPE, *_TALK, Act.JURY_DECLARE)),
    _kind(Kind.PITCH, Scene.PITCH, (Act.IDEA_SUPPORT, *_TALK, *_SCORE)),
    _kind(Kind.JURY, Scene.COUNT, _SCORE),
    _kind(Kind.VOTE, Scene.VOTE, (Act.BALLOT_CAST, *_SCORE), Effect.OPEN_ROUND),
    _kind(Kind.COUNT, Scene.COUNT, _SCORE),
    _kind(Kind.RESULT, Scene.RESULT, (Act.RESULT_REVEAL, *_TALK), Effect.LOCK_JURY),
    _kind(Kind.CLOSE, Scene.THANKS, (Act.RESULT_REVEAL, *_TALK)),
)}
"""Every kind of stage; a new one is one entry here."""


def opens(kind: Kind | None, act: Act) -> bool:
    """Whether a running stage of this kind opens the act to those whose role fits. No stage opens nothing."""
    return kind is not None and act in KINDS[kind].opens
