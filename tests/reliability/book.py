"""What the voters wrote down, and the database held against it (the ledger rule, security.md 4.0)."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from ideathon.voting import codes, queries
from ideathon.voting.models import Ballot, CastKey
from tests.houses import House
from tests.voting import box


@dataclass
class Press:
    """One press on the button: written down before it is sent, and however often it is sent, one vote at most."""

    code: str
    key: str
    choices: tuple[str, ...]
    expect: int
    sent: float = 0.0           # when it was last sent, by the clock that the server has too
    times: int = 0
    outcome: str = "unknown"    # ok (stored), no (refused), unknown (no answer, or a 5xx)
    seq: int = 0                # the number on the receipt
    late: float = 0.0           # seconds from the first sending until the answer


@dataclass
class Book:
    """Every press of one round, by slip, in the order of the voter's presses."""

    presses: dict[str, list[Press]] = field(default_factory=lambda: defaultdict(list))
    replays: int = 0            # unknown at first, and then answered with a receipt of before the fault
    broken: int = 0             # sendings that got no answer, or a 5xx
    answers: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, press: Press) -> Press:
        """Written down before it is sent."""
        with self._lock:
            self.presses[press.code].append(press)
        return press

    def all(self) -> list[Press]:
        """Every press."""
        return [press for presses in self.presses.values() for press in presses]

    def count(self, outcome: str) -> int:
        """How many presses ended so."""
        return sum(press.outcome == outcome for press in self.all())


@dataclass
class Verdict:
    """What the database says to the book."""

    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def stands(self) -> None:
        """Nothing was lost, and nothing counts twice.

        Raises:
            AssertionError: something was, with the first of it.
        """
        assert not self.lost, (len(self.lost), self.lost[:5])
        assert not self.double, (len(self.double), self.double[:5])


def audit(house: House, book: Book) -> Verdict:
    """Every ok is there with the last content, every no is absent, every unknown at most once; the chain verifies."""
    verdict, entries = Verdict(), box.recount(house)
    with house.inside() as session:
        vote = queries.round_of(house.gathering().id)
        ballots = {row.tag: row for row in session.scalars(select(Ballot).where(Ballot.round_id == vote.id))}
        keys = {(row.tag, row.key): row.seq for row in session.scalars(select(CastKey))}
        board: dict[str, list[int]] = defaultdict(list)
        for seq, entry in enumerate(entries):
            if entry["kind"] == "vote":
                board[entry["tag"]].append(seq)
        tags = {code: codes.tag_of(vote.id, code) for code in book.presses}
        for code, presses in book.presses.items():
            tag = tags[code]
            stored = {press.key: keys[tag, press.key] for press in presses if (tag, press.key) in keys}
            _slip(presses, stored, ballots.get(tag), board[tag], verdict)
        strangers = set(ballots) - set(tags.values())
        verdict.double += [f"a ballot of a slip that nobody used: {tag}" for tag in strangers]
        counted = Counter(choice for row in ballots.values() for choice in row.choices)
        says = queries.votes(house.gathering().id)
        if says != {ref: counted[ref] for ref in says}:
            verdict.double.append(f"the count is {says}, the ballots say {dict(counted)}")
    verdict.figures = {"ok": book.count("ok"), "no": book.count("no"), "unknown": book.count("unknown"),
                       "on the board": sum(map(len, board.values())), "slips": len(ballots)}
    return verdict


def _slip(presses: list[Press], stored: dict[str, int], ballot: Any, board: list[int], verdict: Verdict) -> None:
    """One slip: what its voter was told, against what is stored (by key), counts, and stands on the board."""
    for press in presses:
        if press.outcome == "ok" and (stored.get(press.key) != press.seq or press.seq not in board):
            verdict.lost.append(f"{press} is stored as {stored.get(press.key)}, its slip has {board}")
        if press.outcome == "no" and press.key in stored:
            verdict.double.append(f"refused and yet stored: {press}")
    if sorted(stored.values()) != board:
        verdict.double.append(f"{board} on the board, by keys {stored}: {presses}")
    last = next((press for press in presses if board and stored.get(press.key) == board[-1]), None)
    counts = (ballot.seq, tuple(ballot.choices)) if ballot is not None else None
    if counts != ((board[-1], tuple(sorted(last.choices))) if last else None):
        verdict.lost.append(f"the last word is {last}, the ballot says {counts}")
