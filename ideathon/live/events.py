"""What may be said to the server by socket: who is let in, which events there are, and how each is answered."""

from __future__ import annotations

import json
import logging
import time
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from ..core.acts import Act
from ..errors import Refused
from .limits import count

log = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]]
LONGEST_TEXT = 8000         # characters in one field; a room's own limits are lower
HIGHEST = 2**63             # what a database column holds


@dataclass(frozen=True)
class Admission:
    """What an admitted client may hear (rooms), who it is for the handlers (who), and what it is told first."""

    rooms: frozenset[str]
    who: Mapping[str, Any]
    greeting: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """One event: the act whose rule its handler asks under the lock, the fields of its data, and the handler."""

    rule: Act | None
    fields: Mapping[str, Any]
    handler: Handler


@dataclass(eq=False)
class Connection:
    """One admitted client of this process."""

    sid: str
    eio_sid: str
    environ: dict[str, Any]
    who: Mapping[str, Any]


Admit = Callable[[object, Mapping[str, Any]], Admission | None]
_door: list[Admit] = []
_events: dict[str, Heard] = {}


def admits(function: Admit) -> Admit:
    """The function that is asked on connect: admit(auth, environ) -> Admission, or None to refuse."""
    if _door and _name(_door[0]) != _name(function):
        raise ValueError("two functions would decide who is let in")
    _door[:] = [function]
    return function


def hears(event: str, *, rule: Act | None, fields: Mapping[str, Any]) -> Callable[[Handler], Handler]:
    """Register handler(who, data) for an event; its dict is the acknowledgement.

    `fields` names every field with its type (str, int, bool, list, or `int | None` for one that may be missing);
    others are refused. The handler asks `rule` through the socket form of the guard, which takes the lock.
    """
    def register(handler: Handler) -> Handler:
        if event in _events and _name(_events[event].handler) != _name(handler):
            raise ValueError(f"two handlers for the event {event}")
        _events[event] = Heard(rule, dict(fields), handler)
        return handler
    return register


def heard_events() -> Mapping[str, Heard]:
    """Every registered event; for the protocol page and its test."""
    return types.MappingProxyType(_events)


def assert_every_event_has_a_rule() -> None:
    """The program does not start while an event, or the door itself, has no rule."""
    bare = sorted(event for event, heard in _events.items() if not isinstance(heard.rule, Act))
    if bare:
        raise RuntimeError(f"socket events without a rule: {', '.join(bare)}")
    if not _door:
        raise RuntimeError("no function decides who is let in to the socket")


def admit(app: Flask, auth: object, environ: dict[str, Any]) -> Admission | None:
    """Ask the door, inside the handshake's request. Whatever goes wrong there, nobody is let in by it."""
    if not _door:
        return None
    try:
        with app.request_context(environ):
            return _door[0](auth, environ)
    except Refused as refused:
        count(refused.code)
    except Exception as error:
        log.error("the door of the socket failed: %s", type(error).__name__)
    return None


def answer(app: Flask, connection: Connection, event: str, data: object) -> dict[str, Any]:
    """The acknowledgement of one event: a refusal is {"error": code}, and no handler can kill the socket."""
    heard = _events.get(event)
    if heard is None:
        return refusal("unknown_event")
    if not isinstance(data, dict):
        return refusal("not_an_object")
    if problem := misfit(heard.fields, data):
        return {**refusal("bad_field"), "field": problem}
    try:
        with app.request_context(connection.environ):     # fresh: identity and permission are read again each time
            return plain(heard.handler(connection.who, data))
    except Refused as refused:
        return {**refusal(refused.code), "facts": plain(refused.facts)}
    except Exception as error:
        log.error("the handler of %s failed: %s", event, type(error).__name__)
        return refusal("internal")


def refusal(code: str) -> dict[str, Any]:
    """A counted refusal."""
    count(code)
    return {"error": code}


def plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The same as plain JSON; what JSON does not know becomes text."""
    made: dict[str, Any] = json.loads(json.dumps(answer, default=str))
    return made


def misfit(fields: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    """The first field that is unknown, missing or of another kind; None when all fit."""
    for name in data:
        if name not in fields:
            return name[:40].encode("ascii", "replace").decode()
    return next((name for name, kind in fields.items() if not _fits(kind, data.get(name))), None)


def _fits(kind: Any, value: object) -> bool:
    kinds = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    if isinstance(value, bool) and bool not in kinds:          # True is an int only to Python
        return False
    if not isinstance(value, kinds):
        return False
    if isinstance(value, int):
        return -HIGHEST <= value < HIGHEST
    return not isinstance(value, str) or _is_text(value)


def _is_text(value: str) -> bool:
    if len(value) > LONGEST_TEXT or "\0" in value:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _name(function: Any) -> tuple[str, str]:
    return function.__module__, function.__qualname__


def now_ms() -> int:
    """The server's clock for the browser's countdowns, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
