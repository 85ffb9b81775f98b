"""The line at the ballot box: who presses in the same moment is served together, in one transaction (web/together.py).

The rules are asked of each one alone, under the same locks and at the same moment as if it had come alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import current_app, request, url_for

from ideathon.clock import now
from ideathon.core import ballots
from ideathon.core.acts import Act, Role, lock_of
from ideathon.core.permissions import Seat
from ideathon.errors import Busy, Forbidden, Refused, Unwell
from ideathon.gatherings.doors import stand_in
from ideathon.web import guard, idempotency
from ideathon.web.together import Line

from . import codes, queries, service, slips
from .models import Round
from .queries import Receipt
from .urn import Word, says

RECEIPT = re.compile(r"/done/(\d+)/([0-9a-f]{16})")
Answer = str | Exception
"""Where a voter is led, or why not."""


@dataclass(frozen=True, slots=True)
class Tap:
    """One press on the button, as it was sent."""

    code: str
    key: str
    expect: int
    names: tuple[str, ...]
    star: str
    sure: bool          # that the voter is old enough
    tablet: bool
    row: str            # the name under which the request is remembered


class AgeUnsaid(Refused):
    """The voter has not said that they are old enough."""

    status = 422


def choices(method: str, names: Sequence[str], star: str) -> ballots.Choices:
    """What was ticked: names, or marks where one idea may have the star. A star alone is a choice too."""
    if method != "star":
        return list(names)
    return {name: 2 if name == star else 1 for name in [*names, *filter(None, [star])]}


def tap() -> Tap:
    """What this request sends.

    Raises:
        Unwell: it has no key, or not the number that the page was made with.  Forbidden: no code of a slip.
    """
    sent = request.form
    code, expect = codes.read(sent.get("code", "")), sent.get("expect", type=int, default=-1)
    row = idempotency.identity(request.path, sent.get("key", ""), code or "")
    if code is None:
        raise Forbidden("wrong_slip")
    if not 0 <= expect < 2**31:
        raise Unwell("no_key")
    return Tap(code, sent["key"], expect, tuple(sent.getlist("choice")), sent.get("star", ""),
               sent.get("sure") == "y", request.values.get("tablet") == "1", row)


def cast(asked: Tap) -> str:
    """The slip's choice is stored, with those of all who press in this moment; gives where its voter is led.

    The same request gets the same answer for ever, also after the close, and changes nothing.

    Raises:
        Refused and its kin, as `service.cast`; Forbidden: the slip is unknown, or void.
    """
    line: Line[Tap, str] = current_app.extensions.setdefault("ballot_line", Line(_serve))
    return line.join(asked)


def _serve(taps: Sequence[Tap]) -> list[Answer]:
    """Each event's votes in a transaction of their own; an answer for each tap, in their order."""
    with guard.transaction():
        found = slips.rounds_behind({one.code for one in taps})
    answers: dict[int, Answer] = {}
    for gathering in sorted({gathering for gathering, _ in found.values()}):
        places = [place for place, one in enumerate(taps) if found.get(one.code, (0, ""))[0] == gathering]
        group = [(taps[place], found[taps[place].code][1]) for place in places]
        answers |= zip(places, _apart(gathering, group), strict=True)
    return _remembered(taps, [answers.get(place, Forbidden("wrong_slip")) for place in range(len(taps))])


def _apart(gathering: int, group: Sequence[tuple[Tap, str]]) -> list[Answer]:
    """One that breaks the common transaction breaks its own alone."""
    try:
        with guard.transaction():
            return _together(gathering, group)
    except Busy:
        return [Busy("busy") for _ in group]
    except Exception as error:      # said in that one's own request
        if len(group) == 1:
            return [error]
        return [answer for one in group for answer in _apart(gathering, [one])]


def _together(gathering: int, group: Sequence[tuple[Tap, str]]) -> list[Answer]:
    """The gathering first, then the round; the clock is read last."""
    here, vote = stand_in(lock_of(Act.BALLOT_CAST), gathering, queries.ROUND_AND_SEAT, {"gathering": gathering})
    states, moment = slips.states_of(vote, {tag for _, tag in group}), now()
    seats = {state: _seat(here.seat, vote, moment, test=state == "test") for state in set(states.values())}
    asked = [_refusal(one, vote, seats.get(states.get(tag, ""))) for one, tag in group]
    words = {place: Word(tag, choices(vote.method, one.names, one.star), one.key, one.expect)
             for place, (one, tag) in enumerate(group) if asked[place] is None}
    got = dict(zip(words, service.cast_all(vote, list(words.values()), moment), strict=True))
    answers = [asked[place] or _place(one, got[place]) for place, (one, _) in enumerate(group)]
    stored = {one.row: answer for (one, _), answer in zip(group, answers, strict=True) if isinstance(answer, str)}
    if stored:
        idempotency.keep_all(stored, moment)
    return answers


def _seat(bare: Seat, vote: Round, moment: datetime, *, test: bool) -> Seat:
    return replace(bare, roles=frozenset({Role.VISITOR, Role.VOTER}),
                   **queries.standing(vote.state, vote.closes_at, moment, test=test))


def _refusal(one: Tap, vote: Round, seat: Seat | None) -> Refused | None:
    """Why the table, or the voter's own word, does not let this one vote now."""
    if seat is None:
        return Forbidden("wrong_slip")
    try:
        guard.ask(Act.BALLOT_CAST, seat)
    except Refused as why:
        return why
    return AgeUnsaid("age_unsaid", age=vote.age) if vote.age and not one.sure else None


def _place(one: Tap, got: Receipt | Refused) -> Answer:
    if isinstance(got, Refused):
        return got
    return url_for("voting.done", seq=got.seq, mark=got.mark, tablet="1" if one.tablet else None)


def _remembered(taps: Sequence[Tap], answers: list[Answer]) -> list[Answer]:
    """Who is refused may have been answered before, when the vote was open or the slip good; later ones count not."""
    refused = {place for place, answer in enumerate(answers)
               if isinstance(answer, Refused) and answer.status < 500 and answer.code != "came_before"}
    if not refused:
        return answers
    first = {one.row: place for place, one in reversed(list(enumerate(taps))) if place not in refused}
    try:
        with guard.transaction():
            earlier = idempotency.answers({taps[place].row for place in refused})
            told = {place: earlier[taps[place].row] for place in refused if taps[place].row in earlier
                    and first.get(taps[place].row, -1) < place and _still_true(earlier[taps[place].row], taps[place])}
    except Busy:                    # the others' votes are stored
        return [Busy("busy") if place in refused else answer for place, answer in enumerate(answers)]
    return [told.get(place, answer) for place, answer in enumerate(answers)]


def _still_true(answer: str, one: Tap) -> bool:
    """Whether the receipt is of a board that stands, and its vote not of other ticks than those sent now."""
    number, mark = RECEIPT.findall(answer)[0]
    found = queries.round_with(int(number), mark)
    if found is None:               # of a rehearsal, which is gone
        return False
    vote = queries.by_id(found.id)
    held = queries.ballot(vote, queries.tag_at(vote, int(number)))
    sent = choices(vote.method, one.names, one.star)
    return held is None or held.seq != int(number) or says(vote, held.choices, sent)
