"""What the slips of a round say: many words are read and written at once, each judged as if it had come alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast as cast_to

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from ideathon.core import ballots
from ideathon.errors import Refused
from ideathon.extensions import db

from . import board, queries, slips, steps
from .models import Ballot, BoardEntry, CastKey, Round, Slip
from .queries import Receipt

Kept = list[str] | dict[str, int]
"""A ballot as it is stored."""

# Every vote runs these: built once, and past the ORM, they cost a third of what they would
ENTRY, _KEY, _BALLOT = (insert(cast_to(Table, model.__table__)).inline() for model in (BoardEntry, CastKey, Ballot))
_KLASS = select(Slip.klass).where(Slip.tag == bindparam("b_slip")).scalar_subquery()
BALLOT = _BALLOT.values(klass=func.coalesce(_KLASS, ""))
_CHANGE = (update(_BALLOT.table).where(_BALLOT.table.c.round_id == bindparam("b_round"),
                                       _BALLOT.table.c.tag == bindparam("b_tag"))
           .values(**{name: bindparam(name) for name in ("choices", "nonce", "seq", "shown")}))
_HEAD = (update(cast_to(Table, Round.__table__)).where(Round.__table__.c.id == bindparam("b_round"))
         .values(**{name: bindparam(name) for name in ("seq", "head", "voted")}))


class Changed(Refused):
    """The slip says something newer than the sender saw: ask, never overwrite."""

    status = 412


class NotABallot(Refused):
    """The choices do not form a ballot; ``problems`` says why."""

    status = 422

    def __init__(self, problems: Sequence[ballots.Problem]) -> None:
        super().__init__("not_a_ballot")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Word:
    """What one slip would say. ``expect`` is the number of its vote that its sender saw, 0 for none."""

    tag: str
    choices: ballots.Choices
    key: str
    expect: int


def key_id(vote: Round, word: Word) -> str:
    """The name under which the request is remembered."""
    return hashlib.sha256(f"{vote.id}\n{word.tag}\n{word.key}".encode()).hexdigest()


def well_formed(vote: Round, choices: ballots.Choices) -> Kept:
    """The choices as they are stored: names in order, or marks by name where an idea may have a star.

    Raises:
        NotABallot: they do not count.
    """
    form = queries.ballot_form(vote)
    if problems := ballots.check(form, choices):
        raise NotABallot(problems)
    kept = ballots.canonical(form, choices)
    return cast_to(Kept, kept) if isinstance(kept, dict) else list(kept)


def says(vote: Round, stored: Kept, choices: ballots.Choices) -> bool:
    """Whether what is stored of a ballot is these choices."""
    try:
        return well_formed(vote, choices) == stored
    except NotABallot:
        return False


def commitment(vote: Round, nonce: str, choices: Kept) -> str:
    """What the board shows of the ballot."""
    return board.commitment(nonce, ballots.canonical_bytes(queries.ballot_form(vote), choices))


class Urn:
    """The words of some slips: what stands is read first, all is written at the end. Counts on the round's row."""

    def __init__(self, vote: Round, words: Sequence[Word]) -> None:
        self.vote = vote
        self._stand, self._given = queries.stands(vote, {word.tag for word in words}, {key_id(vote, w) for w in words})
        self._fresh: set[str] = set()                       # tags that had said nothing before
        self._said: dict[str, dict[str, Any]] = {}          # the last word of each tag
        self._entries: list[dict[str, Any]] = []
        self._keys: list[dict[str, Any]] = []
        self._taken: list[steps.Taken] = []

    def take(self, word: Word) -> Receipt:
        """The slip says it now. The same key gets the same receipt for ever and changes nothing.

        Raises:
            Refused: "vote_closed"; "voted_on_paper"; "voted_already" where a vote cannot be changed.
            Changed: another phone was quicker, or this one, and its voter has changed the ticks since.
            NotABallot: too many, too few, unknown, twice.
        """
        if self.vote.state not in slips.TAKING:
            raise Refused("vote_closed")
        held, channel, said = self._stand.get(word.tag, (0, "phone", None))
        if earlier := self._given.get(key_id(self.vote, word)):
            if held != earlier.seq or says(self.vote, said, word.choices):
                return earlier
            if self.vote.revote:
                raise Changed("came_before")
        if channel != "phone":
            raise Refused("voted_on_paper")
        if held and not self.vote.revote:
            raise Refused("voted_already")
        if word.expect != held:
            raise Changed("changed_elsewhere")
        return self._store(word, well_formed(self.vote, word.choices), new=not held)

    def _store(self, word: Word, kept: Kept, *, new: bool) -> Receipt:
        vote, nonce = self.vote, secrets.token_hex(32)
        entry = {"kind": "vote", "tag": word.tag, "commit": commitment(vote, nonce, kept)}
        head = moved(vote, entry, new=new)
        self._entries.append({"round_id": vote.id, "seq": vote.seq, "entry": entry, "digest": head})
        self._said[word.tag] = {"choices": kept, "nonce": nonce, "seq": vote.seq,
                                "shown": queries.order_for(vote, word.tag) if vote.shuffled else None}
        if new:
            self._fresh.add(word.tag)
        self._stand[word.tag] = vote.seq, "phone", kept
        named = key_id(vote, word)
        self._keys.append({"id": named, "round_id": vote.id, "tag": word.tag, "key": word.key, "seq": vote.seq})
        self._taken.append(steps.Taken(vote.seq, vote.voted, head, new))
        self._given[named] = Receipt(vote.seq, head[:16])
        return self._given[named]

    def write(self, moment: datetime) -> None:
        """All that was taken stands in the database; the steps that were reached are told."""
        if not self._entries:
            return
        put(ENTRY, self._entries)
        put_head(self.vote)
        if fresh := [self._row(tag) for tag in self._said if tag in self._fresh]:
            put(BALLOT, fresh)
        if changed := [{"b_round": self.vote.id, "b_tag": tag, **said}      # overwritten in its own row (standard 25)
                       for tag, said in self._said.items() if tag not in self._fresh]:
            put(_CHANGE, changed)
        put(_KEY, self._keys)
        steps.tell_each(self.vote, self._taken, moment)

    def _row(self, tag: str) -> dict[str, Any]:
        return {"round_id": self.vote.id, "tag": tag, "channel": "phone", "place": "online", "state": "cast",
                "void_reason": "", "b_slip": tag, **self._said[tag]}


def moved(vote: Round, entry: dict[str, Any], *, new: bool) -> str:
    """The round is one entry further, in memory: `put_head` writes it. Gives the new head. Counts on its row."""
    step = {"seq": vote.seq + 1, "head": board.link(vote.head, entry), "voted": vote.voted + new}
    for name, value in step.items():
        set_committed_value(vote, name, value)
    return str(step["head"])


def put_head(vote: Round) -> None:
    """How far the board is stands in the round's row."""
    put(_HEAD, [{"b_round": vote.id, "seq": vote.seq, "head": vote.head, "voted": vote.voted}])


def put(statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Some rows by one of the statements above; one alone goes the shorter way."""
    db.session.connection().execute(statement, rows[0] if len(rows) == 1 else rows)
