"""What anybody can check of a board: the same questions as static/verify/verify.py, asked by the program's own rules.

Nothing here reads a database. A board is ``{"form", "slips": [tags at the opening], "entries": [the opening, …]}``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ideathon.core import ballots

from . import board

Data = Mapping[str, Any]
FORM = "ideathon-board-2"
KINDS = frozenset({"open", "slips", "void", "vote", "paper", "hands", "account", "override", "close", "result"})
ONCE = ("open", "close", "result")
LEAST_MARK = 8          # hexadecimal digits of a head that name it


class Question(StrEnum):
    """What is asked of a board; the command has a sentence for each."""

    SHAPE = "shape"                 # opened once, closed once, ends with the result, nothing unknown
    SLIPS = "slips"                 # the list is the one that was fixed at the opening
    CREDENTIALS = "credentials"     # every vote by a good slip, no paper twice
    CLOSED = "closed"               # nothing after the close
    PAPERS = "papers"               # papers add up at every place, or it is said why not
    BALLOTS = "ballots"             # the result counts as many as the board holds
    TOTALS = "totals"               # … and its totals are possible
    HELD = "held"                   # the marks that the reader holds are on it
    PREFIX = "prefix"               # an older copy is its beginning
    OPENED = "opened"               # every ballot opened, each once
    ALLOWED = "allowed"             # … and well formed
    COUNTED = "counted"             # … and they give the totals


@dataclass
class Standing:
    """What a walk along the board leaves: the last word of every credential, and what was wrong on the way."""

    good: set[str]
    last: dict[str, str | None] = field(default_factory=dict)
    papers: Counter[str] = field(default_factory=Counter)
    strangers: int = 0

    def take(self, entry: Data) -> None:
        """One entry more."""
        kind = entry["kind"]
        if kind == "slips":
            self.good |= set(entry["tags"])
        elif kind == "void":
            self.good.discard(entry["tag"])
        elif kind == "vote":
            self.strangers += entry["tag"] not in self.good
            self.last[entry["tag"]] = entry["commit"]
        elif kind == "paper":
            self.strangers += not self._new_paper(entry["tag"])
            self.papers[entry["place"]] += 1
            self.last[entry["tag"]] = entry.get("commit")

    def _new_paper(self, tag: str) -> bool:
        return tag in self.good or (tag.startswith("paper:") and tag not in self.last)


def heads(entries: Sequence[Data]) -> list[str]:
    """The head after every entry."""
    found = [board.genesis(entries[0])]
    for entry in entries[1:]:
        found.append(board.link(found[-1], entry))
    return found


def form_of(rules: Data) -> ballots.BallotForm:
    """The ballot that the opening entry allows."""
    return ballots.BallotForm(rules["method"], tuple(rules["options"]), rules["min_choices"], rules["max_choices"],
                              costs=tuple(rules.get("costs", ())), budget=rules.get("budget", 0))


def answers(public: Data, held: Sequence[str] = (), previous: Data | None = None,
            openings: Data | None = None) -> Iterator[tuple[Question, bool]]:
    """Every question that the material allows, with whether it holds.

    Raises:
        KeyError, TypeError, ValueError and their kin: this is no board at all.
    """
    entries, slips = public["entries"], public["slips"]
    kinds, standing = [entry["kind"] for entry in entries], Standing(set(slips))
    for entry in entries:
        standing.take(entry)
    yield Question.SHAPE, _shaped(kinds)
    yield Question.SLIPS, (len(set(slips)) == len(slips) and entries[0]["slips"] == {
        "count": len(slips), "list": board.list_hash(slips)})
    yield Question.CREDENTIALS, not standing.strangers
    after = kinds[kinds.index("close"):] if "close" in kinds else kinds
    yield Question.CLOSED, not {"vote", "slips", "void"} & set(after)
    yield Question.PAPERS, all(_adds_up(entry, standing.papers) for entry in entries if entry["kind"] == "account")
    yield from _of_result(entries, standing)
    if held:
        marks = heads(entries)
        yield Question.HELD, all(len(mark) >= LEAST_MARK and _stands(mark, marks) for mark in held)
    if previous is not None:
        older = previous["entries"]
        yield Question.PREFIX, list(entries[:len(older)]) == list(older) and slips == previous["slips"]
    if openings is not None:
        yield from _of_openings(entries, standing, [(one["nonce"], one["choices"]) for one in openings["openings"]])


def annulled(public: Data) -> list[str]:
    """Why the vote was annulled, when it was; in the words of those who did it."""
    return [str(entry.get("why", "")) for entry in public["entries"] if entry["kind"] == "annul"]


def _stands(mark: str, heads_there: Sequence[str]) -> bool:
    return any(head.startswith(mark) for head in heads_there)


def _shaped(kinds: Sequence[str]) -> bool:
    return (set(kinds) <= KINDS and (kinds[0], kinds[-1]) == ("open", "result")
            and all(kinds.count(kind) == 1 for kind in ONCE))


def _adds_up(account: Data, papers: Mapping[str, int]) -> bool:
    whole = account["cast"] + account["spoiled"] + account["unused"]
    return account["cast"] == papers[account["place"]] and (account["issued"] == whole or bool(account["why"]))


def _hands(entries: Sequence[Data]) -> list[Data]:
    return [entry for entry in entries if entry["kind"] == "hands"]


def _of_result(entries: Sequence[Data], standing: Standing) -> Iterator[tuple[Question, bool]]:
    rules, result = entries[0], entries[-1]
    counted = sum(commit is not None for commit in standing.last.values())
    whole = counted + sum(entry["present"] for entry in _hands(entries))
    yield Question.BALLOTS, result.get("ballots") == whole
    most = whole * (2 if rules["method"] == "star" else 1)
    totals = result.get("totals", {})
    yield Question.TOTALS, set(totals) <= set(rules["options"]) and all(0 <= n <= most for n in totals.values())


def _of_openings(entries: Sequence[Data], standing: Standing,
                 opened: Sequence[tuple[str, Any]]) -> Iterator[tuple[Question, bool]]:
    made = sorted(board.commitment(nonce, board.canonical(choices)) for nonce, choices in opened)
    yield Question.OPENED, made == sorted(commit for commit in standing.last.values() if commit is not None)
    form = form_of(entries[0])
    yield Question.ALLOWED, all(not ballots.check(form, choices) for _, choices in opened)
    sums: Counter[str] = Counter()
    for entry in _hands(entries):
        sums.update(entry["totals"])
    for _, choices in opened:
        sums.update(choices if isinstance(choices, Mapping) else dict.fromkeys(choices, 1))
    yield Question.COUNTED, +sums == +Counter(entries[-1].get("totals", {}))


