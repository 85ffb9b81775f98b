"""What anybody can check of a board: the same questions as static/verify/verify.py, asked by the program's own rules.

Nothing here reads a database. A board is ``{"form", "slips": [tags at the opening], "entries": [the opening, …]}``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    SLIPS = "slips"                 # the list is the one that was fixed at the opening, and what was drawn later is new
    CREDENTIALS = "credentials"     # every vote by a good slip, and nobody speaks again who may not
    CLOSED = "closed"               # nothing after the close
    PAPERS = "papers"               # every place with papers has one account, which adds up or says why not
    HANDS = "hands"                 # hands were counted once at a place, and are as many as people can raise
    BALLOTS = "ballots"             # the result counts as many as the board holds
    TOTALS = "totals"               # … and its totals are possible
    HELD = "held"                   # the marks that the reader holds are on it
    PREFIX = "prefix"               # an older copy is its beginning
    OPENED = "opened"               # every ballot opened, each once
    ALLOWED = "allowed"             # … and well formed
    COUNTED = "counted"             # … and they give the totals


@dataclass
class Standing:
    """What a walk along the board leaves: the last word of every credential, and what was wrong on the way.

    A paper is the one and last word of its tag, whatever was said before or comes after; so is a vote where ``once``.
    """

    good: set[str]
    once: bool = False
    last: dict[str, str] = field(default_factory=dict)      # the commitment; "" of a paper that is void
    on_paper: set[str] = field(default_factory=set)
    papers: Counter[str] = field(default_factory=Counter)   # by their places
    drawn: list[str] = field(default_factory=list)          # slips after the opening
    void: set[str] = field(default_factory=set)
    strangers: int = 0

    def take(self, entry: Data) -> None:
        """One entry more."""
        kind = entry["kind"]
        if kind == "slips":
            self.drawn.extend(entry["tags"])
            self.good.update(entry["tags"])
        elif kind == "void":
            self.void.add(entry["tag"])
            self.good.discard(entry["tag"])
        elif kind in ("vote", "paper"):
            self.strangers += not (self._vote_counts(entry) if kind == "vote" else self._paper_counts(entry))
            self.last[entry["tag"]] = entry.get("commit", "")

    def _vote_counts(self, entry: Data) -> bool:
        tag, commit = entry["tag"], entry.get("commit")
        final = tag in self.on_paper or (self.once and tag in self.last)
        return isinstance(commit, str) and commit != "" and tag in self.good and not final

    def _paper_counts(self, entry: Data) -> bool:
        tag, again = entry["tag"], entry["tag"] in self.last
        self.on_paper.add(tag)
        self.papers[entry["place"]] += 1
        return not again and (tag in self.good or tag.startswith("paper:")) and isinstance(entry.get("commit", ""), str)

    @property
    def commits(self) -> list[str]:
        """The ballots that count."""
        return sorted(commit for commit in self.last.values() if commit)


def walked(public: Data) -> Standing:
    """What stands at the end of the board."""
    entries = public["entries"]
    standing = Standing(set(public["slips"]), once=entries[0].get("revote") is False)
    for entry in entries:
        standing.take(entry)
    return standing


def slips_told(public: Data) -> dict[str, int]:
    """How many slips were fixed at the opening, how many drawn later, and how many of both were made void."""
    standing = walked(public)
    return {"fixed": len(public["slips"]), "later": len(standing.drawn),
            "void": len(standing.void & {*public["slips"], *standing.drawn})}


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
    kinds, standing, marks = [entry["kind"] for entry in entries], walked(public), heads(entries)
    yield Question.SHAPE, _shaped(kinds)
    yield Question.SLIPS, len({*slips, *standing.drawn}) == len(slips) + len(standing.drawn) and _same(
        entries[0]["slips"], {"count": len(slips), "list": board.list_hash(slips)})
    yield Question.CREDENTIALS, not standing.strangers
    after = kinds[kinds.index("close"):] if "close" in kinds else kinds
    yield Question.CLOSED, not {"vote", "slips", "void"} & set(after)
    yield Question.PAPERS, _accounted([entry for entry in entries if entry["kind"] == "account"], standing.papers)
    yield Question.HANDS, _raised(entries[0], _hands(entries))
    yield from _of_result(entries, standing)
    if held:
        yield Question.HELD, all(len(mark) >= LEAST_MARK and _stands(mark, marks) for mark in held)
    if previous is not None:
        older = previous["entries"]
        yield Question.PREFIX, _same(entries[:len(older)], older) and slips == previous["slips"]
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


def _same(one: Any, other: Any) -> bool:
    """Whether both are hashed alike: to Python 1, 1.0 and True are equal."""
    return board.canonical(one) == board.canonical(other)


def _whole(numbers: Iterable[Any]) -> bool:
    return all(isinstance(number, int) and not isinstance(number, bool) and number >= 0 for number in numbers)


def _accounted(accounts: Sequence[Data], papers: Mapping[str, int]) -> bool:
    places = [account["place"] for account in accounts]
    return (set(papers) <= set(places) and len(set(places)) == len(places)
            and all(_adds_up(account, papers[account["place"]]) for account in accounts))


def _adds_up(account: Data, papers: int) -> bool:
    issued, cast, spoiled, unused, why = (account[name] for name in ("issued", "cast", "spoiled", "unused", "why"))
    if not isinstance(why, str):
        raise TypeError("why")
    return (_whole((issued, cast, spoiled, unused)) and cast == papers
            and (issued == cast + spoiled + unused or why != ""))


def _raised(rules: Data, shows: Sequence[Data]) -> bool:
    """As `hands.fits` lets them in, one show at each place."""
    return len({show["place"] for show in shows}) == len(shows) and all(
        rules["method"] == "approval" and _can_be(rules, show["present"], show["totals"]) for show in shows)


def _can_be(rules: Data, present: int, totals: Mapping[str, int]) -> bool:
    if set(totals) - set(rules["options"]) or not _whole([present, *totals.values()]) or present < 1:
        return False
    fewest, most = present * rules["min_choices"], present * rules["max_choices"]
    return max(totals.values(), default=0) <= present and fewest <= sum(totals.values()) <= most


def _hands(entries: Sequence[Data]) -> list[Data]:
    return [entry for entry in entries if entry["kind"] == "hands"]


def _of_result(entries: Sequence[Data], standing: Standing) -> Iterator[tuple[Question, bool]]:
    rules, result = entries[0], entries[-1]
    whole, counted = len(standing.commits) + sum(entry["present"] for entry in _hands(entries)), result.get("ballots")
    yield Question.BALLOTS, _whole([counted]) and counted == whole
    most = whole * (2 if rules["method"] == "star" else 1)
    totals = result.get("totals", {})
    yield Question.TOTALS, (set(totals) <= set(rules["options"]) and _whole(totals.values())
                            and max(totals.values(), default=0) <= most)


def _of_openings(entries: Sequence[Data], standing: Standing,
                 opened: Sequence[tuple[str, Any]]) -> Iterator[tuple[Question, bool]]:
    made = sorted(board.commitment(nonce, board.canonical(choices)) for nonce, choices in opened)
    yield Question.OPENED, made == standing.commits
    form = form_of(entries[0])
    yield Question.ALLOWED, all(not ballots.check(form, choices) for _, choices in opened)
    sums: Counter[str] = Counter()
    for entry in _hands(entries):
        sums.update(entry["totals"])
    for _, choices in opened:
        sums.update(choices)
    yield Question.COUNTED, +sums == +Counter(entries[-1].get("totals", {}))


